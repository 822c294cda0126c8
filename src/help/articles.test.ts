/** The articles themselves, held to what the help centre promises: both languages alike, nothing unknown, no dead link. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { processorMsOf } from '../../test/support/processor-time.ts'
import { applySections, PLACEHOLDER, parseArticle } from './article-source.ts'
import { helpFolder, openHelpLibrary } from './library.ts'
import { renderArticle } from './markdown.ts'
import { type HelpValues, isValueName, standIns, valueNames } from './values.ts'

const languages = ['fr', 'en'] as const
const filesOf = (language: string): string[] => readdirSync(path.join(helpFolder, language)).toSorted()
const slugs = filesOf('fr').map(file => file.replace(/\.md$/, ''))
const articles = languages.flatMap(language =>
  slugs.map(slug => ({
    language,
    slug,
    source: parseArticle(slug, readFileSync(path.join(helpFolder, language, `${slug}.md`), 'utf8')),
  })),
)
const find = (language: string, slug: string) =>
  articles.find(article => article.language === language && article.slug === slug)!.source

const everything = Object.fromEntries(
  valueNames.map(name => [name, name.endsWith('.url') ? `https://${name}/` : `value-of-${name}`]),
) as HelpValues
/** Known of everybody, so they may stand outside of a condition. */
const always = new Set(
  'address imap.host imap.port imap.security smtp.host smtp.port smtp.security panel.url'.split(' '),
)

it('are there in both languages, and nothing else is', () => {
  expect(filesOf('en')).toEqual(filesOf('fr'))
  expect(filesOf('fr').filter(file => !/^[a-z0-9-]+\.md$/.test(file))).toEqual([])
  expect(slugs.length).toBeGreaterThanOrEqual(20)
})

const known = Object.fromEntries(Object.entries(everything).filter(([name]) => always.has(name) && name !== 'address'))

