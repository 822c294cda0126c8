/** OK, NO, BAD, BYE and PREAUTH with their response codes (RFC 9051 §7.1, RFC 5530 and those of the extensions). */
import type { NumberRange, Received } from './command.ts'
import { quote } from './encoder.ts'
import { formatRanges } from './number-set.ts'

/** Codes that say all by their name. */
export type PlainResponseCode =
  | 'ALERT'
  | 'ALREADYEXISTS'
  | 'AUTHENTICATIONFAILED'
  | 'AUTHORIZATIONFAILED'
  | 'CANNOT'
  | 'CLIENTBUG'
  | 'CLOSED'
  | 'COMPRESSIONACTIVE'
  | 'CONTACTADMIN'
  | 'CORRUPTION'
  | 'EXPIRED'
  | 'EXPUNGEISSUED'
  | 'HASCHILDREN'
  | 'INUSE'
  | 'LIMIT'
  | 'NOMODSEQ'
  | 'NONEXISTENT'
  | 'NOPERM'
  | 'NOTIFICATIONOVERFLOW'
  | 'NOTSAVED'
  | 'OVERQUOTA'
  | 'PARSE'
  | 'PRIVACYREQUIRED'
  | 'READ-ONLY'
  | 'READ-WRITE'
  | 'SERVERBUG'
  | 'TOOBIG'
  | 'TRYCREATE'
  | 'UIDNOTSTICKY'
  | 'UIDREQUIRED'
  | 'UNAVAILABLE'
  | 'UNKNOWN-CTE'
  | 'USEATTR'

/** Sets are in the order of the messages; those of COPYUID match one by one (RFC 4315 §3). */
export type ResponseCode =
  | PlainResponseCode
  | { code: 'BADCHARSET'; charsets: readonly string[] }
  /** RFC 5465 §8: those that there are. */
  | { code: 'BADEVENT'; events: readonly string[] }
  | { code: 'CAPABILITY'; capabilities: readonly string[] }
  /** Flags as on the wire, `\*` where new keywords can be made. */
  | { code: 'PERMANENTFLAGS'; flags: readonly string[] }
  | { code: 'UIDNEXT' | 'UIDVALIDITY' | 'HIGHESTMODSEQ' | 'UNSEEN'; value: number }
  | { code: 'APPENDUID'; uidValidity: number; uids: readonly NumberRange[] }
  | { code: 'COPYUID'; uidValidity: number; from: readonly NumberRange[]; to: readonly NumberRange[] }
  | { code: 'MODIFIED'; set: readonly NumberRange[] }
  | { code: 'MAILBOXID'; id: string }
  /** RFC 9585 §4; `goal` null where it is not known. */
  | { code: 'INPROGRESS'; tag: string; done: number; goal: number | null }

export type StatusType = 'OK' | 'NO' | 'BAD'

/** What no line of an answer may hold; a tag or text must never start a line of its own. */
const lineBreaks = /[\0\r\n]+/g

export function tagged(tag: string, type: StatusType, text: string, code?: ResponseCode): string {
  return statusLine(tag, type, text, code)
}

/** `* OK`, `* NO`, `* BAD`, the end of a connection with `* BYE`, or the greeting `* PREAUTH`. */
export function untagged(type: StatusType | 'BYE' | 'PREAUTH', text: string, code?: ResponseCode): string {
  return statusLine('*', type, text, code)
}

/** The receiver's problem, tagged where a tag was read. The BYE of a fatal one is the session's to add. */
export function problemResponse({ tag, type, code, text }: Extract<Received, { kind: 'problem' }>): string {
  return `${tag ?? '*'} ${type} ${code === null ? '' : `[${code}] `}${text}\r\n`
}

/** `+ text`: for a literal, IDLE, or a SASL challenge in base64, which may be empty. */
export function continuation(text: string): string {
  return `+ ${text.replace(lineBreaks, ' ')}\r\n`
}

export function formatCode(code: ResponseCode): string {
  if (typeof code === 'string') return code
  switch (code.code) {
    case 'BADCHARSET':
      return `BADCHARSET (${code.charsets.join(' ')})`
    case 'BADEVENT':
      return `BADEVENT (${code.events.join(' ')})`
    case 'CAPABILITY':
      return `CAPABILITY ${code.capabilities.join(' ')}`
    case 'PERMANENTFLAGS':
      return `PERMANENTFLAGS (${code.flags.join(' ')})`
    case 'UIDNEXT':
    case 'UNSEEN':
    case 'UIDVALIDITY':
    case 'HIGHESTMODSEQ':
      return `${code.code} ${code.value}`
    case 'APPENDUID':
      return `APPENDUID ${code.uidValidity} ${formatRanges(code.uids)}`
    case 'COPYUID':
      return `COPYUID ${code.uidValidity} ${formatRanges(code.from)} ${formatRanges(code.to)}`
    case 'MODIFIED':
      return `MODIFIED ${formatRanges(code.set)}`
    case 'MAILBOXID':
      return `MAILBOXID (${code.id})`
    case 'INPROGRESS':
      return inProgress(code)
  }
}

function inProgress({ tag, done, goal }: Extract<ResponseCode, { code: 'INPROGRESS' }>): string {
  // A tag may hold the bracket that ends a code.
  const named = tag.includes(']') ? 'NIL' : quote(tag)
  // RFC 9585 §4: the goal is above 0, and not reached before the command is over.
  const state = goal === null || goal === 0 ? `${done} NIL` : `${Math.min(done, goal - 1)} ${goal}`
  return `INPROGRESS (${named} ${state})`
}

function statusLine(tag: string, type: string, text: string, code: ResponseCode | undefined): string {
  return `${tag} ${type} ${code === undefined ? '' : `[${formatCode(code)}] `}${text.replace(lineBreaks, ' ')}\r\n`
}
