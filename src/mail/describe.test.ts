import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutExtensions } from '../wire/imap/body-structure.ts'
import { describeEmail } from './describe.ts'

const corpus = path.resolve(import.meta.dirname, '../../test/corpus/mime')
const messages = readdirSync(corpus).filter(name => name.endsWith('.eml'))

describe('describeEmail', () => {
  it.each(messages)('describes %s as written beside it', async name => {
    const bytes = readFileSync(path.join(corpus, name))
    const { envelope, bodyStructure, preview, sizeBytes, index } = describeEmail(bytes)
    expect(sizeBytes).toBe(bytes.length)
    const sections = {
      ENVELOPE: envelope,
      BODYSTRUCTURE: bodyStructure,
      BODY: withoutExtensions(bodyStructure),
      PREVIEW: preview,
      INDEX: JSON.stringify(index, null, 2),
    }
    const text = Object.entries(sections).map(([title, value]) => `${title}\n${value}\n`)
    await expect(text.join('\n')).toMatchFileSnapshot(path.join(corpus, name.replace(/eml$/, 'txt')))
  })
})

/** The parenthesised lists of a stored form as nested arrays; throws where it is not ASCII of quoted strings, atoms and lists. */
function readList(text: string): unknown[] {
  const stack: unknown[][] = [[]]
  const token = /\(|\)|"((?:[^"\\\r\n\0\x80-\uffff]|\\["\\])*)"|NIL|\d+| /y
  while (token.lastIndex < text.length) {
    const match = token.exec(text)
    if (match === null) throw new Error(`no IMAP: ${text}`)
    const [whole, string] = match
    if (whole === '(') stack.push([])
    else if (whole === ')') {
      const list = stack.pop()!
      stack.at(-1)!.push(list)
    } else if (whole !== ' ') stack.at(-1)!.push(string ?? (whole === 'NIL' ? null : Number(whole)))
  }
  expect(stack).toHaveLength(1)
  expect(stack[0]).toHaveLength(1)
  return stack[0]![0] as unknown[]
}

const nstring = expect.toSatisfy(value => value === null || typeof value === 'string')
const number = expect.any(Number)

function checkEnvelope(list: unknown[]): void {
  const [date, subject, from, sender, replyTo, to, cc, bcc, inReplyTo, messageId, ...more] = list
  expect([date, subject, inReplyTo, messageId]).toEqual([nstring, nstring, nstring, nstring])
  for (const addresses of [from, sender, replyTo, to, cc, bcc] as (unknown[] | null)[]) {
    expect(addresses).not.toEqual([])
    for (const address of addresses ?? []) expect(address).toEqual([nstring, nstring, nstring, nstring])
  }
  expect(more).toEqual([])
}

function checkParameters(parameters: unknown): void {
  if (parameters === null) return
  expect((parameters as unknown[]).length % 2).toBe(0)
  expect((parameters as unknown[]).length).toBeGreaterThan(0)
  for (const text of parameters as unknown[]) expect(text).toBeTypeOf('string')
}

/** RFC 9051 §9, body. */
function checkBody(list: unknown[]): void {
  const rest = [...list]
  if (Array.isArray(rest[0])) {
    while (Array.isArray(rest[0])) checkBody(rest.shift() as unknown[])
    expect(rest.shift()).toBeTypeOf('string')
    checkParameters(rest.shift())
  } else {
    const [type, subtype, parameters, id, description, encoding, octets] = rest.splice(0, 7)
    checkParameters(parameters)
    expect([type, subtype, id, description, encoding, octets]).toEqual([
      expect.any(String),
      expect.any(String),
      nstring,
      nstring,
      expect.any(String),
      number,
    ])
    expect(type).not.toBe('MULTIPART')
    if (type === 'MESSAGE' && (subtype === 'RFC822' || subtype === 'GLOBAL')) {
      checkEnvelope(rest.shift() as unknown[])
      checkBody(rest.shift() as unknown[])
    }
    if (type === 'TEXT' || (type === 'MESSAGE' && (subtype === 'RFC822' || subtype === 'GLOBAL')))
      expect(rest.shift()).toEqual(number)
    expect(rest.shift()).toEqual(nstring)
  }
  const [disposition, language, location, ...more] = rest
  if (disposition !== null) checkParameters((disposition as unknown[])[1])
  expect(Array.isArray(language) ? language[0] : language).toEqual(nstring)
  expect(location).toEqual(nstring)
  expect(more).toEqual([])
}

