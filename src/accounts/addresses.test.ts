import { describe, expect, it } from 'vitest'
import { keptForm, parseAddress, parseDomain, readableForm, withoutTag } from './addresses.ts'

describe('an address', () => {
  it.each([
    ['Alice@Example.ORG', 'alice@example.org'],
    ['a.b+tag@example.org', 'a.b+tag@example.org'],
    ['"alice"@example.org', 'alice@example.org'],
    ['"A b"@example.org', '"a b"@example.org'],
    ['Élise@exämple.org', 'élise@xn--exmple-cua.org'],
    ['E\u0301lise@example.org', 'élise@example.org'],
    ['a@[192.0.2.1]', 'a@[192.0.2.1]'],
    ['a@[IPv6:2001:DB8::1]', 'a@[ipv6:2001:db8::1]'],
    ['a@ex%61mple.org', null],
    ['a@', null],
    ['@example.org', null],
    ['alice', null],
    ['a b@example.org', null],
    ['a..b@example.org', null],
    ['a@b@example.org', null],
    ['a@example.org>', null],
    ['a@-example.org', null],
    ['a\r\n@example.org', null],
    [`${'a'.repeat(300)}@example.org`, null],
  ])('%s is kept as %s', (text, kept) => {
    expect(parseAddress(text)?.address ?? null).toBe(kept)
  })

  it('keeps the case of its local part for hosts that tell them apart', () => {
    expect(parseAddress('Alice@Example.ORG')?.asWritten).toBe('Alice@example.org')
  })

  it('may have a tag', () => {
    const plain = (text: string): string | null => withoutTag(parseAddress(text)!)
    expect(plain('alice+news@example.org')).toBe('alice@example.org')
    expect(plain('alice+a+b@example.org')).toBe('alice@example.org')
    expect(plain('+alice@example.org')).toBeNull()
    expect(plain('"a +b"@example.org')).toBeNull()
    expect(plain('alice@example.org')).toBeNull()
  })
})

describe('a domain', () => {
  it.each([
    ['Example.ORG', 'example.org'],
    ['example.org.', 'example.org'],
    ['bench.test', 'bench.test'],
    ['localhost', 'localhost'],
    ['exämple.org', 'xn--exmple-cua.org'],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
    ['', null],
    ['.', null],
    ['a..b', null],
    ['-a.org', null],
    ['a_b.org', null],
    ['192.0.2.1', null],
    ['0x7f.1', null],
    ['１２７.0.0.1', null],
    ['[192.0.2.1]', null],
    ['exam ple.org', null],
    [`${'a'.repeat(64)}.org`, null],
    [`${'a.'.repeat(127)}org`, null],
  ])('%s is kept as %s', (text, kept) => {
    expect(parseDomain(text)).toBe(kept)
  })
})

describe('what is looked for', () => {
  it.each([
    [' Exämple.org ', 'xn--exmple-cua.org'],
    ['Jürgen@Müller.example', 'jürgen@xn--mller-kva.example'],
    ['@müller.example', '@xn--mller-kva.example'],
    ['Jürgen', 'jürgen'],
    ['Bob@', 'bob@'],
    ['a b@c d.é', 'a b@c d.é'],
    ['example.org', 'example.org'],
  ])('%s is looked for as %s', (typed, kept) => {
    expect(keptForm(typed)).toBe(kept)
  })

  it('is found as people read it too', () => {
    expect(readableForm('jürgen@xn--mller-kva.example')).toBe('jürgen@müller.example')
    expect(readableForm('xn--mller-kva.example')).toBe('müller.example')
    expect(readableForm('xn--@xn--0.example')).toBe('xn--@xn--0.example')
    expect(readableForm('bob@example.org')).toBe('bob@example.org')
  })
})
