/**
 * A notice as a mail: plain text and simple HTML that say the same. Pure but for the boundaries, which are random.
 *
 * Values come from strangers (names, addresses, programs' names of themselves): none of them can end a header field, open
 * an element, or make a line of its own.
 */
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Language } from '../../store/types/principals.ts'
import type { NoticeContext, NoticePart, NoticeText } from './text.ts'

export interface NoticeMail {
  text: NoticeText
  language: Language
  from: { name: string; address: string }
  to: string
  /** Where answers go; null: nowhere else than From. */
  replyTo: string | null
  date: number
  /** Unique, without angle brackets. */
  messageId: string
  signature: Pick<NoticeContext, 'brand' | 'supportAddress'>
}

export async function composeNotice(mail: NoticeMail): Promise<Buffer> {
  const { text, language, from, to, replyTo, date, messageId, signature } = mail
  const parts = text.parts.map(clean)
  const composer = new MailComposer({
    from: { name: oneLine(from.name), address: oneLine(from.address) },
    to: { name: '', address: oneLine(to) },
    ...(replyTo === null ? {} : { replyTo: { name: '', address: oneLine(replyTo) } }),
    subject: oneLine(text.subject),
    date: new Date(date),
    messageId: `<${messageId}>`,
    headers: {
      // RFC 3834 §5: so that no auto-reply answers it; the second says the same to Exchange.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': language,
    },
    text: plain(parts, signature, language),
    html: html(parts, signature, language),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: '\r\n',
  })
  return composer.compile().build()
}

/** Line ends and other control characters become a space, those that reverse the direction of text nothing. */
export function oneLine(text: string): string {
  return text
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ')
    .trim()
}

const linesOf = (text: string): string[] =>
  text
    .trim()
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map(oneLine)

function clean(part: NoticePart): NoticePart {
  if (typeof part === 'string') return oneLine(part)
  if ('url' in part) return { action: oneLine(part.action), url: oneLine(part.url) }
  if ('words' in part) return { words: linesOf(part.words).join('\n') }
  return { facts: part.facts.map(([name, value]) => [oneLine(name), oneLine(value)] as const) }
}

type Signature = NoticeMail['signature']

function plain(parts: readonly NoticePart[], signature: Signature, language: Language): string {
  const colon = language === 'fr' ? '\u00a0:' : ':'
  const blocks = parts.map(part => {
    if (typeof part === 'string') return part
    if ('url' in part) return `${part.action}\n${part.url}`
    if ('words' in part) return part.words
    return part.facts.map(([name, value]) => `${name}${colon} ${value}`).join('\n')
  })
  return `${[...blocks, `-- \n${signatureLines(signature).join('\n')}`].join('\n\n')}\n`
}

function html(parts: readonly NoticePart[], signature: Signature, language: Language): string {
  const blocks = parts.map(part => {
    if (typeof part === 'string') return `<p>${escaped(part)}</p>`
    if ('url' in part) {
      const url = escaped(part.url)
      // The address itself as well: who is careful compares it, and some programs take links out.
      return `<p><a href="${url}"><strong>${escaped(part.action)}</strong></a><br><small>${url}</small></p>`
    }
    if ('words' in part) return `<blockquote>${linesOf(part.words).map(escaped).join('<br>\n')}</blockquote>`
    const rows = part.facts.map(
      ([name, value]) => `<tr><td>${escaped(name)}&nbsp;&nbsp;</td><td>${escaped(value)}</td></tr>`,
    )
    return `<table>${rows.join('')}</table>`
  })
  const end = signatureLines(signature).map(escaped).join('<br>')
  const body = [...blocks, `<p><small>${end}</small></p>`].join('\n')
  return `<!doctype html>\n<html lang="${language}"><head><meta charset="utf-8"></head>\n<body style="font-family: sans-serif; max-width: 40em">\n${body}\n</body></html>\n`
}

function signatureLines({ brand, supportAddress }: Signature): string[] {
  return [oneLine(brand), ...(supportAddress === null ? [] : [oneLine(supportAddress)])]
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => entities[character] ?? '')
}
