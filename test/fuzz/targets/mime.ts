/** What strangers send: messages, and the parts of their headers. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describeEmail } from '../../../src/mail/describe.ts'
import { withoutExtensions, withoutGlobals } from '../../../src/wire/imap/body-structure.ts'
import { formatAddresses, parseAddresses } from '../../../src/wire/mime/address.ts'
import { parseDate } from '../../../src/wire/mime/date.ts'
import { decodeEncodedWords, encodeWords } from '../../../src/wire/mime/encoded-word.ts'
import { formatDate } from '../../../src/wire/mime/fields.ts'
import { decodedFieldText, readHeader } from '../../../src/wire/mime/header.ts'
import { HtmlText } from '../../../src/wire/mime/html.ts'
import { ADDRESSES, PARAMETERS, REFERENCES } from '../../../src/wire/mime/limits.ts'
import { readMessageHeader } from '../../../src/wire/mime/message-header.ts'
import { parseMessageIds } from '../../../src/wire/mime/message-id.ts'
import { parseParameterised } from '../../../src/wire/mime/parameters.ts'
import { parseMessage } from '../../../src/wire/mime/parser.ts'
import { decodeSection, findSection, isDecodable } from '../../../src/wire/mime/section.ts'
import { baseSubject } from '../../../src/wire/mime/subject.ts'
import { preview, searchableHeader, searchablePartHeaders, searchableTexts } from '../../../src/wire/mime/text.ts'
import {
  decodeInPieces,
  decodeTransferEncoding,
  encodeBase64,
  encodeQuotedPrintable,
} from '../../../src/wire/mime/transfer-encoding.ts'
import type { MimePart } from '../../../src/wire/mime/types.ts'
import { asciiHeaders } from '../../../src/wire/pop3/surrogate.ts'
import { mendSubmission, readSubmissionHeader } from '../../../src/wire/smtp/submission-header.ts'
import { checkStructure } from '../../support/mime-structure.ts'
import { checkBody, checkEnvelope, readImapValue } from '../imap-value.ts'
import { buffers, type FuzzTarget, holds, same } from '../target.ts'

const folder = path.resolve(import.meta.dirname, '../../corpus/mime')
const messages = readdirSync(folder)
  .filter(name => name.endsWith('.eml'))
  .map(name => readFileSync(path.join(folder, name)))

const words = [
  '=?utf-8?q?',
  '=?utf-8?b?',
  '?=',
  '=?iso-8859-1*fr?Q?',
  '=C3=A9',
  '=?x?q?',
  '?= =?',
  '4oKs',
  '=?utf-16?b?',
]
const fields = [
  'From: ',
  'To: ',
  'Cc: ',
  'Subject: ',
  'Date: ',
  'Message-ID: ',
  'References: ',
  'In-Reply-To: ',
  'Content-Type: ',
  'Content-Disposition: ',
  'Content-Transfer-Encoding: ',
  'Content-ID: ',
  'Content-Language: ',
  'Content-Location: ',
  'Bcc: ',
  'Received: ',
]
const types = [
  'multipart/mixed; boundary=b\r\n',
  'multipart/digest; boundary="b b"\r\n',
  'message/rfc822\r\n',
  'message/global\r\n',
  'text/html; charset=utf-8\r\n',
  "text/plain; name*0*=utf-8''%C3; name*1=x\r\n",
  'base64\r\n',
  'quoted-printable\r\n',
  'attachment; filename="a"\r\n',
  '\r\n\r\n',
  '--b\r\n',
  '--b--\r\n',
  '--b b\r\n',
  '\r\n ',
]

/** Of BODYSTRUCTURE, where a message that was not taken apart is data. */
function countBodies(part: MimePart): number {
  if (part.message) return 1 + countBodies(part.message)
  return part.children.reduce((sum, child) => sum + countBodies(child), 1)
}

