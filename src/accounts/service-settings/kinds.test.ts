import { describe, expect, it } from 'vitest'
import { catalogue, settingKeys } from './catalogue.ts'
import * as kinds from './kinds.ts'

describe('a setting of the service', () => {
  it.each(settingKeys)('%s takes what holds where nothing is set, as JSON', key => {
    const { kind, fallback } = catalogue[key]
    expect(kind.read(JSON.parse(JSON.stringify(fallback)))).toEqual(fallback)
  })
})

describe('kinds', () => {
  it.each([
    ['  Courrier  ', 'Courrier'],
    ['x'.repeat(81), undefined],
    ['', undefined],
    ['a\r\nBcc: b@example.org', undefined],
    ['a\u2028b', undefined],
    ['a\u202eb', undefined],
    [7, undefined],
  ])('text: %j is read as %j', (value, read) => {
    expect(kinds.text(80).read(value)).toBe(read)
  })

  it.each([
    ['Support@Example.ORG', 'support@example.org'],
    ['support', undefined],
    ['a@example.org\r\nX: y', undefined],
    ['a@example.org, b@example.org', undefined],
  ])('address: %j is read as %j', (value, read) => {
    expect(kinds.address.read(value)).toBe(read)
  })

  it.each([
    [8, 8],
    ['12', 12],
    [7, undefined],
    [65, undefined],
    [8.5, undefined],
    ['8.5', undefined],
    ['', undefined],
    [Number.NaN, undefined],
  ])('number: %j is read as %j', (value, read) => {
    expect(kinds.number(8, 64, 'characters').read(value)).toBe(read)
  })

  it('an optional one is empty for null and for an empty text', () => {
    const kind = kinds.optional(kinds.host)
    expect([kind.read(null), kind.read(''), kind.read('Mail.Example.org'), kind.read('a b')]).toEqual([
      null,
      null,
      'mail.example.org',
      undefined,
    ])
  })
})

describe('servers', () => {
  const server = { name: 'Serveur 2', url: 'https://mail2.example.org', domains: ['example.org'] }

  it('are read from JSON and from its text, in one form', () => {
    const written = [{ ...server, url: 'https://MAIL2.example.org:443/', domains: ['Exämple.org'] }]
    const read = [{ ...server, domains: ['xn--exmple-cua.org'] }]
    expect(kinds.servers.read(written)).toEqual(read)
    expect(kinds.servers.read(JSON.stringify(written))).toEqual(read)
    expect(kinds.servers.read([])).toEqual([])
  })

  it.each([
    ['a scheme that asks for passwords in the clear', { url: 'http://mail2.example.org' }],
    ['a script', { url: 'javascript:alert(1)' }],
    ['a user in the URL', { url: 'https://mail.example.org@evil.example' }],
    ['a path', { url: 'https://mail2.example.org/go?to=x' }],
    ['no URL', { url: 'mail2.example.org' }],
    ['a name of two lines', { name: 'a\nb' }],
    ['no domain', { domains: ['not a domain'] }],
    ['a domain twice', { domains: ['example.org', 'EXAMPLE.org'] }],
    ['an unknown member', { colour: 'red' }],
  ])('are refused with %s', (_, change) => {
    expect(kinds.servers.read([{ ...server, ...change }])).toBeUndefined()
  })

  it('are refused where two are one, or too many', () => {
    expect(kinds.servers.read([server, { ...server, domains: [] }])).toBeUndefined()
    const many = Array.from({ length: 21 }, (_, at) => ({ name: 'x', url: `https://m${at}.example.org`, domains: [] }))
    expect(kinds.servers.read(many)).toBeUndefined()
    expect(kinds.servers.read(many.slice(1))).toHaveLength(20)
  })
})
