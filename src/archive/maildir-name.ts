/**
 * The names of a Maildir's folders as those of mailboxes: `.Sent.2024` is the folder "2024" in "Sent". They are in modified
 * UTF-7, some programs write UTF-8. A dot within a name is `\\2e` by Dovecot's listescape, `&AC4-` by Courier.
 */
import { decodeLooseUtf7 } from '../wire/imap/utf7.ts'

/** Dovecot escapes the escaping character too: where one stands alone, nothing is escaped. */
const escaped = /^(?:[^\\]|\\[0-9a-f]{2})*$/i
/** What mailboxes have in no name here may stand in those of others. */
const notHere = /[%*/]/g

/** Levels joined by "/". */
export function mailboxOfFolder(folder: string): string {
  const levels = folder.startsWith('.') ? folder.slice(1).split('.') : [folder]
  // `.a..b`, of programs that know nothing of levels.
  const named = levels.filter(level => level !== '')
  return named.map(level => unescaped(decodeLooseUtf7(level) ?? level).replaceAll(notHere, '_')).join('/') || folder
}

const unescaped = (level: string): string =>
  escaped.test(level)
    ? level.replaceAll(/\\(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : level
