import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'

const select = (mailbox: string, condstore: boolean, qresync: object | null = null) => ({
  name: 'SELECT',
  arguments: { mailbox, condstore, qresync },
})

describe('SELECT and EXAMINE', () => {
  it.each([
    ['SELECT inbox', select('INBOX', false)],
    ['SELECT "/archive/projects/experiment-iv"', select('/archive/projects/experiment-iv', false)],
    ['select {5+}\r\niNbOx ', select('INBOX', false)],
    ['SELECT INBOX (CONDSTORE)', select('INBOX', true)],
    [
      'SELECT INBOX (QRESYNC (67890007 7 41,43:211,214:541))',
      select('INBOX', false, {
        uidValidity: 67890007,
        modseq: 7,
        knownUids: [
          [41, 41],
          [43, 211],
          [214, 541],
        ],
        sequenceMatch: null,
      }),
    ],
    // RFC 7162 §3.2.5.2, with a mod-sequence beyond what is counted here.
    [
      'SELECT INBOX (QRESYNC (67890007 90060115194045000 1:29997 (5000,7500,9990:9999 15000,22500,29970)))',
      select('INBOX', false, {
        uidValidity: 67890007,
        modseq: Number.MAX_SAFE_INTEGER,
        knownUids: [[1, 29997]],
        sequenceMatch: {
          sequences: [
            [5000, 5000],
            [7500, 7500],
            [9990, 9999],
          ],
          uids: [
            [15000, 15000],
            [22500, 22500],
            [29970, 29970],
          ],
        },
      }),
    ],
    [
      'SELECT x (CONDSTORE QRESYNC (1 2 (1 1)))',
      select('x', true, {
        uidValidity: 1,
        modseq: 2,
        knownUids: null,
        sequenceMatch: { sequences: [[1, 1]], uids: [[1, 1]] },
      }),
    ],
    // Outside of the grammar (RFC 7162 §7), from clients that remember no mod-sequence yet.
    [
      'SELECT x (QRESYNC (1 0))',
      select('x', false, { uidValidity: 1, modseq: 0, knownUids: null, sequenceMatch: null }),
    ],
    ['EXAMINE blurdybloop', { ...select('blurdybloop', false), name: 'EXAMINE' }],
  ])('reads %j', (line, body) => {
    expect(bodyOf(line)).toEqual(body)
  })

  it.each([
    ['SELECT', 'BAD SELECT: expected the mailbox name, found the end of the command'],
    ['EXAMINE', 'BAD EXAMINE: expected the mailbox name, found the end of the command'],
    ['SELECT INBOX CONDSTORE', 'BAD SELECT: expected an opening parenthesis before the parameters'],
    ['SELECT INBOX ()', 'BAD SELECT: expected at least one in the list of the parameters'],
    ['SELECT INBOX (ANNOTATE)', 'BAD SELECT: expected CONDSTORE or QRESYNC, once each, as parameters'],
    [
      'SELECT INBOX (QRESYNC (1 1) QRESYNC (1 1))',
      'BAD SELECT: expected CONDSTORE or QRESYNC, once each, as parameters',
    ],
    ['SELECT INBOX (QRESYNC)', 'BAD SELECT: expected a space before the QRESYNC values'],
    ['SELECT INBOX (QRESYNC 1 1)', 'BAD SELECT: expected an opening parenthesis before the QRESYNC values'],
    ['SELECT INBOX (QRESYNC (0 1))', 'BAD SELECT: expected the UIDVALIDITY from 1 to 4294967295'],
    ['SELECT INBOX (QRESYNC (4294967296 1))', 'BAD SELECT: expected the UIDVALIDITY from 1 to 4294967295'],
    [
      'SELECT INBOX (QRESYNC (1 9223372036854775808))',
      'BAD SELECT: expected the mod-sequence from 0 to 9223372036854775807',
    ],
    ['SELECT INBOX (QRESYNC (1))', 'BAD SELECT: expected a space before the mod-sequence'],
    ['SELECT INBOX (QRESYNC (1 1 1:*))', 'BAD SELECT: "*" is not allowed in the known UIDs'],
    ['SELECT INBOX (QRESYNC (1 1 $))', 'BAD SELECT: expected the known UIDs'],
    [
      'SELECT INBOX (QRESYNC (1 1 1:5 1:5))',
      'BAD SELECT: expected an opening parenthesis before the known sequence numbers',
    ],
    ['SELECT INBOX (QRESYNC (1 1 (1:5)))', 'BAD SELECT: expected a space before their UIDs'],
    [
      'SELECT INBOX (QRESYNC (1 1 (1:5 1:5))',
      'BAD SELECT: expected a closing parenthesis behind the parameters, found the end of the command',
    ],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})
