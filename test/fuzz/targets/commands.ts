/** What clients say: the commands of each protocol, and what other servers answer. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { answerText, ReplyReceiver, statusOf } from '../../../src/queue/smtp/reply.ts'
import type { Received } from '../../../src/wire/imap/command.ts'
import { DEFAULT_LIMITS } from '../../../src/wire/imap/limits.ts'
import { createReceiver } from '../../../src/wire/imap/receiver.ts'
import { decodeUtf7, encodeUtf7 } from '../../../src/wire/imap/utf7.ts'
import { parseCommand as parseManageSieve } from '../../../src/wire/managesieve/command.ts'
import { LINE_BYTES } from '../../../src/wire/managesieve/limits.ts'
import { Receiver as ManageSieveReceiver } from '../../../src/wire/managesieve/receiver.ts'
import { Receiver as Pop3Receiver } from '../../../src/wire/pop3/receiver.ts'
import { ChunkDecoder, parseBdat } from '../../../src/wire/smtp/chunk.ts'
import { parseMail, parseRcpt } from '../../../src/wire/smtp/command.ts'
import { DataDecoder, type TextDecoder } from '../../../src/wire/smtp/data.ts'
import { parsePath } from '../../../src/wire/smtp/path.ts'
import { originalReversePath, rewriteReversePath } from '../../../src/wire/smtp/srs.ts'
import { buffers, type FuzzTarget, holds, same, sameWhereverCut } from '../target.ts'

const examples = readFileSync(path.resolve(import.meta.dirname, '../../corpus/imap/rfc-examples.txt'), 'utf8')
  .split('\n')
  .filter(line => /^\d/.test(line))
  .map(line => `${line.slice(5)}\r\n`)

const small = { ...DEFAULT_LIMITS, lineBytes: 2_000, literalBytes: 200, appendBytes: 400 }

function receiveImap(pieces: Buffer[]): Received[] {
  const receiver = createReceiver(small)
  receiver.setAuthenticated()
  const received: Received[] = []
  for (const piece of pieces) {
    receiver.push(piece)
    for (let next = receiver.next(); next.kind !== 'need-more'; next = receiver.next()) received.push(next)
    holds(receiver.buffered === 0, 'bytes are looked at twice')
    holds(receiver.held <= small.appendBytes, `${receiver.held} octets are held`)
  }
  return received
}

const imap: FuzzTarget = {
  name: 'imap',
  mostBytes: 4_000,
  seeds: buffers(
    ...examples,
    'a APPEND x (\\Seen $a) " 7-Feb-1994 22:43:04 -0800" {5+}\r\nhello ~{3+}\r\na\0b UTF8 (~{1+}\r\nx)\r\n',
    'a UID FETCH 1:*,7 (FLAGS BODY.PEEK[1.2.HEADER.FIELDS.NOT ("A" b)]<0.5> BINARY[1]<1.2> PREVIEW (LAZY)) (CHANGEDSINCE 5 VANISHED)\r\n',
    'a SEARCH RETURN (MIN SAVE) CHARSET UTF-8 OR (NOT TEXT "x") MODSEQ "/flags/x" all 5 SINCE 1-Feb-1994 HEADER a {1+}\r\nb\r\n',
    'a ESEARCH IN (mailboxes (a "b") subtree-one c personal) RETURN (COUNT PARTIAL -1:-100) UNSEEN\r\n',
    'a UID REPLACE 4 x (\\Seen $a) {5+}\r\nhello\r\n',
    'a LIST (SUBSCRIBED RECURSIVEMATCH) "" ("%" Entw&APw-rfe/*) RETURN (CHILDREN STATUS (MESSAGES))\r\n',
    'a SELECT "INBOX" (CONDSTORE QRESYNC (1 2 3:4 (1 3)))\r\n',
    'a NOTIFY SET STATUS (selected-delayed (MessageNew (UID BODY.PEEK[HEADER.FIELDS (From)]) MessageExpunge FlagChange)) (subtree (x {1+}\r\ny) (MailboxName)) (inboxes NONE)\r\n',
  ),
  tokens: [
    'a ',
    'UID ',
    'FETCH ',
    'SEARCH ',
    'STORE ',
    'OR ',
    'NOT ',
    '(',
    ')',
    '{5}\r\n',
    '{5+}\r\n',
    '~{3+}\r\n',
    '1:*',
    ',',
    '$',
    '"',
    'BODY[',
    ']',
    '<0.5>',
    'RETURN (',
    '&APw-',
    '\r\n',
    'CHARSET ',
    '(selected ',
    ' NONE)',
    '*',
    '%',
  ],
  check(bytes) {
    for (const received of receiveImap([Buffer.from(bytes)]))
      if (received.kind === 'problem') {
        holds(/^[\x20-\x7e]+$/.test(received.text), 'a problem with characters of the client')
        holds(received.tag === null || /^[\x21-\x7e]+$/.test(received.tag), 'no tag')
      }
    sameWhereverCut(bytes, receiveImap)
  },
}

const utf7: FuzzTarget = {
  name: 'utf7',
  seeds: buffers('Entw&APw-rfe', '&-', '&U,BTFw-&ZeVnLIqe-', 'plain', '&2D3eAA-'),
  tokens: ['&', '-', ',', 'AOk', '2D3e', '&-'],
  check(bytes) {
    const text = bytes.toString('latin1')
    const decoded = decodeUtf7(text)
    if (decoded !== null) same(encodeUtf7(decoded), text, 'one name has two forms')
    const name = bytes.toString('utf8').toWellFormed()
    const encoded = encodeUtf7(name)
    holds(/^[\x20-\x7e]*$/.test(encoded), 'no ASCII')
    same(decodeUtf7(encoded), name, 'the name decoded again')
  },
}

const pop3: FuzzTarget = {
  name: 'pop3',
  mostBytes: 8_000,
  seeds: buffers(
    'USER a\r\nPASS b c\r\nSTAT\r\n',
    'AUTH PLAIN AGEAYg==\r\n',
    'TOP 1 2\r\nRETR 1\r\nLIST\r\nUIDL 4\r\n',
    'CAPA\nNOOP\nQUIT\r\n',
    'UTF8\r\nSTLS\r\n',
  ),
  tokens: ['USER ', 'PASS ', 'RETR ', 'TOP ', 'AUTH ', 'LIST', '\r\n', ' ', '1', '=', 'UTF8'],
  check(bytes) {
    sameWhereverCut(bytes, pieces => {
      const receiver = new Pop3Receiver()
      const received = []
      for (const piece of pieces) {
        receiver.push(piece)
        for (let next = receiver.next(); next.kind !== 'need-more'; next = receiver.next()) {
          received.push(next)
          if (next.kind === 'problem' && next.fatal) return received
        }
      }
      return received
    })
  },
}

const manageSieve: FuzzTarget = {
  name: 'managesieve',
  seeds: buffers(
    'AUTHENTICATE "PLAIN" "AGEAYg=="\r\n',
    'PUTSCRIPT "a" {5+}\r\nkeep;\r\nLISTSCRIPTS\r\n',
    'HAVESPACE "x" 99\r\nSETACTIVE ""\r\n',
    'RENAMESCRIPT "a" {1}\r\nb\r\nNOOP "t"\r\n',
    'CHECKSCRIPT "\\"\\\\"\r\n',
  ),
  tokens: ['"', '\\', '{5+}\r\n', '{1}\r\n', '{99999999999+}\r\n', ' ', '\r\n', 'PUTSCRIPT ', 'NOOP', '0'],
  check(bytes) {
    const read = (pieces: Buffer[]): unknown => {
      const receiver = new ManageSieveReceiver(200)
      const received = []
      for (const piece of pieces) {
        receiver.push(piece)
        for (let next = receiver.next(); next.kind !== 'need-more'; next = receiver.next()) {
          received.push(next.kind === 'tokens' ? parseManageSieve(next.tokens) : next)
          if (next.kind === 'problem' && next.fatal) return received
        }
      }
      return received
    }
    // Of a line beyond the limit the receiver may hold as much as it was given at once.
    if (bytes.length <= LINE_BYTES) sameWhereverCut(bytes, read)
    else read([Buffer.from(bytes)])
  },
}

const smtp: FuzzTarget = {
  name: 'smtp',
  seeds: buffers(
    'MAIL FROM:<a@b.test> SIZE=10 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=x+2By AUTH=<>',
    'RCPT TO:<"x y"@[IPv6:::1]> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+40b',
    'MAIL FROM:<>',
    'RCPT TO:<@a,@b:c@d.test>',
    'RCPT TO:<Postmaster>',
    'BDAT 10 LAST',
    'MAIL FROM:<\xc3\xa9@b.test> SMTPUTF8',
    'RCPT TO:<SRS0=ABCDEF=AB=b.test=a@c.test>',
  ),
  tokens: [
    'MAIL FROM:',
    'RCPT TO:',
    '<',
    '>',
    '@',
    '"',
    '\\',
    '[',
    ']',
    ' SIZE=',
    ' ORCPT=utf-8;',
    '\\x{C9}',
    '+41',
    ' NOTIFY=',
    ',',
    'NEVER',
    'SRS0=',
    'SRS1=',
    '=',
  ],
  check(bytes) {
    const line = bytes.toString('utf8')
    const results = [
      parseMail(line, { auth: true }),
      parseMail(line, { auth: false }),
      parseRcpt(line, { smtpUtf8: true }),
      parseRcpt(line, { smtpUtf8: false }),
    ]
    for (const result of results) {
      if (!result.ok) {
        holds(/^[\x20-\x7e]+$/.test(result.reply.text), 'an answer with characters of the client')
        continue
      }
      const address = 'reversePath' in result ? result.reversePath : result.address
      holds(!/[\r\n\0]/.test(address), 'a line end in an address')
      if (address.includes('@')) {
        const again = parsePath(`<${address}>`, 0)
        same(again?.address, address, 'the address read again')
        const key = { secret: Buffer.from('secret'), now: 1e12 }
        const rewritten = rewriteReversePath(address, 'forward.test', key)
        const isOurs = rewritten !== address && !/^SRS[01]/i.test(address)
        if (isOurs)
          same(
            originalReversePath(rewritten, key),
            `${address.slice(0, address.lastIndexOf('@'))}${address.slice(address.lastIndexOf('@')).toLowerCase()}`,
            'who a bounce is for',
          )
      }
    }
    const bdat = parseBdat(line)
    holds(bdat === null || Number.isSafeInteger(bdat.size), 'a size that is no number')
  },
}

/** What a decoder makes of pieces: the octets that came through, and what it noted. */
function decoded(
  pieces: Buffer[],
  maxBytes: number,
  Decoder: new (most: number, sink: { write(chunk: Uint8Array, start: number, end: number): void }) => TextDecoder,
): unknown {
  const octets: Buffer[] = []
  const decoder = new Decoder(maxBytes, {
    write: (chunk, start, end) => void octets.push(Buffer.from(chunk.subarray(start, end))),
  })
  let used = 0
  for (const piece of pieces) {
    if (decoder.ended) break
    used += decoder.push(piece)
  }
  decoder.finish()
  const { tooBig, bareLineEnd, nul, eightBit, ended, sound } = decoder
  // What was given out of a message that is refused depends on when its flaw was seen.
  return {
    used: ended ? used : null,
    text: sound ? Buffer.concat(octets).toString('latin1') : null,
    tooBig,
    bareLineEnd,
    nul,
    eightBit: sound && eightBit,
    ended,
  }
}

