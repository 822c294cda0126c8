import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'

describe('LOGIN', () => {
  it.each([
    ['LOGIN SMITH SESAME', 'SMITH', 'SESAME'],
    ['login fred@example.com "fat man"', 'fred@example.com', 'fat man'],
    ['LOGIN {11}\r\nFRED FOOBAR {7}\r\nfat man', 'FRED FOOBAR', 'fat man'],
    ['LOGIN {11+}\r\nFRED FOOBAR {7+}\r\nfat man', 'FRED FOOBAR', 'fat man'],
    ['LOGIN "a\\"b\\\\c" ]', 'a"b\\c', ']'],
    ['LOGIN "" ""', '', ''],
    ['LOGIN "zoë" "pässword"', 'zoë', 'pässword'],
    ['LOGIN user {0+}\r\n', 'user', ''],
    ['LOGIN user pass  ', 'user', 'pass'],
  ])('reads %j', (line, user, password) => {
    expect(bodyOf(line)).toEqual({ name: 'LOGIN', user, password })
  })

  it.each([
    ['LOGIN', 'BAD LOGIN: expected the user name, found the end of the command'],
    ['LOGIN user', 'BAD LOGIN: expected the password, found the end of the command'],
    ['LOGIN user ', 'BAD LOGIN: expected the password, found the end of the command'],
    ['LOGIN (user) pass', 'BAD LOGIN: expected the user name'],
    ['LOGIN  user pass', 'BAD LOGIN: expected the user name'],
    ['LOGIN user pass more', 'BAD LOGIN: expected the end of the command'],
    ['LOGIN "user pass', 'BAD LOGIN: the user name: expected a closing quotation mark'],
    ['LOGIN "us\\er" pass', 'BAD LOGIN: the user name: in a quoted string a backslash quotes only " and \\'],
    ['LOGIN "user"pass', 'BAD LOGIN: expected a space before the password'],
    ['LOGIN user\tpass', 'BAD LOGIN: expected a space before the password'],
    ['LOGIN user pa\0ss', 'BAD LOGIN: expected the end of the command'],
    ['LOGIN user "pa\0ss"', 'BAD LOGIN: the password: expected a closing quotation mark'],
    ['LOGIN user "pa\rss"', 'BAD LOGIN: the password: expected a closing quotation mark'],
    ['LOGIN user {4+}\r\np\0ss', 'BAD LOGIN: the password holds a NUL octet'],
    ['LOGIN user ~{4+}\r\npass', 'BAD LOGIN: expected the end of the command'],
    ['LOGIN user {x}', 'BAD LOGIN: expected the password'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })

  it('refuses text that is not UTF-8', () => {
    expect(problemOf(Buffer.from('LOGIN "user" "p\xe4ss"', 'latin1'))).toBe(
      'BAD LOGIN: the password is not valid UTF-8',
    )
  })

  it('never repeats a password in a problem', () => {
    for (const line of [
      'LOGIN user sesame"',
      'LOGIN user "sesame',
      'LOGIN user sesame sesame',
      'LOGINsesame',
      'LOGIN {1',
    ])
      expect(problemOf(line)).not.toContain('sesame')
  })
})
