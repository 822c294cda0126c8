import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCommand } from './command.ts'
import { LINE_BYTES } from './limits.ts'
import { type Received, Receiver } from './receiver.ts'

function all(chunks: Iterable<string | Uint8Array>, maxLiteral = 100): Received[] {
  const receiver = new Receiver(maxLiteral)
  const received: Received[] = []
  for (const chunk of chunks) {
    receiver.push(Buffer.from(chunk as string))
    for (let next = receiver.next(); next.kind !== 'need-more'; next = receiver.next()) {
      received.push(next)
      if (next.kind === 'problem' && next.fatal) return received
    }
  }
  return received
}
const commands = (text: string) =>
  all([text]).map(received => (received.kind === 'tokens' ? parseCommand(received.tokens) : received))

describe('what a client sends', () => {
  it('is read as its commands', () => {
    expect(
      commands(
        'capability\r\nAUTHENTICATE "PLAIN" "AGEAYg=="\r\nHaveSpace "a b" 12\r\nPUTSCRIPT "q\\"uo\\\\te" {7+}\r\nkeep;\r\n\r\n' +
          'SETACTIVE ""\r\nRENAMESCRIPT {1}\r\na "b"\r\nNOOP "tag"\r\nNOOP\r\nCHECKSCRIPT {2+}\r\né\r\nLOGOUT\n',
      ),
    ).toEqual([
      { name: 'CAPABILITY' },
      { name: 'AUTHENTICATE', mechanism: 'PLAIN', initial: 'AGEAYg==' },
      { name: 'HAVESPACE', script: 'a b', sizeBytes: 12 },
      { name: 'PUTSCRIPT', script: 'q"uo\\te', source: 'keep;\r\n' },
      { name: 'SETACTIVE', script: '' },
      { name: 'RENAMESCRIPT', script: 'a', newName: 'b' },
      { name: 'NOOP', tag: 'tag' },
      { name: 'NOOP', tag: null },
      { name: 'CHECKSCRIPT', source: 'é' },
      { name: 'LOGOUT' },
    ])
  })

  it('is the same wherever it is cut', () => {
    const text = Buffer.from('PUTSCRIPT "é" {9+}\r\nkeep;\r\n#"\r\nNOOP "x"\r\nFOO {3}\r\nabc {2+}\r\nxy\r\n')
    const whole = all([text])
    for (let cut = 0; cut <= text.length; cut++) expect(all([text.subarray(0, cut), text.subarray(cut)])).toEqual(whole)
    expect(all(Array.from(text, byte => Buffer.of(byte)))).toEqual(whole)
  })

  it.each([
    ['HELLO', 'There is no such command'],
    ['"x"', 'A command is expected'],
    ['GETSCRIPT', 'GETSCRIPT takes the name of a script'],
    ['GETSCRIPT ""', 'This can be no name of a script'],
    ['GETSCRIPT "a\tb"', 'This can be no name of a script'],
    ['HAVESPACE "a" -1', 'HAVESPACE takes a name and a size'],
    ['LOGOUT now', 'LOGOUT takes no argument'],
    [`GETSCRIPT "${'x'.repeat(513)}"`, 'This can be no name of a script'],
  ])('that is %s is told what it should be', (line, problem) => {
    expect(commands(`${line}\r\n`)).toEqual([{ problem }])
  })

  it('octet by octet, takes time in proportion to what it is', () => {
    const receiver = new Receiver(1_000_000)
    receiver.push(Buffer.from('PUTSCRIPT "a" {400000+}\r\n'))
    const before = process.threadCpuUsage()
    let tooSoon = 0
    for (let at = 0; at < 400_000; at++) {
      if (receiver.next().kind !== 'need-more') tooSoon++
      receiver.push(Buffer.from([97 + (at % 26)]))
    }
    expect(tooSoon).toBe(0)
    receiver.push(Buffer.from('\r\n'))
    const { user, system } = process.threadCpuUsage(before)
    // Copied for each octet, it would be eighty thousand million of them.
    expect((user + system) / 1_000).toBeLessThan(5_000)
    const received = receiver.next()
    const script = received.kind === 'tokens' ? received.tokens[2] : null
    const bytes = script?.kind === 'string' ? script.bytes : Buffer.alloc(0)
    expect(bytes).toHaveLength(400_000)
    expect(bytes.every((octet, at) => octet === 97 + (at % 26))).toBe(true)
  })

  it('too large is read to its end, so that the client hears why', () => {
    expect(all(['PUTSCRIPT "a" {200+}\r\n', 'x'.repeat(150), 'x'.repeat(50), '\r\nNOOP\r\n'])).toMatchObject([
      { kind: 'problem', tooLarge: true, fatal: false },
      { kind: 'tokens' },
    ])
    expect(all(['PUTSCRIPT "a" {4294967296+}\r\n'])).toMatchObject([{ kind: 'problem', fatal: true }])
    expect(all(['x'.repeat(9000)])).toMatchObject([{ kind: 'problem', fatal: true }])
  })

  it('tells what it holds of literals: no more than twice what came, nor than the limit, and nothing in the end', () => {
    const receiver = new Receiver(100_000)
    receiver.push(Buffer.from('PUTSCRIPT "a" {100000+}\r\n'))
    expect(receiver.next().kind).toBe('need-more')
    expect(receiver.held).toBe(0)
    for (let came = 1_000; came < 100_000; came += 1_000) {
      receiver.push(Buffer.alloc(1_000, 'x'))
      expect(receiver.next().kind).toBe('need-more')
      expect(receiver.held).toBeGreaterThanOrEqual(came)
      expect(receiver.held).toBeLessThanOrEqual(Math.min(2 * came, 100_000 + LINE_BYTES))
    }
    receiver.push(Buffer.alloc(1_000, 'x'))
    expect(receiver.next().kind).toBe('need-more')
    expect(receiver.held).toBe(100_000)
    receiver.push(Buffer.from('\r\n'))
    expect(receiver.next().kind).toBe('tokens')
    expect(receiver.held).toBe(0)
  })

  it('has so much of literals in one command, however many they are', () => {
    const half = `{60000+}\r\n${'x'.repeat(60_000)}`
    const receiver = new Receiver(100_000)
    receiver.push(Buffer.from(`PUTSCRIPT ${half} ${half}\r\nNOOP\r\n`))
    expect(receiver.next()).toMatchObject({ kind: 'problem', tooLarge: true, fatal: false })
    expect(receiver.next()).toMatchObject({ kind: 'tokens' })
    expect(receiver.held).toBe(0)
  })

  it('of any kind is read without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        for (const received of all([bytes])) if (received.kind === 'tokens') parseCommand(received.tokens)
      }),
    )
  })
})
