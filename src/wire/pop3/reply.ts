/** Answers: `+OK`, `-ERR` with its response code (RFC 2449 §8, RFC 3206), and the lines of a listing. */

export type ResponseCode = 'IN-USE' | 'AUTH' | 'SYS/TEMP' | 'SYS/PERM' | 'UTF8'

/** A line behind a multi-line answer (RFC 1939 §3). */
export const END = '.\r\n'

export function ok(text: string): string {
  return `+OK ${text}\r\n`
}

export function err(text: string, code?: ResponseCode): string {
  return code ? `-ERR [${code}] ${text}\r\n` : `-ERR ${text}\r\n`
}

/** A whole multi-line answer of lines that never begin with a dot. */
export function listing(text: string, lines: readonly string[]): string {
  return `${ok(text)}${lines.map(line => `${line}\r\n`).join('')}${END}`
}

/** A challenge (RFC 5034 §4); PLAIN's is empty. */
export const CONTINUE = '+ \r\n'
