import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Body, CommandStream } from './command-stream.ts'

/** Feeds `wire` cut at `cuts`; what came out in order. `BODY n` makes the next n octets a body. */
async function feed(wire: string, cuts: number[] = [], asynchronously = false): Promise<string[]> {
  const stream = new CommandStream(20)
  const seen: string[] = []
  const later = (resume: () => void) => (asynchronously ? setImmediate(resume) : resume())
  stream.oncommand = (line, resume) => {
    seen.push(`command ${line.toString()}`)
    const size = /^BODY (\d+)$/.exec(line.toString())
    if (size) stream.receive(fixedBody(Number(size[1]), text => seen.push(`body ${text}`)))
    if (resume) later(resume)
  }
  stream.onwrong = ({ text }, resume) => {
    seen.push(text)
    later(resume)
  }
  const bytes = Buffer.from(wire, 'latin1')
  const ends = [...new Set(cuts)].filter(cut => cut > 0 && cut < bytes.length).sort((a, b) => a - b)
  let start = 0
  for (const end of [...ends, bytes.length]) {
    stream.write(bytes.subarray(start, end))
    start = end
  }
  await new Promise<void>(resolve => stream.end(() => resolve()))
  return seen
}

function fixedBody(size: number, done: (text: string) => void): Body {
  let text = ''
  return {
    get ended() {
      return text.length === size
    },
    push(octets) {
      const taken = Math.min(size - text.length, octets.length)
      text += Buffer.from(octets.subarray(0, taken)).toString('latin1')
      return taken
    },
    whenFree: resume => setImmediate(resume),
    finish(resume) {
      done(text)
      resume()
    },
  }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a stream of commands', () => {
  it('is cut at CR LF, and bodies are no commands', async () => {
    expect(await feed('NOOP\r\nBODY 8\r\nQUIT\r\n\r\nRSET\r\nBODY 0\r\n\r\nNOOP')).toEqual([
      'command NOOP',
      'command BODY 8',
      'body QUIT\r\n\r\n',
      'command RSET',
      'command BODY 0',
      'body ',
      'command ',
    ])
  })

  it('runs no line that is not whole, nor what is no command', async () => {
    expect(await feed(`NOOP\nRSET\r\nA\rB\r\n${'x'.repeat(30)}\r\n\xff\r\nRSET\r\nQUI`)).toEqual([
      'Bare <LF>; commands end with <CR><LF>',
      'Control characters in a command',
      'Line too long',
      'A command is not UTF-8',
      'command RSET',
    ])
  })

  it('passes over all that comes from who ends lines with LF alone, told twice', async () => {
    expect(await feed('NOOP\nRSET\nNOOP\n\nNOOP\r\n')).toEqual([
      'Bare <LF>; commands end with <CR><LF>',
      'Commands end with <CR><LF>',
    ])
  })

  it.each([
    ['CR', '\r'],
    ['no line ends', 'x'],
  ])('answers an endless line of %s once, before its end, and keeps nothing of it', async (_, piece) => {
    const stream = new CommandStream(20)
    const seen: string[] = []
    stream.oncommand = (line, resume) => {
      seen.push(`command ${line.toString()}`)
      resume?.()
    }
    stream.onwrong = ({ text }, resume) => {
      seen.push(text)
      resume()
    }
    for (let sent = 0; sent < 100; sent++) stream.write(Buffer.from(piece.repeat(10)))
    expect(seen).toEqual(['Line too long'])
    stream.write(Buffer.from('x\r'))
    stream.write(Buffer.from('\nNOOP\r\n'))
    expect(seen).toEqual(['Line too long', 'command NOOP'])
  })

  it('is the same however it is cut, and however soon commands are answered', async () => {
    const piece = fc.constantFrom(
      'NOOP\r\n',
      'X\n',
      '\n',
      '\r\n',
      '\r',
      'BODY 3\r\nabc',
      `${'y'.repeat(25)}\r\n`,
      'BODY 0\r\n',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 8 }),
        fc.array(fc.nat(90), { maxLength: 6 }),
        async (pieces, cuts) => {
          const wire = pieces.join('')
          const whole = await feed(wire)
          expect(await feed(wire, cuts)).toEqual(whole)
          expect(await feed(wire, cuts, true)).toEqual(whole)
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each<[string, (resume: () => void) => void]>([
    ['at once', resume => resume()],
    ['through a promise', resume => void Promise.resolve().then(resume)],
  ])('gives other connections their turn within thousands of pipelined commands answered %s', async (_, answer) => {
    let time = performance.now()
    vi.spyOn(performance, 'now').mockImplementation(() => time)
    const stream = new CommandStream(20)
    let count = 0
    stream.oncommand = (_, resume = () => {}) => {
      count++
      time += 0.1
      answer(resume)
    }
    stream.write(Buffer.from('NOOP\r\n'.repeat(1_000)))
    for (let before = 0; before < 1_000; before = count) {
      await nextTurn()
      expect(count - before).toBeLessThanOrEqual(100)
    }
    expect(count).toBe(1_000)
  })
})
