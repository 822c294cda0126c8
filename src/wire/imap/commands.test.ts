import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf, receiveAll } from '../../../test/support/imap-receive.ts'

describe('commands without arguments', () => {
  it.each(['CAPABILITY', 'NOOP', 'LOGOUT', 'STARTTLS', 'NAMESPACE', 'CHECK', 'CLOSE', 'UNSELECT', 'IDLE'])(
    '%s is read in any case, and takes none',
    name => {
      expect(bodyOf(name)).toEqual({ name })
      expect(bodyOf(name.toLowerCase())).toEqual({ name })
      expect(bodyOf(`${name} `)).toEqual({ name })
      expect(problemOf(`${name} x`)).toBe(`BAD ${name}: expected the end of the command`)
    },
  )
})

describe('ID', () => {
  it.each([
    ['ID NIL', null],
    ['id nil', null],
    ['ID ()', []],
    [
      'ID ("name" "sodr" "version" NIL)',
      [
        ['name', 'sodr'],
        ['version', null],
      ],
    ],
    ['ID ({4+}\r\nname {1+}\r\nx)', [['name', 'x']]],
  ])('reads %j', (line, parameters) => {
    expect(bodyOf(line)).toEqual({ name: 'ID', parameters })
  })

  it.each([
    ['ID', 'BAD ID: expected the parameters, or NIL, found the end of the command'],
    ['ID "name"', 'BAD ID: expected the parameters in parentheses, or NIL'],
    ['ID ("name")', 'BAD ID: expected a space before the value of a parameter'],
    ['ID (~{4+}\r\nname "x")', 'BAD ID: the name of a parameter may not be sent as literal8'],
    ['ID ("name" x)', 'BAD ID: expected the value of a parameter'],
    ['ID ("name" "x"', 'BAD ID: expected a closing parenthesis behind the parameters, found the end of the command'],
    [`ID ("${'n'.repeat(31)}" "x")`, 'BAD ID: the name of a parameter has more than 30 octets'],
    [`ID ("name" "${'x'.repeat(1025)}")`, 'BAD ID: the value of a parameter has more than 1024 octets'],
    [`ID (${Array(31).fill('"a" "b"').join(' ')})`, 'NO [LIMIT] ID: more than 30 in the list of the parameters'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})

describe('ENABLE', () => {
  it('reads capabilities in upper case', () => {
    expect(bodyOf('ENABLE condstore X-GOOD-IDEA UTF8=ACCEPT')).toEqual({
      name: 'ENABLE',
      capabilities: ['CONDSTORE', 'X-GOOD-IDEA', 'UTF8=ACCEPT'],
    })
    expect(bodyOf('ENABLE IMAP4rev2 ')).toEqual({ name: 'ENABLE', capabilities: ['IMAP4REV2'] })
  })

  it.each([
    ['ENABLE', 'BAD ENABLE: expected a capability, found the end of the command'],
    ['ENABLE (CONDSTORE)', 'BAD ENABLE: expected a capability'],
    [`ENABLE${' X'.repeat(65)}`, 'NO [LIMIT] ENABLE: more than 64 capabilities'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})

describe('COMPRESS', () => {
  it('knows DEFLATE alone', () => {
    expect(bodyOf('compress deflate')).toEqual({ name: 'COMPRESS' })
    expect(problemOf('COMPRESS')).toBe('BAD COMPRESS: expected DEFLATE, found the end of the command')
    expect(problemOf('COMPRESS GZIP')).toBe('BAD COMPRESS: the only mechanism is DEFLATE')
  })
})

describe('GETQUOTA, GETQUOTAROOT and SETQUOTA', () => {
  it.each([
    ['GETQUOTA "!partition/sda4"', { name: 'GETQUOTA', root: '!partition/sda4' }],
    ['GETQUOTA ""', { name: 'GETQUOTA', root: '' }],
    ['GETQUOTAROOT inbox', { name: 'GETQUOTAROOT', mailbox: 'INBOX' }],
    ['SETQUOTA "#user/alice" (STORAGE 510 MESSAGE 7)', { name: 'SETQUOTA', root: '#user/alice' }],
    ['SETQUOTA "" ()', { name: 'SETQUOTA', root: '' }],
  ])('reads %j', (line, body) => {
    expect(bodyOf(line)).toEqual(body)
  })

  it.each([
    ['GETQUOTA', 'BAD GETQUOTA: expected the quota root, found the end of the command'],
    ['GETQUOTAROOT', 'BAD GETQUOTAROOT: expected the mailbox name, found the end of the command'],
    ['SETQUOTA ""', 'BAD SETQUOTA: expected the limits, found the end of the command'],
    ['SETQUOTA "" (STORAGE)', 'BAD SETQUOTA: expected a space before the limit of a resource'],
    ['SETQUOTA "" (STORAGE -1)', 'BAD SETQUOTA: expected the limit of a resource'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})

describe('a command line', () => {
  it.each([
    ['', null, 'expected a tag and a command, found the end of the command'],
    [' ', null, 'expected a tag and a command'],
    ['a', 'a', 'expected a command behind the tag, found the end of the command'],
    ['a ', 'a', 'expected a command behind the tag, found the end of the command'],
    ['a XPIG-LATIN', 'a', 'unknown command'],
    ['A044 BLURDYBLOOP', 'A044', 'unknown command'],
    ['a UID', 'a', 'UID: expected a command behind UID, found the end of the command'],
    ['a UID LIST "" *', 'a', 'UID: no such command goes with UID'],
    ['a+ NOOP', null, 'expected a tag and a command'],
    ['+ NOOP', null, 'expected a tag and a command'],
    ['* NOOP', null, 'expected a tag and a command'],
    ['"a" NOOP', null, 'expected a tag and a command'],
    ['tag(x NOOP', null, 'expected a tag and a command'],
    ['a  NOOP', 'a', 'expected a command behind the tag'],
    ['é NOOP', null, 'expected a tag and a command'],
    [`${'t'.repeat(257)} NOOP`, null, 'expected a tag and a command'],
    ['GET / HTTP/1.1', 'GET', 'expected a command behind the tag'],
    ['a __proto__', 'a', 'expected a command behind the tag'],
    ['a constructor', 'a', 'unknown command'],
    ['a NOOP\0', 'a', 'NOOP: expected the end of the command'],
    ['a NOOP\r', 'a', 'NOOP: expected the end of the command'],
    ['a\rb NOOP', null, 'expected a tag and a command'],
  ])('%j has the tag %j and is BAD: %s', (line, tag, text) => {
    expect(receiveAll(`${line}\r\n`)).toEqual([{ kind: 'problem', tag, type: 'BAD', code: null, text, fatal: false }])
  })

  it('may have any tag of the grammar', () => {
    const tag = "!#$&',-./09:;<=>?@AZ[]^_`az|}~"
    expect(receiveAll(`${tag} NOOP\r\n`)).toEqual([{ kind: 'command', command: { tag, body: { name: 'NOOP' } } }])
  })
})
