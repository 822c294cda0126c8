/** Writes an automatic reply (RFC 3834 §3, RFC 5230 §4). Pure but for the boundaries of the composer, which are random. */
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Language } from '../../store/types/principals.ts'
import { readHeader } from '../../wire/mime/header.ts'
import { REPLY_REFERENCES } from './limits.ts'

export interface Reply {
  from: { name: string; address: string }
  /** The reverse-path of what is answered. */
  to: string
  subject: string
  body: { text: string } | { mime: string }
  /** What is answered; null where it has no Message-ID. */
  inReplyTo: string | null
  references: string | null
  date: number
  /** Unique, without angle brackets. */
  messageId: string
}

export async function composeReply(reply: Reply): Promise<Buffer> {
  const { from, to, subject, body, inReplyTo, references, date, messageId } = reply
  const composer = new MailComposer({
    from,
    to: { name: '', address: to },
    subject,
    date: new Date(date),
    messageId: `<${messageId}>`,
    ...(inReplyTo === null ? {} : { inReplyTo, references: threadOf(references, inReplyTo) }),
    headers: {
      'Auto-Submitted': 'auto-replied',
      // The same to Exchange, which does not know RFC 3834.
      'X-Auto-Response-Suppress': 'All',
    },
    ...('text' in body ? { text: body.text } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: '\r\n',
  })
  const composed = composer.compile()
  if ('text' in body) return composed.build()
  // RFC 5230 §4.4 `:mime`: the reason brings its own Content fields, then an empty line, then the body.
  const header = composed
    .buildHeaders()
    .replace(/^(?:Content-(?:Type|Transfer-Encoding)|MIME-Version):.*(?:\r\n[ \t].*)*(?:\r\n|$)/gim, '')
  return Buffer.concat([Buffer.from(`${header.trimEnd()}\r\nMIME-Version: 1.0\r\n`), entityOf(body.mime)])
}

/** Of its header those fields alone that are a part's (RFC 2045 §3): who writes, to whom and about what is not for it to say. */
function entityOf(text: string): Buffer {
  const bytes = Buffer.from(text.replace(/\r\n|\r|\n/g, '\r\n'))
  const { fields, bodyStart } = readHeader(bytes)
  const own = fields.filter(({ name }) => /^content-/i.test(name)).map(({ start, end }) => bytes.subarray(start, end))
  return Buffer.concat([...own, Buffer.from('\r\n'), bytes.subarray(bodyStart)])
}

function threadOf(references: string | null, inReplyTo: string): string[] {
  const ids = [...(references ?? '').matchAll(/<[^<>\s]{1,500}>/g)].map(([id]) => id)
  const all = [...ids.filter(id => id !== inReplyTo), inReplyTo]
  return all.length > REPLY_REFERENCES ? [all[0]!, ...all.slice(1 - REPLY_REFERENCES)] : all
}

/** What stands before the subject of the message that is answered. */
export function automaticSubject(subject: string, language: Language): string {
  const prefix = language === 'fr' ? 'Réponse automatique\u00a0:' : 'Automatic reply:'
  return subject === '' ? prefix.replace(/\u00a0?:$/, '') : `${prefix} ${subject}`
}