function checkDescription(bytes: Uint8Array): void {
  const { envelope, bodyStructure, preview, index } = describeEmail(bytes)
  checkEnvelope(readList(envelope))
  const body = readList(bodyStructure)
  checkBody(body)
  readList(withoutExtensions(bodyStructure))
  expect(preview.length).toBeLessThanOrEqual(256)
  for (const text of [preview, ...Object.values(index).filter(value => typeof value === 'string')])
    expect(Buffer.from(text).toString()).toBe(text)
}

describe('any bytes', () => {
  const corpusBytes = fc.constantFrom(...messages.map(name => readFileSync(path.join(corpus, name))))

  it.each(messages)('of %s have a description in the syntax of RFC 9051', name => {
    checkDescription(readFileSync(path.join(corpus, name)))
  })

  it('that were damaged on the way have one too', () => {
    const damage = fc.array(
      fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(10, 13, 34, 40, 41, 45, 58, 59, 60, 61))),
      {
        maxLength: 12,
      },
    )
    fc.assert(
      fc.property(corpusBytes, damage, (original, changes) => {
        const bytes = Buffer.from(original)
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte
        checkDescription(bytes)
      }),
      { numRuns: 300 },
    )
  })

  it('that are no mail at all have one too', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), checkDescription))
  })
})

describe('the index', () => {
  const index = (text: string) => describeEmail(Buffer.from(text.replaceAll('\n', '\r\n'))).index

  it('takes In-Reply-To where there are no References, and of it the first', () => {
    expect(index('In-Reply-To: <a@x> <b@x>\n\n').references).toEqual(['a@x'])
    expect(index('References: <c@x>\nIn-Reply-To: <a@x>\n\n').references).toEqual(['c@x'])
  })

  it('sorts by the mailbox of the first address, or the name of a group', () => {
    expect(index('From: Zoë <éa@x.org>, b@x.org\nTo: Team: c@x.org;\n\n')).toMatchObject({
      sortFrom: 'ÉA'.normalize('NFKD'),
      sortTo: 'TEAM',
      sortCc: '',
    })
  })

  it('displays names, else addresses (RFC 5957)', () => {
    expect(index('From: =?utf-8?Q?Zo=C3=AB?= <z@x.org>\nTo: <b@x.org>\n\n')).toMatchObject({
      displayFrom: 'ZOË'.normalize('NFKD'),
      displayTo: 'B@X.ORG',
    })
    expect(index('To: Team:;\n\n')).toMatchObject({ displayFrom: '', displayTo: 'TEAM' })
  })

  it("tells the day of the writer's calendar (RFC 9051 §6.4.4, SENTON)", () => {
    const day = (date: string): number | null => index(`Date: ${date}\n\n`).sentDay
    expect(day('Mon, 1 Jan 2024 23:30:00 -0800')).toBe(Date.UTC(2024, 0, 1))
    expect(day('Mon, 1 Jan 2024 00:30:00 +0200')).toBe(Date.UTC(2024, 0, 1))
    expect(day('Thu, 1 Jan 1970 00:00:00 +0100')).toBe(0)
    expect(day('Sat, 31 Dec 2016 23:59:60 +0000')).toBe(Date.UTC(2016, 11, 31))
    expect(day('some day')).toBeNull()
  })

  it('takes a fold for one space', () => {
    const { envelope, index } = describeEmail(Buffer.from('Subject: about the\r\n\tquarterly \r\n  budget\r\n\r\n'))
    expect(envelope).toContain('"about the quarterly budget"')
    expect(index.subject).toBe('ABOUT THE QUARTERLY BUDGET')
  })

  it('reads the subject as people do', () => {
    expect(index('Subject: Re: [list] =?utf-8?Q?=C3=A9t=C3=A9?= (fwd)\n\n')).toMatchObject({
      subject: 'RE: [LIST] ÉTÉ (FWD)'.normalize('NFKD'),
      baseSubject: 'ÉTÉ'.normalize('NFKD'),
      isReplyOrForward: true,
    })
  })
})
