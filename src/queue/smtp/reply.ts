/** Replies of an SMTP server (RFC 5321 §4.2), from bytes in any pieces to values. Pure; "need more" is a value. */
import { ANSWER_CHARACTERS, REPLY_BYTES, REPLY_LINE_BYTES } from '../limits.ts'

export interface Reply {
  code: number
  /** Each line as it came, without its end. */
  lines: string[]
}

export type ReplyResult = Reply | 'need-more' | { problem: string }

const LF = 0x0a

export class ReplyReceiver {
  #buffer: Buffer = Buffer.alloc(0)
  #scanned = 0
  #lines: string[] = []
  #bytes = 0

  push(bytes: Uint8Array): void {
    this.#buffer = this.#buffer.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#buffer, bytes])
  }

  /** Whether bytes are here that no reply has used: unasked-for words of the server. */
  get pending(): boolean {
    return this.#buffer.length > 0 || this.#lines.length > 0
  }

  /** Whether more is here than any reply needs, while nobody reads. */
  get overflowing(): boolean {
    return this.#buffer.length > REPLY_BYTES
  }

  /** Throws away what came so far, as STARTTLS demands (RFC 3207 §4.2). */
  clear(): void {
    this.#buffer = Buffer.alloc(0)
    this.#scanned = 0
    this.#lines = []
    this.#bytes = 0
  }

  next(): ReplyResult {
    for (;;) {
      const end = this.#buffer.indexOf(LF, this.#scanned)
      if (end < 0) {
        this.#scanned = this.#buffer.length
        return this.#buffer.length > REPLY_LINE_BYTES ? { problem: 'a line without end' } : 'need-more'
      }
      const raw = this.#buffer.subarray(0, end > 0 && this.#buffer[end - 1] === 0x0d ? end - 1 : end)
      const line = decode(raw)
      this.#buffer = this.#buffer.subarray(end + 1)
      this.#scanned = 0
      this.#bytes += raw.length
      if (raw.length > REPLY_LINE_BYTES || this.#bytes > REPLY_BYTES) return { problem: 'an answer without end' }
      const match = /^([2-5]\d\d)(?:([ -])|$)/.exec(line)
      if (!match) return { problem: printable(line).slice(0, 200) }
      this.#lines.push(line)
      if (match[2] === '-') continue
      const reply = { code: Number(match[1]), lines: this.#lines }
      this.#lines = []
      this.#bytes = 0
      return reply
    }
  }
}

/** RFC 5321 §4.2 wants ASCII, RFC 6531 §3.7.4 allows UTF-8, some send neither. */
function decode(raw: Buffer): string {
  const text = raw.toString('utf8')
  return text.includes('\ufffd') ? raw.toString('latin1') : text
}

/** Without control characters, which could otherwise act on a terminal or break a header. */
export function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, '?')
}

/** The answer as it came, lines apart by "\n"; harmless and bounded. */
export function answerText(reply: Reply): string {
  const text = reply.lines.map(line => printable(line).trimEnd()).join('\n')
  return text.length <= ANSWER_CHARACTERS ? text : `${text.slice(0, ANSWER_CHARACTERS - 1)}…`
}

/** The enhanced status code the reply carries (RFC 2034 §4), else the one its first digit gives; 4.5.0 for a 3xx, which is out of place. */
export function statusOf(reply: Reply): string {
  const first = String(reply.code).charAt(0)
  const found = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?:\s|$)/.exec(reply.lines[0] ?? '')?.[1]
  if (first === '3') return '4.5.0'
  return found?.startsWith(first) ? found : `${first}.0.0`
}
