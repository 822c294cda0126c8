import { describe, expect, it } from 'vitest'
import { applySections, parseArticle } from './article-source.ts'
import { renderArticle } from './markdown.ts'

const html = (source: string, values = {}): string => renderArticle(source, values, {}).html

describe('conditions', () => {
  it.each([
    ['a\n{{#webmail.url}}\nb\n{{/webmail.url}}\nc', 'a\nb\nc', 'a\nc'],
    ['a\n{{^webmail.url}}\nb\n{{/webmail.url}}\nc', 'a\nc', 'a\nb\nc'],
    ['a{{#webmail.url}} b{{/webmail.url}}\nc', 'a b\nc', 'a\nc'],
  ])('%j', (source, known, unknown) => {
    expect(applySections(source, { 'webmail.url': 'x' })).toBe(known)
    expect(applySections(source, {})).toBe(unknown)
  })
})

describe('values', () => {
  const evil = `"><script>alert(1)</script>[x](javascript:alert(1)) **b** {{imap.host}}`

  it('are text, whatever is in them', () => {
    const page = html('{{address}} `{{address}}` [{{address}}]({{panel.url}})', {
      address: evil,
      'panel.url': 'javascript:alert(1)',
    })
    expect(page).not.toMatch(/<script|<b>|<strong>|href="javascript/)
    expect(page).toContain('&lt;script&gt;')
    expect(page).toContain('href="#"')
    expect(page).toContain('{{imap.host}}')
  })

  it('stand in links and code fences too', () => {
    expect(html('[a]({{panel.url}})', { 'panel.url': 'https://mail.example.org:8443' })).toContain(
      '<a href="https://mail.example.org:8443" rel="noopener noreferrer">a</a>',
    )
    expect(html('[a](mailto:{{support.address}})', { 'support.address': 'help@example.org' })).toContain(
      '<a href="mailto:help@example.org">',
    )
    expect(html('```\n{{imap.host}}\n```', { 'imap.host': 'a<b' })).toContain('a&lt;b')
  })

  it('can be copied where they stand alone in code, and are known', () => {
    expect(html('`{{imap.host}}` `x {{imap.host}}` {{imap.host}}', { 'imap.host': 'h' })).toBe(
      '<p><code data-copy="">h</code> <code>x h</code> h</p>\n',
    )
    expect(html('`{{imap.host}}` {{nonsense}}')).toBe('<p><code>…</code> …</p>\n')
  })
})

describe('an article', () => {
  it('has no HTML of its own, nor pictures', () => {
    expect(html('<b onclick="x">a</b> ![x](https://example.org/x.png)')).not.toMatch(/<b|<img/)
  })

  it('names its headings, each once, and links to others of its kind', () => {
    const { html, contents } = renderArticle('## Où ça ?\n## Où ça\n### Là\n[a](set-up)', {}, {})
    expect(contents).toEqual([
      { id: 'ou-ca', title: 'Où ça ?' },
      { id: 'ou-ca-2', title: 'Où ça' },
    ])
    expect(html).toContain('<h3 id="la">')
    expect(html).toContain('<a href="/help/set-up">')
  })

  it('has tables that a screen reader can read', () => {
    expect(html('| | IMAP |\n|---|---|\n| Port | 993 |').replaceAll('\n', '')).toBe(
      '<div class="help-table" tabindex="0"><table><thead><tr><td></td><th scope="col">IMAP</th></tr></thead><tbody><tr><th scope="row">Port</th><td>993</td></tr></tbody></table></div>',
    )
  })

  it('has cells that know their column where there are several', () => {
    const table = html('| | IMAP | SMTP |\n|---|---|---|\n| Port | 993 | 465 |')
    expect(table).toContain('<td data-column="IMAP">993</td>')
    expect(table).toContain('<td data-column="SMTP">465</td>')
  })

  it('has a head that is whole', () => {
    expect(() => parseArticle('x', 'text')).toThrow('no head')
    expect(() => parseArticle('x', '---\ntitle: a\n---\n')).toThrow('topic')
  })
})