const mime: FuzzTarget = {
  name: 'mime',
  seeds: messages,
  tokens: [...fields, ...types, ...words],
  check(bytes) {
    const root = checkStructure(bytes)
    const described = describeEmail(bytes)
    checkEnvelope(readImapValue(described.envelope))
    const bodies = checkBody(readImapValue(described.bodyStructure), true)
    holds(bodies === countBodies(root), `${bodies} bodies of ${countBodies(root)}`)
    holds(checkBody(readImapValue(withoutExtensions(described.bodyStructure)), false) === bodies, 'BODY is another')
    const rev1 = checkBody(readImapValue(withoutGlobals(described.bodyStructure)), true, false)
    const rev1Body = withoutExtensions(described.bodyStructure, { globals: false })
    holds(rev1 <= bodies, `${rev1} bodies of ${bodies} for IMAP4rev1`)
    holds(checkBody(readImapValue(rev1Body), false, false) === rev1, 'BODY for IMAP4rev1 is another')
    holds(preview(root, bytes).length <= 200, 'the preview is too long')
    sections(root, bytes)
    for (const pieces of searchableTexts(root, bytes))
      for (const piece of pieces) holds(typeof piece === 'string', 'no text')
    for (const text of searchablePartHeaders(root, bytes)) holds(typeof text === 'string', 'no text')
    const surrogate = asciiHeaders(bytes)
    holds(surrogate === bytes || surrogate.length > 0, 'the surrogate is empty')
  },
}

function sections(root: MimePart, bytes: Buffer): void {
  const whole = (text: 'HEADER' | 'TEXT'): Uint8Array => findSection(root, bytes, { part: [], text, fields: [] })!
  holds(Buffer.concat([whole('HEADER'), whole('TEXT')]).equals(bytes), 'HEADER and TEXT are not the message')
  const visit = (part: MimePart, number: readonly number[]): void => {
    const found = findSection(root, bytes, { part: number, text: 'ALL', fields: [] })
    holds(found !== null && found.length === part.bodyEnd - part.bodyStart, `no section ${number.join('.')}`)
    const decoded = decodeSection(root, bytes, number)
    holds(isDecodable(root, number) === (decoded.kind === 'content'), 'what is decodable is not decoded')
    const inner = part.message ?? part
    for (const [index, child] of inner.children.entries()) visit(child, [...number, index + 1])
  }
  if (root.children.length > 0) for (const [index, child] of root.children.entries()) visit(child, [index + 1])
  else visit(root, [1])
}

const header: FuzzTarget = {
  name: 'header',
  seeds: messages.map(bytes => bytes.subarray(0, parseMessage(bytes).bodyStart)),
  tokens: [...fields, ...words, '<a@b.test>', ', ', ';', '\r\n ', '\r\n', '(', ')'],
  check(bytes) {
    const { fields: read, bodyStart } = readHeader(bytes)
    // What the fields are cut out of is the header, and reading it again gives the same fields.
    const cut = Buffer.concat(read.map(({ start, end }) => bytes.subarray(start, end)))
    const names = (of: typeof read): string[] => of.map(({ name }) => name)
    same(names(readHeader(Buffer.concat([cut, Buffer.from('\r\n')])).fields), names(read), 'fields read again')
    holds(bodyStart <= bytes.length, 'the body begins behind the end')
    for (const field of read) holds(decodedFieldText(bytes, field).length <= 4 * bytes.length, 'more than was written')
    for (const text of searchableHeader({ header: read }, bytes)) holds(text.includes(':'), 'a field without a name')
    const said = readMessageHeader(bytes, read)
    holds(parseMessageIds(said.references ?? '').length <= REFERENCES, 'too many references')
    const { base } = baseSubject(said.subject ?? '')
    same(baseSubject(base).base, base, 'the base of a base subject')
    const submission = readSubmissionHeader(bytes)
    if (!submission) return
    const mended = mendSubmission(bytes, submission, { messageId: 'x@y.test', at: 0 })
    const mendedNames = readHeader(mended).fields.map(({ name }) => name.toLowerCase())
    // Behind Bcc may stand what is no field: then all that is left is body.
    if (mendedNames.length === 0) return
    holds(!mendedNames.includes('bcc'), 'Bcc is still there')
    holds(mendedNames.includes('date') && mendedNames.includes('message-id'), 'Date or Message-ID is missing')
  },
}

