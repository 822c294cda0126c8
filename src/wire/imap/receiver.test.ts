import { describe, expect, it } from 'vitest'
import { heldHeapBytes } from '../../../test/support/held-memory.ts'
import { type ReceiveOptions, receiveAll } from '../../../test/support/imap-receive.ts'
import type { Received } from './command.ts'
import { DEFAULT_LIMITS, DISCARDED_BYTES, DISCARDED_BYTES_BEFORE_SIGN_IN } from './limits.ts'
import { createReceiver } from './receiver.ts'

const noop = (tag: string): Received => ({ kind: 'command', command: { tag, body: { name: 'NOOP' } } })
const problem = (
  tag: string | null,
  type: 'BAD' | 'NO',
  code: string | null,
  text: string,
  fatal = false,
): Received => ({
  kind: 'problem',
  tag,
  type,
  code,
  text,
  fatal,
})
const CONTINUE: Received = { kind: 'continue' }
const NEED_MORE: Received = { kind: 'need-more' }
const deleted = (tag: string, mailbox: string): Received => ({
  kind: 'command',
  command: { tag, body: { name: 'DELETE', mailbox } },
})
const receiver = (options: ReceiveOptions = {}) => {
  const created = createReceiver({ ...DEFAULT_LIMITS, ...options.limits })
  if (options.authenticated ?? true) created.setAuthenticated()
  return { created, push: (text: string) => created.push(Buffer.from(text, 'latin1')), next: () => created.next() }
}

describe('lines', () => {
  it('end with LF, whether or not a CR is before it', () => {
    expect(receiveAll('a NOOP\r\nb NOOP\nc NOOP\r\n')).toEqual([noop('a'), noop('b'), noop('c')])
    expect(receiveAll('a DELETE {1+}\nx\nb NOOP\n')).toEqual([deleted('a', 'x'), noop('b')])
  })

  it('come out one at a time, each when asked for', () => {
    const { created, push, next } = receiver()
    push('a NOOP\r\nb NOOP\r\nc NO')
    expect(created.buffered).toBe(20)
    expect(next()).toEqual(noop('a'))
    expect(created.buffered).toBe(12)
    expect(next()).toEqual(noop('b'))
    expect(next()).toEqual(NEED_MORE)
    expect(created.buffered).toBe(0)
    push('OP\r\n')
    expect(next()).toEqual(noop('c'))
  })

  it('that are too long are BAD once, and the next command is in step', () => {
    const options = { limits: { lineBytes: 20 } }
    const tooLong = problem('tag', 'BAD', null, 'the command line is longer than 20 octets')
    expect(receiveAll(`tag DELETE ${'x'.repeat(7)}\r\nb NOOP\r\n`, options)).toEqual([
      deleted('tag', 'x'.repeat(7)),
      noop('b'),
    ])
    expect(receiveAll(`tag DELETE ${'x'.repeat(8)}\r\nb NOOP\r\n`, options)).toEqual([tooLong, noop('b')])
    expect(receiveAll(`tag DELETE ${'x'.repeat(5000)}\nb NOOP\n`, options)).toEqual([tooLong, noop('b')])
  })

  it('that are too long by all the lines of a command count together', () => {
    expect(receiveAll('a RENAME {1+}\r\nx {1+}\r\ny\r\nb NOOP\r\n', { limits: { lineBytes: 20 } })).toEqual([
      problem('a', 'BAD', null, 'the command line is longer than 20 octets'),
      noop('b'),
    ])
  })

  it('that are too long and end with a literal: its octets are no commands', () => {
    const options = { limits: { lineBytes: 20 } }
    const tooLong = problem('a', 'BAD', null, 'the command line is longer than 20 octets')
    expect(receiveAll(`a DELETE ${'x'.repeat(99)} {8+}\r\nx NOOP\r\n\r\nb NOOP\r\n`, options)).toEqual([
      tooLong,
      noop('b'),
    ])
    expect(receiveAll(`a DELETE ${'x'.repeat(99)} {8}\r\nb NOOP\r\n`, options)).toEqual([tooLong, noop('b')])
  })

  it('without a tag that fits are answered without one', () => {
    expect(receiveAll(`${'x'.repeat(50)}\r\n`, { limits: { lineBytes: 20 } })).toEqual([
      problem(null, 'BAD', null, 'the command line is longer than 20 octets'),
    ])
  })

  it('are not kept when they do not end', () => {
    const { created, next } = receiver()
    const chunk = Buffer.alloc(65_536, 'x')
    const before = heldHeapBytes()
    for (let sent = 0; sent < 100 * 1024 * 1024; sent += chunk.length) {
      created.push(chunk)
      expect(next().kind).toBe('need-more')
    }
    expect(heldHeapBytes() - before).toBeLessThan(50 * 1024 * 1024)
  })

  it('without end cost the connection', () => {
    const { created, next } = receiver()
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    let received: Received = NEED_MORE
    let sent = 0
    while (received.kind === 'need-more' && sent <= DISCARDED_BYTES + 2 * chunk.length) {
      created.push(chunk)
      sent += chunk.length
      received = next()
    }
    expect(received).toEqual(problem(null, 'BAD', null, 'the command line is longer than 65536 octets', true))
    expect(sent).toBeGreaterThan(DISCARDED_BYTES)
    created.push(Buffer.from('\r\na NOOP\r\n'))
    expect(next()).toEqual(NEED_MORE)
    expect(created.buffered).toBe(0)
  })
})

