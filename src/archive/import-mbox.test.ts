/** The forms of mbox files that programs write: where messages begin and end, and the flags they keep. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Flag } from '../store/types.ts'
import type { ImportItem } from './import-item.ts'
import { MboxReader } from './import-mbox.ts'
import { statusFlags } from './mbox-flags.ts'

const told = (items: ImportItem[]): string[] =>
  items.map(item => (item.kind === 'message' ? Buffer.from(item.bytes).toString('latin1') : item.problem))

function read(source: string, pieces = [source], maxMessageBytes = 10_000): ImportItem[] {
  const reader = new MboxReader({ maxMessageBytes })
  return [...pieces.flatMap(piece => reader.push(Buffer.from(piece, 'latin1'))), ...reader.end()]
}

/** The messages with LF alone, also where the file has CRLF, begins with the mark of UTF-8, or comes in pieces. */
function messages(source: string): string[] {
  const whole = read(source)
  for (let at = 1; at < source.length; at++)
    expect(read(source, [source.slice(0, at), source.slice(at)])).toEqual(whole)
  expect(read(source, [...source])).toEqual(whole)
  if (!/^content-length/im.test(source)) expect(told(read(source.replaceAll('\n', '\r\n')))).toEqual(told(whole))
  expect(told(read(`\xef\xbb\xbf${source}`))).toEqual(told(whole))
  return told(whole).map(text => text.replaceAll('\r\n', '\n'))
}

const dated = 'From - Tue Mar  5 10:20:30 2024\n'
const one = 'To: a@b.test\nSubject: one\n\nfirst\n'
const two = 'To: a@b.test\nSubject: two\n\nsecond\n'

describe('a message begins', () => {
  it.each([
    ['at a bare From_ line', `From \n${one}\nFrom \n${two}\n`],
    ['at a bare one without an empty line before', `From \n${one}From \n${two}`],
    ['at a dated one without an empty line before', `${dated}${one}${dated}${two}`],
    ['at one with a sender and no date', `From a@b.test\n${one}\nFrom c@d.test\n${two}`],
    ['behind empty lines', `\n\nFrom \n${one}\n${dated}${two}`],
  ])('%s', (_, source) => expect(messages(source)).toEqual([one, two]))

  it('where its header is folded, or one field alone', () => {
    const folded = 'Received: from a\n\tby b;\n  today\nSubject: x\n\nfolded\n'
    const short = 'Subject: x\n\nshort\n'
    expect(messages(`From \n${one}\nFrom c@d.test\n${folded}\nFrom \n${short}`)).toEqual([one, folded, short])
  })

  it.each([
    ['From here on\nall is text\n'],
    ['From here\nBut: one field is none\nas this is text\n'],
    ['From here\nBut: one field is none\n\nFrom there\n'],
    ['\nFrom the start\n\nFrom\nFrom: a@b.test\nTo: c@d.test\n'],
    ['From \nis where they come\n'],
    ['From 10:00 in 2024\nno header follows\n'],
    ['From here on\nhttps://one.test/\nhttps://two.test/\n\nby these\n'],
    ['From Lyon\n08:04 Paris\n10:31 Lille\n\nof trains\n'],
  ])('not in a text: %j', text => expect(messages(`From \n${one}${text}\n${dated}${two}`)).toEqual([one + text, two]))

  it('not with a text that only looks so at first', () => {
    expect(told(read('From the start\nof a letter\n'))).toEqual([expect.stringContaining('not an mbox file')])
    expect(read('From the start\nof a letter\n')).toMatchObject([{ source: 'line 1' }])
  })

  it('in the line that is named', () => {
    const source = `${dated}${one}From \n${'x'.repeat(99)}\n\nFrom here\nX: y\n\n${dated}X: ${'y'.repeat(999)}\n`
    expect(read(source, [source], 900).map(item => item.source)).toEqual(['line 1', 'line 12'])
  })
})

describe('Content-Length', () => {
  const quoting = 'before\n\nFrom b@c.test Tue Mar  5 10:20:30 2024\nTo: x\nSubject: y\n\n>From here\n'
  const counted = (body: string, octets = body.length) => `To: a@b.test\nContent-Length: ${octets}\n\n${body}`

  it('that leads to a From_ line, or to the end, is right: nothing before is one, or quoted', () => {
    const first = counted(quoting)
    expect(messages(`${dated}${first}\n${dated}${first}${dated}${first}`)).toEqual([first, first, first])
    expect(messages(`${dated}${first}\n`)).toEqual([first])
  })

  it('counts what CRLF has', () => {
    const crlf = quoting.replaceAll('\n', '\r\n')
    const whole = `To: a@b.test\r\nContent-Length: ${crlf.length}\r\n\r\n${crlf}`
    expect(told(read(`${dated}${whole}\r\n${dated}${whole}`))).toEqual([whole, whole])
  })

  it('may leave out the last line end, and keeps empty lines that it counts', () => {
    const first = counted('text\n\n\n')
    expect(messages(`${dated}${counted('text')}\n\n${dated}${first}\n${dated}${one}`)).toEqual([
      `${counted('text')}\n`,
      first,
      one,
    ])
  })

  it.each([-8, -3, -2, 2, 40, 9_000, 99_000])('that is wrong by %i is passed over', difference => {
    const wrong = counted('text\n>From here\nmore\n', 21 + difference)
    expect(messages(`${dated}${wrong}\n${dated}${one}\n${dated}${two}`)).toEqual([
      wrong.replace('>From', 'From'),
      one,
      two,
    ])
  })

  it('takes linear time where it is wrong in every message', () => {
    const source = Buffer.from(`${dated}Content-Length: 30000000\nX: y\n\n\n`.repeat(30_000))
    const before = process.threadCpuUsage()
    const reader = new MboxReader({ maxMessageBytes: 40_000_000 })
    const found = [...reader.push(source), ...reader.end()]
    expect(found.filter(({ kind }) => kind === 'message')).toHaveLength(30_000)
    const { user, system } = process.threadCpuUsage(before)
    // Quadratic work takes an hour.
    expect(user + system).toBeLessThan(20_000_000)
  })
})

it('never throws, whatever the file holds, and reads the same however it is cut', () => {
  const piece = fc.constantFrom(
    'From \n',
    dated,
    'From a\n',
    'X: y\n',
    ' z\n',
    'Content-Length: 12\n',
    '\n',
    '>From x\n',
    'x',
  )
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      expect(read('', pieces)).toEqual(read(pieces.join('')))
      read(pieces.join(''), pieces, 20)
    }),
    { numRuns: 1_000 },
  )
})

describe('keywords', () => {
  it.each([
    ['X-Mozilla-Status: 0001\r\nX-Mozilla-Keys: $label1 work                  ', Flag.Seen, ['$label1', 'work']],
    ['X-Keywords: Work $Forwarded   \r\nX-Status: F', Flag.Flagged, ['$Forwarded', 'Work']],
    ['X-Mozilla-Status: 1000\r\nX-Mozilla-Keys: $Forwarded NonJunk', 0, ['$Forwarded', 'NonJunk']],
    [`X-Mozilla-Keys: a(b \\c ${'x'.repeat(101)} ok\r\nX-Mozilla-Keys2: no`, 0, ['ok']],
    ['X-Mozilla-Keys:           ', 0, []],
  ])('of %j', (header, system, keywords) => expect(statusFlags(header)).toEqual({ system, keywords }))
})
