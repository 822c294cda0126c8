import { DOT_ATOM } from './address-part.ts'

/** An addr-spec without a name, brackets, comments (RFC 5228 §2.4.2.3). */
export function isAddress(text: string): boolean {
  return (
    text.length <= 320 &&
    /^(?:[^\s"(),:;<>@[\\\]\x00-\x1f\x7f]+|"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*")@(?:[a-z0-9\u0080-\uffff](?:[a-z0-9\u0080-\uffff.-]*[a-z0-9\u0080-\uffff])?|\[[^\s[\]\\]+\])$/iu.test(
      text,
    ) &&
    // Between quotes dots stand as they like.
    !/\.\.|@\.|^\.|\.@/.test(text.replace(QUOTED, 'x'))
  )
}

/** A phrase and what stands in angle brackets behind it; a quoted string is read in one way only. */
const NAMED = /^((?:[^"(),:;<>@[\\\]\x00-\x1f\x7f]|"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*")+)<(.*)>[ \t\r\n]*$/su

const QUOTED = /^"(?:[^"\\]|\\.)*"/u

/** An addr-spec with white space around its parts (RFC 5322 §3.4.1, CFWS). */
const SPACED = /^[ \t\r\n]*("(?:[^"\\]|\\.)*"|[^\s"@]+)[ \t\r\n]*@[ \t\r\n]*(\S+)[ \t\r\n]*$/u

/** The addr-spec of a string for an address, with or without a name before it (RFC 5228 §2.4.2.3); null for any other. */
export function addressOf(text: string): string | null {
  const [, phrase = null, address = text] = NAMED.exec(text) ?? []
  if (phrase?.trim() === '') return null
  const [, local = '', domain = ''] = SPACED.exec(address) ?? []
  const plain = `${leastQuoted(local)}@${domain}`
  return isAddress(plain) ? plain : null
}

/** RFC 5321 §4.1.2: all quoted forms are the same local part; the one with the fewest quotes is sent. */
function leastQuoted(local: string): string {
  if (!local.startsWith('"')) return local
  const content = local.slice(1, -1).replace(/\\(.)/gu, '$1')
  return DOT_ATOM.test(content) ? content : `"${content.replace(/["\\]/g, '\\$&')}"`
}
