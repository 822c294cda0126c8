/**
 * An article as HTML for the panel's page, filled in with the reader's values: they are put into the tokens, so the
 * renderer escapes them as it does the rest. No HTML of its own, no picture from elsewhere.
 */
import MarkdownIt, { type Token } from 'markdown-it'
import { applySections, PLACEHOLDER } from './article-source.ts'
import { type HelpValues, isValueName } from './values.ts'

export interface RenderedArticle {
  html: string
  /** The headings of the second level, in order. */
  contents: { id: string; title: string }[]
}

interface Filling {
  values: HelpValues
  standIns: HelpValues
}

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false }).disable(['image', 'autolink'])

/** `values`: known of this reader. `standIns`: words for what has to stand there and isn't known. */
export function renderArticle(source: string, values: HelpValues, standIns: HelpValues): RenderedArticle {
  const tokens = markdown.parse(applySections(source, values), {})
  const contents = nameHeadings(tokens)
  nameCells(tokens)
  const filling = { values, standIns }
  for (const token of tokens) {
    if (token.type === 'inline') for (const child of token.children ?? []) fill(child, filling)
    else if (token.type === 'fence') token.content = filled(token.content, filling)
  }
  return { html: markdown.renderer.render(tokens, markdown.options, {}), contents }
}

/** The texts of an article by section, for the index: the first has no heading. */
export function sectionsOf(source: string): { id: string | null; heading: string; text: string }[] {
  const sections: { id: string | null; heading: string; text: string }[] = [{ id: null, heading: '', text: '' }]
  // Without its marks, so that what holds for some readers is found by all.
  const tokens = markdown.parse(source.replaceAll(/\{\{[#^/][\w.]+\}\}/g, ''), {})
  const headings = nameHeadings(tokens)
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'heading_open' && token.tag === 'h2') {
      const heading = headings.shift()
      if (heading) sections.push({ id: heading.id, heading: heading.title, text: '' })
    } else if ((token.type === 'inline' && tokens[at - 1]?.tag !== 'h2') || token.type === 'fence')
      sections.at(-1)!.text += ` ${textOf(token)}`
  }
  return sections
}

const textOf = (token: Token): string =>
  token.children
    ? token.children.map(child => (child.type === 'softbreak' ? ' ' : child.content)).join('')
    : token.content

/** Gives each heading an id, so that the table of contents and a search can lead there. Gives those of the second level. */
function nameHeadings(tokens: Token[]): RenderedArticle['contents'] {
  const taken = new Set<string>()
  const contents: RenderedArticle['contents'] = []
  for (const [at, token] of tokens.entries()) {
    if (token.type !== 'heading_open') continue
    const title = textOf(tokens[at + 1]!)
    const base = slugOf(title)
    let id = base
    for (let n = 2; taken.has(id); n++) id = `${base}-${n}`
    taken.add(id)
    token.attrSet('id', id)
    if (token.tag === 'h2') contents.push({ id, title })
  }
  return contents
}

/** `Où ranger la copie` → `ou-ranger-la-copie`. */
function slugOf(title: string): string {
  const plain = title.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'section'
}

function fill(token: Token, filling: Filling): void {
  if (token.type === 'link_open') fillLink(token, filling)
  if (token.type !== 'text' && token.type !== 'code_inline') return
  const whole = /^\{\{([\w.]+)\}\}$/.exec(token.content)?.[1] ?? ''
  token.content = filled(token.content, filling)
  // What is to be typed somewhere: the page puts a button to copy it beside it.
  if (token.type === 'code_inline' && isValueName(whole) && filling.values[whole] !== undefined)
    token.attrSet('data-copy', '')
}

function filled(text: string, { values, standIns }: Filling): string {
  return text.replace(PLACEHOLDER, (_, name: string) =>
    isValueName(name) ? (values[name] ?? standIns[name] ?? '…') : '…',
  )
}

function fillLink(token: Token, filling: Filling): void {
  const written = String(token.attrGet('href') ?? '')
  // markdown-it has encoded the braces by now.
  const href = filled(written.replaceAll('%7B', '{').replaceAll('%7D', '}'), filling)
  const isArticle = /^[a-z0-9-]+$/.test(href)
  const isSafe = /^(?:https:\/\/|mailto:)/.test(href)
  token.attrSet('href', isArticle ? `/help/${href}` : isSafe ? markdown.normalizeLink(href) : '#')
  if (href.startsWith('https://')) token.attrSet('rel', 'noopener noreferrer')
}

/** The first cell of a row names it, and a heading of a column says so; an empty one names nothing. Cells know their column. */
function nameCells(tokens: Token[]): void {
  let isHead = false
  let cell = 0
  let names: string[] = []
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'thead_open') {
      isHead = true
      names = []
    }
    if (token.type === 'tbody_open') isHead = false
    if (token.type === 'tr_open') cell = 0
    if (token.type !== 'th_open' && token.type !== 'td_open') continue
    const text = textOf(tokens[at + 1]!)
    const isNamed = text !== ''
    if (isHead) names.push(text)
    // For a narrow page, where cells stand below each other.
    else if (cell > 0 && names.length > 2) token.attrSet('data-column', names[cell] ?? '')
    const tag = isHead ? (isNamed ? 'th' : 'td') : cell === 0 ? 'th' : 'td'
    token.tag = tag
    tokens[at + 2]!.tag = tag
    if (tag === 'th') token.attrSet('scope', isHead ? 'col' : 'row')
    cell++
  }
}

// Wide tables scroll by themselves, with the keyboard too.
markdown.renderer.rules.table_open = () => '<div class="help-table" tabindex="0"><table>\n'
markdown.renderer.rules.table_close = () => '</table></div>\n'
markdown.renderer.rules.fence = (tokens, at) =>
  `<pre tabindex="0"><code>${markdown.utils.escapeHtml(tokens[at]!.content)}</code></pre>\n`
