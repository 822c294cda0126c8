import pg from 'pg'
import { expect, it } from 'vitest'
import { asMeant } from './pg-channels.ts'

const passwordIn = (url: string): unknown => new pg.Client(asMeant(url)).password

it.each([
  ['one two', 'one two'],
  ['a %2F %3F %40%25 %23', 'a / ? @% #'],
  ['a%20%2F', 'a /'],
])('reads the password %s as it is meant', (written, meant) => {
  expect(passwordIn(`postgres://facteur:${written}@localhost/facteur`)).toBe(meant)
})

it('takes sslmode=require for verify-full, unless the address says otherwise', () => {
  expect(asMeant('postgres://a@b/c?sslmode=require')).toBe('postgres://a@b/c?sslmode=verify-full')
  const weaker = 'postgres://a@b/c?sslmode=require&uselibpqcompat=true'
  expect(asMeant(weaker)).toBe(weaker)
})
