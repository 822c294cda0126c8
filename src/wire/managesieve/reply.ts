/** Everything a ManageSieve server answers (RFC 5804 §1.2, §1.3, §4). */

export type ResponseCode =
  | 'ENCRYPT-NEEDED'
  | 'QUOTA'
  | 'QUOTA/MAXSCRIPTS'
  | 'QUOTA/MAXSIZE'
  | 'TRYLATER'
  | 'ACTIVE'
  | 'NONEXISTENT'
  | 'ALREADYEXISTS'
  | { tag: string }

/** RFC 5804 §4: a quoted string has at most 1,024 octets and no line end. */
const QUOTED_BYTES = 1024

export function string(text: string): string {
  const bytes = Buffer.byteLength(text)
  if (bytes > QUOTED_BYTES || /[\r\n\0]/.test(text)) return `{${bytes}}\r\n${text}`
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

export const ok = (text: string, code?: ResponseCode): string => reply('OK', text, code)
export const no = (text: string, code?: ResponseCode): string => reply('NO', text, code)
export const bye = (text: string, code?: ResponseCode): string => reply('BYE', text, code)

function reply(type: 'OK' | 'NO' | 'BYE', text: string, code: ResponseCode | undefined): string {
  const inBrackets = code === undefined ? '' : ` (${typeof code === 'string' ? code : `TAG ${string(code.tag)}`})`
  return `${type}${inBrackets} ${string(text)}\r\n`
}

/** One line of CAPABILITY: a name, and what belongs to it. */
export const capability = (name: string, value?: string): string =>
  `${string(name)}${value === undefined ? '' : ` ${string(value)}`}\r\n`
