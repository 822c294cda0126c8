import { describe, expect, it } from 'vitest'
import { hashPassword, needsRehash, verifyPassword } from './passwords.ts'

const quick = { memory: 64, passes: 1, parallelism: 1 }

describe('a password', () => {
  it('is kept as a PHC string with its own salt', async () => {
    const [one, two] = [await hashPassword('correct horse'), await hashPassword('correct horse')]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(one).not.toBe(two)
    expect(await verifyPassword('correct horse', one)).toBe(true)
    expect(await verifyPassword('correct horsf', one)).toBe(false)
  })

  it("verifies against the reference implementation's hash", async () => {
    // argon2 -id of the reference library: password "password", salt "somesalt", m=64, t=2, p=1 (its test.c).
    const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    expect(await verifyPassword('password', hash)).toBe(true)
    expect(await verifyPassword('differentpassword', hash)).toBe(false)
  })

  it('is the same from every keyboard (RFC 8265)', async () => {
    const hash = await hashPassword('caf\u00e9 noir', quick)
    expect(await verifyPassword('cafe\u0301\u00a0noir', hash)).toBe(true)
    expect(await verifyPassword('cafe noir', hash)).toBe(false)
  })

  it('is hashed anew when the parameters have changed', async () => {
    expect(needsRehash(await hashPassword('x', quick))).toBe(true)
    expect(needsRehash(await hashPassword('x', quick), quick)).toBe(false)
  })

  it.each([
    '',
    'plain text',
    '$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2i$v=19$m=64,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=64,t=2,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  ])('is wrong where the stored hash is damaged: %s', async hash => {
    expect(await verifyPassword('password', hash)).toBe(false)
    expect(needsRehash(hash)).toBe(true)
  })
})
