import { describe, expect, it } from 'vitest'
import { grouped, newTypedSecret, readTypedSecret } from './typed-secrets.ts'

describe('a secret that is typed', () => {
  it('is 20 characters of base32, another each time', () => {
    const secrets = Array.from({ length: 200 }, newTypedSecret)
    expect(new Set(secrets).size).toBe(200)
    expect(secrets.every(secret => /^[A-Z2-7]{20}$/.test(secret))).toBe(true)
    expect(new Set(secrets.join('')).size).toBe(32)
  })

  it.each([
    'ABCD EFGH IJKL MNOP QR27',
    'abcdefghijklmnopqr27',
    ' abcd-efgh-ijkl-mnop-qr27 ',
    'ABCD\u00a0EFGH\u00a0IJKL\u202fMNOP\tQR27',
  ])('is read as it was typed: %j', typed => {
    expect(readTypedSecret(typed)).toBe('ABCDEFGHIJKLMNOPQR27')
  })

  it.each([
    '',
    'ABCD EFGH IJKL MNOP QR2',
    'ABCD EFGH IJKL MNOP QR278',
    'ABCD EFGH IJKL MNOP QR28',
    'ÀBCD EFGH IJKL MNOP QR27',
  ])('is not %j', typed => expect(readTypedSecret(typed)).toBeNull())

  it('is shown in groups of four', () => {
    const secret = newTypedSecret()
    expect(grouped(secret)).toMatch(/^(?:[A-Z2-7]{4} ){4}[A-Z2-7]{4}$/)
    expect(readTypedSecret(grouped(secret, '-'))).toBe(secret)
  })
})
