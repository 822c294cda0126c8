import { describe, expect, it } from 'vitest'
import { bodyOf, problemOf } from '../../../test/support/imap-receive.ts'

describe('SORT', () => {
  it.each([
    [
      'SORT (SUBJECT REVERSE DATE) UTF-8 ALL',
      {
        name: 'SORT',
        uid: false,
        arguments: {
          criteria: [
            { by: 'SUBJECT', reverse: false },
            { by: 'DATE', reverse: true },
          ],
          charset: 'UTF-8',
          key: { key: 'ALL' },
          return: null,
        },
      },
    ],
    [
      'uid sort return () (reverse displayfrom) us-ascii text "x"',
      {
        name: 'SORT',
        uid: true,
        arguments: {
          criteria: [{ by: 'DISPLAYFROM', reverse: true }],
          charset: 'US-ASCII',
          key: { key: 'TEXT', text: 'x' },
          return: ['ALL'],
        },
      },
    ],
    [
      'SORT RETURN (MIN MAX) (ARRIVAL CC DISPLAYTO FROM SIZE TO) UTF-8 1:5',
      {
        name: 'SORT',
        uid: false,
        arguments: {
          criteria: ['ARRIVAL', 'CC', 'DISPLAYTO', 'FROM', 'SIZE', 'TO'].map(by => ({ by, reverse: false })),
          charset: 'UTF-8',
          key: { key: 'SET', set: [[1, 5]], uid: false },
          return: ['MIN', 'MAX'],
        },
      },
    ],
  ])('reads %j', (line, body) => {
    expect(bodyOf(line)).toEqual(body)
  })

  it.each([
    ['SORT', 'BAD SORT: expected the sort criteria, found the end of the command'],
    ['SORT SUBJECT UTF-8 ALL', 'BAD SORT: expected an opening parenthesis before the sort criteria'],
    ['SORT () UTF-8 ALL', 'BAD SORT: expected at least one in the list of the sort criteria'],
    ['SORT (COLOUR) UTF-8 ALL', 'BAD SORT: unknown sort criterion'],
    ['SORT (REVERSE) UTF-8 ALL', 'BAD SORT: unknown sort criterion'],
    ['SORT (DATE)', 'BAD SORT: expected the charset, found the end of the command'],
    ['SORT (DATE) UTF-8', 'BAD SORT: expected a search key, found the end of the command'],
    ['SORT (DATE) ALL', 'BAD SORT: expected a search key, found the end of the command'],
    ['SORT (DATE) X-FOO ALL', 'NO [BADCHARSET (UTF-8 US-ASCII)] SORT: unknown charset'],
    ['UID SORT RETURN (MIN)(DATE) UTF-8 ALL', 'BAD UID SORT: expected a space before the sort criteria'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})

describe('THREAD', () => {
  it.each([
    [
      'THREAD ORDEREDSUBJECT US-ASCII TEXT "gewp"',
      {
        name: 'THREAD',
        uid: false,
        algorithm: 'ORDEREDSUBJECT',
        charset: 'US-ASCII',
        key: { key: 'TEXT', text: 'gewp' },
      },
    ],
    [
      'uid thread references utf-8 since 5-MAR-2000',
      {
        name: 'THREAD',
        uid: true,
        algorithm: 'REFERENCES',
        charset: 'UTF-8',
        key: { key: 'SINCE', day: Date.UTC(2000, 2, 5) },
      },
    ],
  ])('reads %j', (line, body) => {
    expect(bodyOf(line)).toEqual(body)
  })

  it.each([
    ['THREAD', 'BAD THREAD: expected the algorithm, found the end of the command'],
    ['THREAD JWZ UTF-8 ALL', 'BAD THREAD: the algorithms are REFERENCES and ORDEREDSUBJECT'],
    ['THREAD REFERENCES', 'BAD THREAD: expected the charset, found the end of the command'],
    ['THREAD REFERENCES UTF-8', 'BAD THREAD: expected a search key, found the end of the command'],
  ])('refuses %j', (line, problem) => {
    expect(problemOf(line)).toBe(problem)
  })
})