describe('a synchronising literal', () => {
  it('is asked for once, and then waited for', () => {
    const { push, next } = receiver()
    push('a DELETE {3}\r\n')
    expect(next()).toEqual(CONTINUE)
    expect(next()).toEqual(NEED_MORE)
    push('a')
    expect(next()).toEqual(NEED_MORE)
    push('bc')
    expect(next()).toEqual(NEED_MORE)
    push('\r\n')
    expect(next()).toEqual(deleted('a', 'abc'))
  })

  it.each([
    ['a BLURDYBLOOP {102856}', problem('a', 'BAD', null, 'unknown command')],
    ['a UID NOOP {5}', problem('a', 'BAD', null, 'UID: no such command goes with UID')],
    ['{5}', problem(null, 'BAD', null, 'expected a tag and a command')],
    ['a LOGIN {65537}', problem('a', 'NO', 'LIMIT', 'the literals of a command may hold 65536 octets together')],
    // RFC 5182 §2.1: the "$" that was to be set is empty after NO.
    [
      'a UID SEARCH RETURN (MIN SAVE) TEXT {65537}',
      {
        ...problem('a', 'NO', 'LIMIT', 'the literals of a command may hold 65536 octets together'),
        emptiesResult: true,
      },
    ],
    [
      'a SEARCH RETURN (PARTIAL -1:-10 SAVE) TEXT {65537}',
      {
        ...problem('a', 'NO', 'LIMIT', 'the literals of a command may hold 65536 octets together'),
        emptiesResult: true,
      },
    ],
    ['a APPEND x {101}', problem('a', 'NO', 'TOOBIG', 'the literals of one APPEND may hold 100 octets together')],
    ['a append x ~{101}', problem('a', 'NO', 'TOOBIG', 'the literals of one APPEND may hold 100 octets together')],
    [
      'a uid replace 1 x {101}',
      problem('a', 'NO', 'TOOBIG', 'the literals of one UID REPLACE may hold 100 octets together'),
    ],
    [
      'a APPEND x UTF8 (~{4294967296}',
      problem('a', 'NO', 'TOOBIG', 'the literals of one APPEND may hold 100 octets together'),
    ],
    [
      'a APPEND x {9223372036854775808}',
      problem('a', 'BAD', null, 'the size of the literal is not a number of 63 bits'),
    ],
    [
      'a APPEND x {99999999999999999999}',
      problem('a', 'BAD', null, 'the size of the literal is not a number of 63 bits'),
    ],
  ])('that can only fail is answered instead: %s', (line, answer) => {
    expect(receiveAll(`${line}\r\nb NOOP\r\n`, { limits: { appendBytes: 100 } })).toEqual([answer, noop('b')])
  })

  it('takes no memory before it comes', () => {
    const { push, next } = receiver()
    const before = process.memoryUsage().arrayBuffers
    push('a APPEND x {36700160}\r\n')
    expect(next()).toEqual(CONTINUE)
    expect(next()).toEqual(NEED_MORE)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024)
  })
})

