/**
 * An article as it is written: Markdown with a head of `key: value` lines between two lines of dashes. Parts that hold
 * only where a value is known stand between `{{#name}}` and `{{/name}}`, those for where it isn't between `{{^name}}` and
 * `{{/name}}`; `{{name}}` is the value.
 */
import { type HelpValues, isValueName } from './values.ts'

export const topics = ['start', 'devices', 'mail', 'account', 'domain'] as const
export type Topic = (typeof topics)[number]

export interface ArticleSource {
  /** Name of its file, and of its page. */
  slug: string
  title: string
  summary: string
  topic: Topic
  /** Among those of its topic. */
  order: number
  /** Words people search for that the text may not have. */
  keywords: string
  markdown: string
}

/** Throws where the head is not whole: articles are ours, so that is a defect. */
export function parseArticle(slug: string, text: string): ArticleSource {
  const [, head, markdown] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? []
  if (head === undefined || markdown === undefined) throw new Error(`${slug}: no head`)
  const fields = new Map(
    head.split('\n').map(line => {
      const colon = line.indexOf(': ')
      return [line.slice(0, colon), line.slice(colon + 2).trim()]
    }),
  )
  const field = (name: string): string => {
    const value = fields.get(name)
    if (!value) throw new Error(`${slug}: the head has no ${name}`)
    return value
  }
  const topic = topics.find(name => name === field('topic'))
  if (!topic) throw new Error(`${slug}: there is no topic ${field('topic')}`)
  const order = Number(field('order'))
  return { slug, title: field('title'), summary: field('summary'), topic, order, keywords: field('keywords'), markdown }
}

const SECTION = /\{\{([#^])([\w.]+)\}\}(\n?)([\s\S]*?)\{\{\/\2\}\}(\n?)/g

/** Without the parts that don't hold, and without the marks of those that do. They are not nested. */
export function applySections(markdown: string, values: HelpValues): string {
  return markdown.replace(SECTION, (_, kind: string, name: string, lineEnd: string, inner: string, last: string) => {
    const isKnown = isValueName(name) && values[name] !== undefined
    // Marks on lines of their own take their line ends along.
    if (isKnown !== (kind === '#')) return lineEnd === '' ? last : ''
    return lineEnd === '' ? inner + last : inner
  })
}

export const PLACEHOLDER = /\{\{([\w.]+)\}\}/g
