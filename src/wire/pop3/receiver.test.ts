import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DISCARDED_BYTES, LINE_BYTES } from './limits.ts'
import { type Received, Receiver } from './receiver.ts'

/** Everything that comes of the pieces; a fatal problem ends it. */
function receive(...pieces: (string | Uint8Array)[]): Received[] {
  const receiver = new Receiver()
  const all: Received[] = []
  for (const piece of pieces) {
    receiver.push(typeof piece === 'string' ? Buffer.from(piece) : piece)
    for (let got = receiver.next(); got.kind !== 'need-more'; got = receiver.next()) {
      all.push(got)
      if (got.kind === 'problem' && got.fatal) return all
    }
  }
  return all
}
const command = (line: string): unknown => {
  const [got] = receive(`${line}\r\n`)
  if (got?.kind === 'command') return got.command
  return got?.kind === 'problem' ? got.text : got
}

describe('commands', () => {
  it.each([
    ['USER alice@example.org', { name: 'USER', user: 'alice@example.org' }],
    ['user élise', { name: 'USER', user: 'élise' }],
    ['USER', 'USER needs a user name'],
    ['PASS  two  spaces ', { name: 'PASS', password: ' two  spaces ' }],
    ['PASS ', 'PASS needs a password'],
    ['AUTH', { name: 'AUTH', mechanism: null, initial: null }],
    ['AUTH plain', { name: 'AUTH', mechanism: 'PLAIN', initial: null }],
    ['AUTH PLAIN =', { name: 'AUTH', mechanism: 'PLAIN', initial: new Uint8Array() }],
    ['AUTH PLAIN AGEAYg==', { name: 'AUTH', mechanism: 'PLAIN', initial: Buffer.from('\0a\0b') }],
    ['AUTH PLAIN AGEAYg', 'The response is not valid base64'],
    ['AUTH PLAIN AGEAYg== x', 'AUTH takes a mechanism and an initial response at most'],
    ['AUTH {}', 'AUTH takes a mechanism and an initial response at most'],
    ['stat', { name: 'STAT' }],
    ['STAT ', { name: 'STAT' }],
    ['STAT 1', 'STAT takes no argument'],
    ['LIST', { name: 'LIST', message: null }],
    ['LIST 12', { name: 'LIST', message: 12 }],
    ['LIST 1 2', 'LIST takes one message number or none'],
    ['UIDL -1', 'UIDL takes one message number or none'],
    ['RETR 1', { name: 'RETR', message: 1 }],
    ['RETR 0', { name: 'RETR', message: 0 }],
    ['RETR', 'RETR takes one message number'],
    ['RETR 1.5', 'RETR takes one message number'],
    ['RETR 9999999999', 'RETR takes one message number'],
    ['DELE x', 'DELE takes one message number'],
    ['TOP 1 0', { name: 'TOP', message: 1, lines: 0 }],
    ['TOP 1 99999999999999999999', { name: 'TOP', message: 1, lines: 1e20 }],
    ['TOP 1', 'TOP takes a message number and a number of lines'],
    ['TOP 1 2 3', 'TOP takes a message number and a number of lines'],
    ['XTND XMIT', 'Unknown command'],
    ['constructor', 'Unknown command'],
    ['', 'Unknown command'],
    ['USER a\0b', 'The command has a NUL in it'],
  ])('%j', (line, expected) => {
    expect(command(line)).toEqual(expected)
  })

  it('have to be UTF-8', () => {
    expect(receive(Buffer.from('USER \xe9\r\n', 'latin1'))).toEqual([
      { kind: 'problem', text: 'The command is not valid UTF-8', fatal: false },
    ])
  })

  it('may end with LF alone', () => {
    expect(receive('NOOP\nNOOP\r\n').map(({ kind }) => kind)).toEqual(['command', 'command'])
  })
})

describe('lines', () => {
  it('outside commands are taken as they are', () => {
    const receiver = new Receiver()
    receiver.expectLine()
    receiver.push(Buffer.from('AGEAYg==\r\nNOOP\r\n'))
    expect(receiver.next()).toEqual({ kind: 'line', line: Buffer.from('AGEAYg==') })
    expect(receiver.next()).toEqual({ kind: 'command', command: { name: 'NOOP' } })
  })

  it('that are too long are refused whole, and the next one is heard', () => {
    const tooLong = { kind: 'problem', text: `The line is longer than ${LINE_BYTES} octets`, fatal: false }
    const noop = { kind: 'command', command: { name: 'NOOP' } }
    for (const length of [LINE_BYTES, LINE_BYTES + 1, DISCARDED_BYTES - 10])
      expect(receive(`${'x'.repeat(length)}\r\nNOOP\r\n`)).toEqual([tooLong, noop])
    expect(receive('x'.repeat(LINE_BYTES), 'NOOP', '\r\nNOOP\r\n')).toEqual([tooLong, noop])
  })

  it('that never end are given up', () => {
    const flood = Array.from({ length: 80 }, () => 'x'.repeat(1000))
    expect(receive(...flood)).toEqual([{ kind: 'problem', text: 'The line does not end', fatal: true }])
  })

  it('before STLS are forgotten', () => {
    const receiver = new Receiver()
    receiver.push(Buffer.from('STLS\r\nUSER mallory\r\nPA'))
    receiver.next()
    receiver.reset()
    expect(receiver.next()).toEqual({ kind: 'need-more' })
    receiver.push(Buffer.from('NOOP\r\n'))
    expect(receiver.next()).toEqual({ kind: 'command', command: { name: 'NOOP' } })
  })
})

describe('any bytes', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .array(
        fc.constantFrom(
          'USER a',
          'PASS b c',
          'AUTH PLAIN AGEAYg==',
          'LIST',
          'TOP 1 2',
          '\r\n',
          '\n',
          '\r',
          ' ',
          '\0',
          'é',
        ),
        { maxLength: 60 },
      )
      .map(parts => Buffer.from(parts.join(''))),
  )

  it('give the same however they are split, and no error', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.nat({ max: 300 }), { maxLength: 8 }), (input, cuts) => {
        const points = [0, ...cuts.map(cut => Math.min(cut, input.length)).sort((a, b) => a - b), input.length]
        const pieces = points.slice(1).map((end, i) => input.subarray(points[i], end))
        expect(receive(...pieces)).toEqual(receive(input))
      }),
      { numRuns: 500 },
    )
  })
})
