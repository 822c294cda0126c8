import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { newCodeSecret, setUpOf, stepOf } from './codes.ts'

/** RFC 6238, appendix B: SHA-1, of the eight digits there the last six. */
const rfcSecret = Buffer.from('12345678901234567890')
const vectors: [seconds: number, code: string][] = [
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
]

describe('a code', () => {
  it.each(vectors)('at %d s is %s', (seconds, code) => {
    expect(stepOf(rfcSecret, code, seconds * 1000)).toBe(Math.floor(seconds / 30))
  })

  it('is taken one step early and one late, and belongs to its own step', () => {
    const [seconds, code] = vectors[2]!
    const step = Math.floor(seconds / 30)
    for (const [off, expected] of [
      [-60_000, null],
      [-30_000, step],
      [30_000, step],
      [60_000, null],
    ] as const)
      expect(stepOf(rfcSecret, code, seconds * 1000 + off)).toBe(expected)
  })

  it('is read with the space that apps show in its middle', () => {
    expect(stepOf(rfcSecret, ' 050 471 ', 1111111111_000)).toBe(37037037)
  })

  it.each(['', '05047', '0504711', 'abcdef', '٠٥٠٤٧١', '-50471', '05047e'])('is not %j', text => {
    expect(stepOf(rfcSecret, text, 1111111111_000)).toBeNull()
  })
})

describe('setting up', () => {
  it('gives an address that says whose codes they are, and a secret of 160 bits', () => {
    const secret = newCodeSecret()
    const { uri, secret: base32 } = setUpOf(secret, { issuer: 'Mail: Facteur', address: 'alice@example.org' })
    expect(base32).toMatch(/^[A-Z2-7]{32}$/)
    const url = new URL(uri)
    expect(url.protocol).toBe('otpauth:')
    expect(decodeURIComponent(url.pathname)).toBe('/Mail  Facteur:alice@example.org')
    expect(url.searchParams.get('issuer')).toBe('Mail  Facteur')
    const code = new TOTP({ secret: Secret.fromBase32(base32) }).generate({ timestamp: 1_800_000_000_000 })
    expect(stepOf(secret, code, 1_800_000_000_000)).toBe(60_000_000)
  })
})