describe('a literal', () => {
  it.each(['{}', '{x}', '{-1+}', '{1 +}', '{1++}', '{+}', '{0x5}'])('with a malformed size is none: %s', marker => {
    expect(receiveAll(`a DELETE ${marker}\r\nb NOOP\r\n`)).toEqual([
      problem('a', 'BAD', null, 'DELETE: expected the mailbox name'),
      noop('b'),
    ])
  })

  it('within quotation marks that do not close is read as one, and BAD', () => {
    expect(receiveAll('a DELETE "x{3+}\r\nabc\r\nb NOOP\r\n')).toEqual([
      problem('a', 'BAD', null, 'DELETE: the mailbox name: expected a closing quotation mark'),
      noop('b'),
    ])
  })

  it('of 20 MB in small pieces comes together in linear time', () => {
    const { created, push, next } = receiver()
    const size = 20 * 1024 * 1024
    const message = Buffer.alloc(size, 'line of text\r\n')
    push(`a APPEND x {${size}}\r\n`)
    expect(next()).toEqual(CONTINUE)
    for (let at = 0; at < size; at += 1024) {
      created.push(message.subarray(at, at + 1024))
      expect(next().kind).toBe('need-more')
    }
    push('\r\n')
    const received = next()
    expect(
      received.kind === 'command' &&
        received.command.body.name === 'APPEND' &&
        message.equals(received.command.body.messages[0]?.bytes ?? Buffer.alloc(0)),
    ).toBe(true)
  })

  it('of many pieces pushed before they are read comes together, too', () => {
    const { created, next } = receiver()
    const size = 100_000
    created.push(Buffer.from(`a APPEND x {${size}+}\r\n`))
    for (let sent = 0; sent < size; sent++) created.push(Buffer.from('x'))
    created.push(Buffer.from('\r\n'))
    expect(next().kind).toBe('command')
    expect(created.buffered).toBe(0)
  })

  it('is a copy: what the socket does with its buffer later does not matter', () => {
    const { created, next } = receiver()
    const chunk = Buffer.from('a APPEND x {5+}\r\nhello\r\n')
    created.push(chunk)
    const received = next()
    chunk.fill(0)
    expect(received).toMatchObject({ command: { body: { messages: [{ bytes: Buffer.from('hello') }] } } })
  })
})

describe('a literal sent without asking', () => {
  const options = { limits: { appendBytes: 10, literalBytes: 10 } }
  const tooBig = problem('a', 'NO', 'TOOBIG', 'the literals of one APPEND may hold 10 octets together')

  it('that is too large is passed over, and answered when the command has ended', () => {
    const { push, next } = receiver(options)
    push('a APPEND x {16+}\r\nx NOOP\r\n')
    expect(next()).toEqual(NEED_MORE)
    push('y NOOP\r\n')
    expect(next()).toEqual(NEED_MORE)
    push('\r\nb NOOP\r\n')
    expect(next()).toEqual(tooBig)
    expect(next()).toEqual(noop('b'))
  })

  it('is counted with the others of its command', () => {
    expect(receiveAll('a APPEND x {6+}\r\nabcdef {5+}\r\nabcde\r\nb NOOP\r\n', options)).toEqual([tooBig, noop('b')])
    expect(receiveAll('a LOGIN {6+}\r\nabcdef {5+}\r\nabcde\r\nb NOOP\r\n', options)).toEqual([
      problem('a', 'NO', 'LIMIT', 'the literals of a command may hold 10 octets together'),
      noop('b'),
    ])
  })

  it('behind one that is too large is passed over; one to ask for ends the command', () => {
    expect(receiveAll('a APPEND x {11+}\r\nabcdefghijk {8+}\r\nx NOOP\r\n\r\nb NOOP\r\n', options)).toEqual([
      tooBig,
      noop('b'),
    ])
    expect(receiveAll('a APPEND x {11+}\r\nabcdefghijk {8}\r\nb NOOP\r\n', options)).toEqual([tooBig, noop('b')])
  })

  it.each([
    ['{4294967296+}', problem('a', 'NO', 'TOOBIG', 'the literals of one APPEND may hold 10 octets together', true)],
    [
      '{9223372036854775807+}',
      problem('a', 'NO', 'TOOBIG', 'the literals of one APPEND may hold 10 octets together', true),
    ],
    ['{9223372036854775808+}', problem('a', 'BAD', null, 'the size of the literal is not a number of 63 bits', true)],
  ])('that would take too long to pass over ends the connection: %s', (marker, fatal) => {
    expect(receiveAll(`a APPEND x ${marker}\r\nb NOOP\r\nc NOOP\r\n`, options)).toEqual([fatal])
  })
})

