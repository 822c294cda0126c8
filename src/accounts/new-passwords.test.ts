import { describe, expect, it } from 'vitest'
import { NewPasswords } from './new-passwords.ts'
import { verifyPassword } from './passwords.ts'

const passwords = new NewPasswords({ current: async () => ({ minPasswordCharacters: 10 }) as never })
const address = 'alice.example@example.org'

describe('a new password', () => {
  it.each([
    ['too short', 'password-too-short'],
    ['é'.repeat(600), 'password-too-long'],
    ['two lines\r\nof it', 'password-characters'],
    ['alice.example@example.org', 'password-is-address'],
    ['Alice.Example@EXAMPLE.org', 'password-is-address'],
    ['alice.example', 'password-is-address'],
    ['ALICE.example', 'password-is-address'],
  ])('%j is refused as %s', async (password, code) => {
    await expect(passwords.hash(password, address)).rejects.toMatchObject({ code, values: { field: 'password' } })
  })

  it.each(['alice.example2', 'alice.example@example.com', '"alice.example"'])('%j is taken', async password => {
    expect(await verifyPassword(password, await passwords.hash(password, address))).toBe(true)
  })
})
