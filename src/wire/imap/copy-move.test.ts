import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'
import { STAR } from './command.ts'

describe('COPY and MOVE', () => {
  it.each([
    ['COPY 2:4 MEETING', { name: 'COPY', uid: false, set: [[2, 4]], mailbox: 'MEETING' }],
    ['UID COPY 1:* oldmail', { name: 'COPY', uid: true, set: [[1, STAR]], mailbox: 'oldmail' }],
    ['COPY $ "Other Messages"', { name: 'COPY', uid: false, set: '$', mailbox: 'Other Messages' }],
    ['uid move 42:69 foo', { name: 'MOVE', uid: true, set: [[42, 69]], mailbox: 'foo' }],
    ['MOVE 2 inbox', { name: 'MOVE', uid: false, set: [[2, 2]], mailbox: 'INBOX' }],
  ])('reads %j', (line, body) => {
    expect(bodyOf(line)).toEqual(body)
  })

  it.each([
    ['COPY', 'BAD COPY: expected the message set, found the end of the command'],
    ['COPY 1', 'BAD COPY: expected the mailbox name, found the end of the command'],
    ['UID MOVE * a b', 'BAD UID MOVE: expected the end of the command'],
    ['MOVE a b', 'BAD MOVE: expected the message set'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})

describe('EXPUNGE', () => {
  it('takes a set with UID, and none without', () => {
    expect(bodyOf('EXPUNGE')).toEqual({ name: 'EXPUNGE', set: null })
    expect(bodyOf('UID EXPUNGE 3000:3002')).toEqual({ name: 'EXPUNGE', set: [[3000, 3002]] })
    expect(bodyOf('UID EXPUNGE $')).toEqual({ name: 'EXPUNGE', set: '$' })
    expect(problemOf('EXPUNGE 1')).toBe('BAD EXPUNGE: expected the end of the command')
    expect(problemOf('UID EXPUNGE')).toBe('BAD UID EXPUNGE: expected the UID set, found the end of the command')
  })
})