const addresses: FuzzTarget = {
  name: 'addresses',
  seeds: buffers(
    '"Ann B." <ann@b.test>, bob@c.test (Bob)',
    'friends: a@b.test, "c d"@e.test;, <@r1,@r2:x@y.test>',
    '=?utf-8?q?=C3=89va,?= <e@f.test>',
    'undisclosed-recipients:;',
    'a b c',
    '<>',
    '"\\"" <"x y"@[127.0.0.1]>',
    'a . b @ c . test',
    '((c) d) x@y.test',
    'x@y.test; z@w.test',
  ),
  tokens: [...words, '<', '>', '@', '"', '(', ')', ',', ';', ':', '.', 'a@b.test', '\\', '[1.2.3.4]', '@a,@b:', ' '],
  check(bytes) {
    const text = bytes.toString('latin1')
    const entries = parseAddresses(text)
    const count = entries.reduce((sum, entry) => sum + 1 + ('group' in entry ? entry.members.length : 0), 0)
    holds(count <= ADDRESSES + 1, `${count} addresses`)
    for (const entry of entries) {
      const all = 'group' in entry ? entry.members : [entry]
      for (const { name, rawName, mailbox, host } of all) {
        holds((name === null) === (rawName === null) || name === null, 'a name of nothing')
        holds(name !== '' && rawName !== '', 'an empty name')
        holds(mailbox.length + host.length <= 2 * text.length, 'an address longer than the text')
      }
    }
    // What is sound comes back from the form that we write.
    const sound = entries.filter(
      entry =>
        !('group' in entry) &&
        soundAddress.test(`${entry.mailbox}@${entry.host}`) &&
        (entry.name === null || soundName.test(entry.name)),
    )
    same(parseAddresses(formatAddresses(sound)).map(short), sound.map(short), 'addresses read again')
  },
}
const soundAddress = /^[a-z0-9]+(?:\.[a-z0-9]+)*@[a-z0-9]+(?:\.[a-z0-9]+)*$/
const soundName = /^[A-Za-z0-9,.;<>@ ]*[A-Za-z0-9]$/
const short = (entry: ReturnType<typeof parseAddresses>[number]): unknown =>
  'group' in entry ? entry.group : [entry.name?.replace(/\s+/g, ' ').trim() || null, entry.mailbox, entry.host]

const dates: FuzzTarget = {
  name: 'dates',
  seeds: buffers(
    'Fri, 21 Nov 1997 09:55:06 -0600',
    '1 Jan 70 0:0 GMT',
    'Thu,\r\n 13\r\n Feb\r\n 1969 23:32 -0330 (Newfoundland)',
    '31-Dec-2026 23:59:60 EST',
    'Mon, 29 February 2024 12:00 +0100',
    '21 Nov 97 09(comment):55:06 Z',
  ),
  tokens: [
    'Mon, ',
    'Jan',
    'february',
    ' ',
    '(',
    ')',
    '\\',
    ':',
    '+0100',
    '-2359',
    'GMT',
    'EDT',
    '-',
    '1999',
    '00',
    '60',
    '\r\n ',
  ],
  check(bytes) {
    const date = parseDate(bytes.toString('latin1'))
    if (!date) return
    holds(Number.isSafeInteger(date.time), 'the time is no number')
    holds(Math.abs(date.zone) < 24 * 60, 'the zone is no zone')
    if (date.time < Date.UTC(1900, 0, 2) || date.time > Date.UTC(9999, 11, 30)) return
    // To the second, what we write is what we read; and what the engine reads of it, too.
    const second = Math.floor(date.time / 1000) * 1000
    same(parseDate(formatDate(second))?.time, second, 'the date read again')
    same(Date.parse(formatDate(second)), second, 'the date as the engine reads it')
  },
}

const parameters: FuzzTarget = {
  name: 'parameters',
  seeds: buffers(
    'text/plain; charset=utf-8',
    'attachment; filename="a b.txt"; size=5',
    "a/b; t*0*=us-ascii'en'This%20is; t*1*=%2A; t*2=x",
    'multipart/mixed; boundary="=_x" (c)',
    "a; filename*=utf-8''%E2%82%AC; filename=x",
    'a/b; x="\\"";;; y',
    '(c) a / b ; n = v',
  ),
  tokens: [';', '=', '"', '*0*=', '*1=', '*=', "utf-8''", '%C3%A9', '%', '(', ')', '\\', 'name', ' '],
  check(bytes) {
    const { value, parameters: list } = parseParameterised(bytes.toString('latin1'))
    holds(!/\s/.test(value), 'white space in a value')
    holds(list.length <= PARAMETERS, 'too many parameters')
    const names = list.map(([name]) => name)
    same([...new Set(names)], names, 'names that stand twice')
    // Plain ones come back as they are written.
    const plain = list.filter(([name, text]) => /^[A-Z0-9-]+$/.test(name) && /^[\x20-\x7e]*$/.test(text))
    const written = plain.map(([name, text]) => `; ${name}="${text.replace(/[\\"]/g, '\\$&')}"`).join('')
    same(parseParameterised(`x${written}`).parameters, plain, 'parameters read again')
  },
}

