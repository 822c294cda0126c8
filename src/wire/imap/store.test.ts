import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'
import { Flag } from '../../store/types.ts'
import { SystemFlag } from './flags.ts'

const store = (rest: object) => ({
  name: 'STORE',
  uid: false,
  set: [[1, 1]],
  mode: 'replace',
  silent: false,
  flags: { system: 0, keywords: [] },
  unchangedSince: null,
  ...rest,
})

describe('STORE', () => {
  it.each([
    ['STORE 1 FLAGS ()', store({})],
    ['STORE 2:4 +FLAGS (\\Deleted)', store({ set: [[2, 4]], mode: 'add', flags: { system: 8, keywords: [] } })],
    [
      'uid store 1 -flags.silent (\\Answered \\SEEN $Work $work)',
      store({ uid: true, mode: 'remove', silent: true, flags: { system: 3, keywords: ['$Work'] } }),
    ],
    ['STORE 1 FLAGS \\Flagged \\Draft Foo', store({ flags: { system: 20, keywords: ['Foo'] } })],
    ['STORE 1 FLAGS \\Seen ', store({ flags: { system: 1, keywords: [] } })],
    ['STORE 1 FLAGS (\\Recent)', store({})],
    [
      'STORE $ +FLAGS.Silent (\\Deleted)',
      store({ set: '$', mode: 'add', silent: true, flags: { system: 8, keywords: [] } }),
    ],
    [
      'STORE 1 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($MDNSent)',
      store({ mode: 'add', silent: true, unchangedSince: 0, flags: { system: 0, keywords: ['$MDNSent'] } }),
    ],
    [
      'UID STORE 6,4,8 (UNCHANGEDSINCE 12121230045) +FLAGS (\\Deleted)',
      store({
        uid: true,
        set: [
          [6, 6],
          [4, 4],
          [8, 8],
        ],
        mode: 'add',
        unchangedSince: 12121230045,
        flags: { system: 8, keywords: [] },
      }),
    ],
  ])('reads %j', (line, body) => {
    expect(bodyOf(line)).toEqual(body)
  })

  it.each([
    ['STORE', 'BAD STORE: expected the message set, found the end of the command'],
    ['STORE 1', 'BAD STORE: expected FLAGS, found the end of the command'],
    ['STORE 1 FLAGS', 'BAD STORE: expected FLAGS, +FLAGS or -FLAGS, with .SILENT or without'],
    ['STORE 1 FLAGS ', 'BAD STORE: expected a keyword, found the end of the command'],
    ['STORE 1 *FLAGS (\\Seen)', 'BAD STORE: expected FLAGS, +FLAGS or -FLAGS, with .SILENT or without'],
    ['STORE 1 FLAGS.LOUD (\\Seen)', 'BAD STORE: expected FLAGS, +FLAGS or -FLAGS, with .SILENT or without'],
    [
      'STORE 1 FLAGS (\\Seen',
      'BAD STORE: expected a closing parenthesis behind the flags, found the end of the command',
    ],
    ['STORE 1 FLAGS (\\)', 'BAD STORE: expected the name of a system flag behind the backslash'],
    ['STORE 1 FLAGS (\\*)', 'BAD STORE: expected the name of a system flag behind the backslash'],
    ['STORE 1 FLAGS (\\Foo)', 'BAD STORE: only \\Seen, \\Answered, \\Flagged, \\Deleted and \\Draft are system flags'],
    ['STORE 1 FLAGS "Foo"', 'BAD STORE: expected a keyword'],
    [`STORE 1 FLAGS ${'f'.repeat(256)}`, 'NO [LIMIT] STORE: a keyword of more than 255 octets'],
    [`STORE 1 FLAGS${' f'.repeat(129)}`, 'NO [LIMIT] STORE: more than 128 flags'],
    [`STORE 1 FLAGS (${Array(129).fill('f').join(' ')})`, 'NO [LIMIT] STORE: more than 128 in the list of the flags'],
    ['STORE 1 () FLAGS (\\Seen)', 'BAD STORE: expected at least one in the list of the modifiers'],
    ['STORE 1 (CHANGEDSINCE 1) FLAGS ()', 'BAD STORE: expected UNCHANGEDSINCE, once, as modifier'],
    ['STORE 1 (UNCHANGEDSINCE x) FLAGS ()', 'BAD STORE: expected the mod-sequence'],
    ['STORE 1 (UNCHANGEDSINCE 1 UNCHANGEDSINCE 1) FLAGS ()', 'BAD STORE: expected UNCHANGEDSINCE, once, as modifier'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })

  it('uses the bits the store keeps', () => {
    expect(SystemFlag).toEqual(Flag)
  })
})
