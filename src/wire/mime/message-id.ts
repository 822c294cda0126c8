/** Message-ids in Message-ID, In-Reply-To and References (RFC 5322 §3.6.4), as threading compares them (RFC 5256 §3). */
import { REFERENCES } from './limits.ts'

/**
 * All message-ids in the text, in order, without angle brackets, comments, folding and needless quotes. Phrases between
 * them (RFC 5322 §4.5.4) are passed over. Where there are more than `REFERENCES` the newest, which stand last, are kept.
 */
export function parseMessageIds(text: string): string[] {
  const ids: string[] = []
  for (const [, inner = ''] of text.matchAll(/<([^<>]*)>/g)) {
    const id = normalise(inner)
    if (id !== '') ids.push(id)
  }
  return ids.length > REFERENCES ? ids.slice(-REFERENCES) : ids
}

/** The id of a Message-ID field; programs that leave out the brackets are understood. Empty where there is none. */
export function parseMessageId(text: string): string {
  return parseMessageIds(text)[0] ?? (/^[^\s<>@]+@[^\s<>@]+$/.test(text) ? text : '')
}

/** RFC 5256 §3: `<"01KF8JCEOCBS0045PS"@xxx.yyy.com>` is the same as `<01KF8JCEOCBS0045PS@xxx.yyy.com>`. */
function normalise(inner: string): string {
  const id = inner.replace(/\([^()]*\)|\s+/g, '')
  return id.includes('"')
    ? id.replace(/^"((?:[^"\\]|\\.)*)"(?=@)/, (_, quoted: string) => quoted.replace(/\\(.)/g, '$1'))
    : id
}