describe.each(slugs)('%s', slug => {
  const [fr, en] = [find('fr', slug), find('en', slug)]
  const marks = (markdown: string): string[] => [...markdown.matchAll(/\{\{[#^/]?[\w.]+\}\}/g)].map(([mark]) => mark)
  const links = (markdown: string): string[] => [...markdown.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!)

  it('has the same place, values, links and headings in both languages', () => {
    expect([en.topic, en.order]).toEqual([fr.topic, fr.order])
    expect(marks(en.markdown)).toEqual(marks(fr.markdown))
    expect(links(en.markdown).toSorted()).toEqual(links(fr.markdown).toSorted())
    const shape = (markdown: string): string[] =>
      [...markdown.matchAll(/^(?:#{1,3} |\d+\. |- |> |\|)/gm)].map(([m]) => m)
    expect(shape(en.markdown)).toEqual(shape(fr.markdown))
  })

  it('names values that are known, and conditions that end', () => {
    for (const mark of marks(fr.markdown)) expect(isValueName(mark.replace(/[{}#^/]/g, '')), mark).toBe(true)
    const opened = marks(fr.markdown).filter(mark => /[#^]/.test(mark))
    const closed = marks(fr.markdown).filter(mark => mark.includes('/'))
    expect(closed.map(mark => mark.slice(3))).toEqual(opened.map(mark => mark.slice(3)))
  })

  it('shows nothing that may be missing without a condition', () => {
    const rest = applySections(fr.markdown, {})
    const shown = [...rest.matchAll(PLACEHOLDER)].map(([, name]) => name!)
    expect(shown.filter(name => !always.has(name))).toEqual([])
  })

  it('leads to articles that exist', () => {
    const own = links(fr.markdown).filter(target => !target.includes(':') && !target.includes('{{'))
    expect(own.filter(target => !slugs.includes(target))).toEqual([])
  })

  it.each(languages)('is rendered whole in %s, with and without values', language => {
    const { markdown } = find(language, slug)
    for (const values of [everything, known]) {
      const { html, contents } = renderArticle(markdown, values, standIns[language])
      expect(html).not.toMatch(/\{\{|\}\}|%7B|undefined|href="#"/)
      for (const { id } of contents) expect(html).toContain(` id="${id}"`)
      expect(new Set(contents.map(({ id }) => id)).size).toBe(contents.length)
    }
  })

  it('is short, and says in one line what it is about', () => {
    for (const { summary, title, markdown } of [fr, en]) {
      expect(title.length).toBeLessThanOrEqual(60)
      expect(summary.length).toBeLessThanOrEqual(170)
      expect(markdown.split(/\s+/).length).toBeLessThan(950)
      expect(markdown).not.toMatch(/^# /m)
    }
  })
})

describe('French typography', () => {
  const prose = (text: string): string =>
    text
      .replace(/^---\n[\s\S]*?\n---\n/, head =>
        head.replace(/^(?:keywords|topic|order): .*$/gm, '').replace(/^\w+: /gm, ''),
      )
      .replace(/```[\s\S]*?```|`[^`]*`|\{\{[^}]*\}\}|\]\([^)]*\)/g, 'x')

  it.each(slugs)('%s keeps its marks with their words', slug => {
    const text = prose(readFileSync(path.join(helpFolder, 'fr', `${slug}.md`), 'utf8'))
    expect(
      text.match(/.{0,20}(?: [;:!?»](?![-|])|« |[\p{L})][;!?»](?:\s|$)|[\p{L})]:(?:\s|$)|«[^\u00a0]).{0,20}/gu),
    ).toBeNull()
    expect(text.match(/.{0,20}['"].{0,20}/g)).toBeNull()
  })

  it.each(slugs)('%s has curled quotes in English too', slug => {
    expect(
      prose(readFileSync(path.join(helpFolder, 'en', `${slug}.md`), 'utf8')).match(/.{0,20}['"].{0,20}/g),
    ).toBeNull()
  })
})

describe('the library', () => {
  const library = openHelpLibrary()

  it('lists by topic, in order', () => {
    const list = library.list('fr')
    expect(list.map(({ slug }) => slug).slice(0, 5)).toEqual([
      'first-steps',
      'webmail',
      'imap-or-pop',
      'set-up',
      'set-up-outlook',
    ])
    expect(new Set(list.map(({ topic, order }) => `${topic} ${order}`)).size).toBe(list.length)
  })

  it('gives an article with the values of its reader', () => {
    const values = { address: 'alice@example.org', 'imap.host': 'mail.example.org' }
    const { rendered } = library.article('fr', 'set-up', values)!
    expect(rendered.html).toContain('<code data-copy="">alice@example.org</code>')
    expect(rendered.html).toContain('<code data-copy="">mail.example.org</code>')
    expect(library.article('fr', '../../package', {})).toBeNull()
  })

  it('says "your full address" to whoever is not known', () => {
    expect(library.article('fr', 'set-up', {})!.rendered.html).toContain('<code>votre adresse complète</code>')
    expect(library.article('en', 'set-up', {})!.rendered.html).toContain('<code>your full address</code>')
  })

  it.each([
    ['fr', 'mot de passe oublié', 'forgotten-password'],
    ['fr', 'MOT DE PASSE OUBLIE', 'forgotten-password'],
    ['fr', 'oublier', 'forgotten-password'],
    ['fr', '550 5.1.1', 'error-messages'],
    ['fr', 'iphone', 'set-up-iphone'],
    ['fr', 'thunderbrid', 'set-up-thunderbird'],
    ['fr', 'spam', 'marked-as-spam'],
    ['fr', 'vacances', 'auto-reply'],
    ['fr', 'sauvegarder pst', 'backup'],
    ['fr', 'mail dans indésirables', 'marked-as-spam'],
    ['fr', 'webmail', 'webmail'],
    ['fr', 'copie cachée automatique', 'automatic-copy'],
    ['fr', 'différence imap pop', 'imap-or-pop'],
    ['fr', 'boite pleine', 'mailbox-full'],
    ['fr', 'destinataire pas reçu', 'not-received'],
    ['en', 'forgot password', 'forgotten-password'],
    ['en', 'message too big', 'error-messages'],
    ['en', 'out of office', 'auto-reply'],
    ['en', 'spf record', 'spf'],
    ['en', 'mx', 'domain-dns'],
    ['en', 'qr code', 'set-up-iphone'],
  ] as const)('finds in %s for “%s” first %s', (language, words, slug) => {
    expect(library.search(language, words)[0]?.article.slug).toBe(slug)
  })

  it('leads to the part that fits', () => {
    expect(library.search('fr', '552 5.3.4')[0]?.section?.title).toBe('Le message est trop gros')
    expect(library.search('fr', '5.7.0 limit')[0]?.section?.title).toBe('Vous avez envoyé trop de messages')
  })

  it('finds nothing for nothing, and takes no time for much', () => {
    expect(library.search('fr', '')).toEqual([])
    expect(library.search('fr', 'de la')).toEqual([])
    expect(library.search('fr', '\0\u{1f600}"*?')).toEqual([])
    expect(processorMsOf(() => library.search('fr', 'message '.repeat(10_000)))).toBeLessThan(500)
  })
})