const encodedWords: FuzzTarget = {
  name: 'encoded-words',
  seeds: buffers(
    '=?utf-8?q?=C3=A9?= =?utf-8?b?w6k=?= a',
    'plain',
    '=?iso-8859-1?Q?a_b?=',
    '=?utf-8?b?4oKs4oKs',
    '=?utf-8?q?=E2=82?==?utf-8?q?=AC?=',
  ),
  tokens: [...words, ' ', '\t', '_', '=', '?', '*en'],
  check(bytes) {
    const text = bytes.toString('latin1')
    holds(decodeEncodedWords(text).length <= 4 * text.length + 4, 'more than was written')
    // Whatever a text looks like, it comes back from its encoded form, but for the kinds of white space between words.
    const [latin, utf8] = [
      text.replace(/[\r\n]/g, ' '),
      bytes
        .toString('utf8')
        .toWellFormed()
        .replace(/[\r\n]/g, ' '),
    ]
    for (const each of [latin, utf8]) {
      const encoded = encodeWords(each)
      holds(/^[\x20-\x7e\t]*$/.test(encoded), 'an encoded text is not ASCII')
      same(decodeEncodedWords(encoded), each, 'the text decoded again')
    }
  },
}

const html: FuzzTarget = {
  name: 'html',
  seeds: buffers(
    '<p title="x">a &amp; b<br>c</p>',
    '<style>p{}</style>x<!-- y -->z',
    '<a href=">">x</a>',
    '&#233;&#xE9;&eacute;&nope;',
    'a < b',
  ),
  tokens: [
    '<',
    '>',
    '</',
    '<!--',
    '-->',
    '<style>',
    '</style',
    '<script',
    '&',
    '&#',
    '&amp;',
    ';',
    '<![CDATA[',
    '"',
    '<p>',
    '</title>',
  ],
  check(bytes) {
    const text = bytes.toString('latin1')
    const whole = new HtmlText()
    const once = whole.push(text) + whole.end()
    for (const size of [1, 2, 7, 100]) {
      if (text.length / size > 4_000) continue
      const pieces = new HtmlText()
      let joined = ''
      for (let at = 0; at < text.length; at += size) joined += pieces.push(text.slice(at, at + size))
      same(joined + pieces.end(), once, `in pieces of ${size}`)
    }
  },
}

const transferEncodings: FuzzTarget = {
  name: 'transfer-encodings',
  seeds: buffers(
    'SGVsbG8=\r\nd29ybGQ=\r\n',
    'a=C3=A9=\r\nb =\r\n=3D',
    '=\r\n',
    '====',
    'QUJD REVG\r\n-_',
    'soft=20\t \r\nend= ',
  ),
  tokens: ['=', '==', '=\r\n', '= \r\n', '\r\n', '=3D', 'QUJD', ' \t', '-', '_', '\n'],
  check(bytes) {
    for (const encoding of ['BASE64', 'QUOTED-PRINTABLE', '8BIT']) {
      const decoded = decodeTransferEncoding(bytes, encoding)!
      holds(decoded.length <= bytes.length, 'decoding makes more')
      for (const size of [3, 76, 1000]) {
        if (bytes.length / size > 4_000) continue
        const pieces = Buffer.concat([...decodeInPieces(bytes, encoding, size)])
        if (encoding !== 'QUOTED-PRINTABLE' || bytes.length <= size)
          holds(pieces.equals(decoded), `${encoding} in pieces of ${size}`)
      }
    }
    holds(
      Buffer.from(decodeTransferEncoding(Buffer.from(encodeBase64(bytes)), 'BASE64')!).equals(bytes),
      'base64 there and back',
    )
    const quoted = Buffer.from(encodeQuotedPrintable(bytes))
    holds(
      Buffer.from(decodeTransferEncoding(quoted, 'QUOTED-PRINTABLE')!).equals(bytes),
      'quoted-printable there and back',
    )
  },
}

export const mimeTargets = [mime, header, addresses, dates, parameters, encodedWords, html, transferEncodings]
