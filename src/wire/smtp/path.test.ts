import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePath } from './path.ts'

const address = (text: string): string | null => {
  const path = parsePath(text, 0)
  return path && path.end === text.length ? path.address : null
}

describe('a path', () => {
  it.each([
    ['<user@example.com>', 'user@example.com'],
    ['<>', ''],
    ['<Postmaster>', 'Postmaster'],
    ['<pOSTMASTER@example.com>', 'pOSTMASTER@example.com'],
    ["<!#$%&'*+-/=?^_`{|}~@example.com>", "!#$%&'*+-/=?^_`{|}~@example.com"],
    ['<user+tag@example.com>', 'user+tag@example.com'],
    ['<user@localhost>', 'user@localhost'],
    ['<user@xn--bcher-kva.example>', 'user@xn--bcher-kva.example'],
    ['<user@under_score.example>', 'user@under_score.example'],
    ['<user@1.2.3.example>', 'user@1.2.3.example'],
    ['<user@[192.0.2.1]>', 'user@[192.0.2.1]'],
    ['<user@[IPv6:2001:db8::1]>', 'user@[IPv6:2001:db8::1]'],
    ['<andré@bücher.example>', 'andré@bücher.example'],
  ])('%s is read', (text, expected) => {
    expect(address(text)).toBe(expected)
  })

  it.each([
    ['<"two words"@example.com>', '"two words"@example.com'],
    ['<"a@b"@example.com>', '"a@b"@example.com'],
    ['<"with \\" quote"@example.com>', '"with \\" quote"@example.com'],
    ['<"plain"@example.com>', 'plain@example.com'],
    ['<"p\\lain"@example.com>', 'plain@example.com'],
    ['<"dot."@example.com>', '"dot."@example.com'],
    ['<""@example.com>', '""@example.com'],
  ])('%s keeps the quotes it needs and no others (RFC 5321 §4.1.2)', (text, expected) => {
    expect(address(text)).toBe(expected)
  })

  it.each([
    ['<.user@example.com>', '".user"@example.com'],
    ['<user.@example.com>', '"user."@example.com'],
    ['<us..er@example.com>', '"us..er"@example.com'],
    ['<us.er@example.com>', 'us.er@example.com'],
  ])('%s gets the quotes it lacks, where clients give it (RFC 5321 §4.1.2)', (text, expected) => {
    expect(parsePath(text, 0, true)).toEqual({ address: expected, utf8: false, end: text.length })
  })

  it.each([
    ['<@relay.example:user@example.com>', 'user@example.com'],
    ['<@a.example,@b.example:user@example.com>', 'user@example.com'],
  ])('%s loses its source route (RFC 5321 appendix C)', (text, expected) => {
    expect(address(text)).toBe(expected)
  })

  it.each([
    'user@example.com',
    '<user@example.com',
    '<user>',
    '<@example.com>',
    '<user@>',
    '<us er@example.com>',
    '<user@exa mple.com>',
    '<user@@example.com>',
    '<a@b@example.com>',
    '<.user@example.com>',
    '<user.@example.com>',
    '<us..er@example.com>',
    '<user@.example.com>',
    '<user@example..com>',
    '<user@example.com.>',
    '<user@-example.com>',
    '<user@example-.com>',
    '<user@[192.0.2.300]>',
    '<user@[2001:db8::1]>',
    '<user@[IPv6:192.0.2.1]>',
    '<user@[X:what]>',
    '<"open@example.com>',
    '<"quote"d"@example.com>',
    '<user@example.com\0>',
    '<user\u200b@example.com>',
    '<user\u202e@example.com>',
    '<@relay.example:>',
    `<${'a'.repeat(250)}@example.com>`,
    `<user@${'a'.repeat(64)}.example>`,
  ])('%j is refused', text => {
    expect(address(text)).toBeNull()
  })

  it('never throws, and what it reads it reads again as the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>@."\\[]:,ab1-_ é'), maxLength: 24 }), text => {
        const path = parsePath(`<${text}>`, 0)
        if (path?.address) expect(parsePath(`<${path.address}>`, 0)?.address).toBe(path.address)
      }),
      { numRuns: 500 },
    )
  })
})