describe('before sign-in', () => {
  const options = { authenticated: false }

  it('lines and literals are kept small', () => {
    expect(receiveAll(`a LOGIN ${'x'.repeat(20_000)}\r\nb NOOP\r\n`, options)).toEqual([
      problem('a', 'BAD', null, 'the command line is longer than 16384 octets'),
      noop('b'),
    ])
    expect(receiveAll('a LOGIN {4097}\r\nb NOOP\r\n', options)).toEqual([
      problem('a', 'NO', 'LIMIT', 'the literals of a command may hold 4096 octets together'),
      noop('b'),
    ])
    expect(receiveAll('a APPEND x {4097}\r\nb NOOP\r\n', options)).toEqual([
      problem('a', 'NO', 'TOOBIG', 'the literals of one APPEND may hold 4096 octets together'),
      noop('b'),
    ])
  })

  it('little is read to be thrown away', () => {
    const size = DISCARDED_BYTES_BEFORE_SIGN_IN
    expect(receiveAll(`a LOGIN {${size}+}\r\n${'x'.repeat(size - 2)}`, options)).toEqual([])
    expect(receiveAll(`a LOGIN {${size + 1}+}\r\n`, options)).toEqual([
      problem('a', 'NO', 'LIMIT', 'the literals of a command may hold 4096 octets together', true),
    ])
    expect(receiveAll('x'.repeat(size + 20_000), options)).toEqual([
      problem(null, 'BAD', null, 'the command line is longer than 16384 octets', true),
    ])
  })
})

describe('a line outside commands', () => {
  it('comes out as it is, and the next one is a command again', () => {
    const { created, push, next } = receiver({ authenticated: false })
    push('a AUTHENTICATE PLAIN\r\ndGVzdAB0ZXN0AHRlc3Q=\r\nb NOOP\r\n')
    expect(next().kind).toBe('command')
    created.expectLine()
    expect(next()).toEqual({ kind: 'line', line: Buffer.from('dGVzdAB0ZXN0AHRlc3Q=') })
    expect(next()).toEqual(noop('b'))
  })

  it('may be empty, hold any octets, and look like a literal', () => {
    for (const line of ['', '*', 'DONE', 'x {5}', 'x {5+}', '\xff\0']) {
      const { created, push, next } = receiver()
      created.expectLine()
      push(`${line}\r\nb NOOP\r\n`)
      expect(next()).toEqual({ kind: 'line', line: Buffer.from(line, 'latin1') })
      expect(next()).toEqual(noop('b'))
    }
  })

  it('may have begun to come before it was expected', () => {
    const { created, push, next } = receiver()
    push('DO')
    expect(next()).toEqual(NEED_MORE)
    created.expectLine()
    push('NE\r\n')
    expect(next()).toEqual({ kind: 'line', line: Buffer.from('DONE') })
  })

  it('that is too long is a problem without tag', () => {
    const { created, push, next } = receiver({ limits: { lineBytes: 20 } })
    created.expectLine()
    push(`dGVz ${'x'.repeat(20)} {5+}\r\nb NOOP\r\n`)
    expect(next()).toEqual(problem(null, 'BAD', null, 'the command line is longer than 20 octets'))
    expect(next()).toEqual(noop('b'))
  })
})

describe('changes of state', () => {
  it('reset forgets all that came before the handshake', () => {
    const { created, push, next } = receiver({ authenticated: false })
    push('a STARTTLS\r\nb LOGIN x y\r\nc DELETE {5+}\r\nab')
    expect(next().kind).toBe('command')
    created.reset()
    expect(created.buffered).toBe(0)
    expect(next()).toEqual(NEED_MORE)
    push('d NOOP\r\n')
    expect(next()).toEqual(noop('d'))
  })

  it('reset forgets half a literal, half a line and an expected line', () => {
    for (const half of ['c DELETE {5+}\r\nab', 'c DEL', 'c LOGIN {9999+}\r\nab', 'x'.repeat(20_000)]) {
      const { created, push, next } = receiver({ authenticated: false })
      push(half)
      expect(next()).toEqual(NEED_MORE)
      created.expectLine()
      created.reset()
      push('d NOOP\r\n')
      expect(next()).toEqual(noop('d'))
    }
  })

  it('setUtf8 holds from the next command on', () => {
    const { created, push, next } = receiver()
    push('a DELETE R&-D\r\nb DELETE R&-D\r\n')
    expect(next()).toEqual(deleted('a', 'R&D'))
    created.setUtf8()
    expect(next()).toEqual(deleted('b', 'R&-D'))
  })
})