const smtpData: FuzzTarget = {
  name: 'smtp-data',
  seeds: buffers(
    'Subject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n',
    '.\r\n',
    '\r\n.\r\n',
    'a\r\n.\n.\r\n',
    'a\n.\r\n\r\n.\r\n',
    '\r\n.\r',
    'a\r\r\n.\r\n',
  ),
  tokens: ['\r\n.\r\n', '\n.\n', '\r.\r', '..', '.', '\r\n', '\r', '\n', '\0', '\r\n.', '\xe9'],
  check(bytes) {
    for (const Decoder of [DataDecoder, ChunkDecoder])
      for (const most of [1_000_000, 10]) sameWhereverCut(bytes, pieces => decoded(pieces, most, Decoder))
    // Dots stuffed as RFC 5321 §4.5.2 says come through as the text.
    const text = bytes.toString('latin1').replace(/[\0\r\n]/g, '\r\n')
    const stuffed = Buffer.from(`${text.replace(/(^|\r\n)\./g, '$1..')}\r\n.\r\n`, 'latin1')
    const result = decoded([stuffed], 1_000_000, DataDecoder) as { text: string; ended: boolean }
    same([result.ended, result.text], [true, `${text}\r\n`], 'stuffed dots undone')
  },
}

const smtpReplies: FuzzTarget = {
  name: 'smtp-replies',
  seeds: buffers(
    '220 mx ready\r\n',
    '250-a\r\n250-SIZE 10\r\n250 DSN\r\n',
    '550 5.1.1 no\r\n',
    '250\r\n',
    '354 go\n',
    '4xx\r\n',
    '250-a\r\n550 b\r\n',
  ),
  tokens: ['250-', '250 ', '550 5.1.1 ', '\r\n', '\n', '421 ', '\x1b[31m', '\xe9'],
  check(bytes) {
    sameWhereverCut(bytes, pieces => {
      const receiver = new ReplyReceiver()
      const received = []
      for (const piece of pieces) {
        receiver.push(piece)
        for (let next = receiver.next(); next !== 'need-more'; next = receiver.next()) {
          received.push(next)
          if ('problem' in next) return received.map(each => ('problem' in each ? 'problem' : each))
          holds(/^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$/.test(answerText(next)), 'control characters in an answer')
          holds(/^[245]\.\d{1,3}\.\d{1,3}$/.test(statusOf(next)), 'no status')
        }
      }
      return received
    })
  },
}

export const commandTargets = [imap, utf7, pop3, manageSieve, smtp, smtpData, smtpReplies]
