/**
 * POP3 commands as values (RFC 1939, RFC 2449, RFC 2595, RFC 5034, RFC 6856), and their parser.
 *
 * Keywords in any case, arguments behind single spaces. The argument of USER and PASS is the rest of the line, spaces
 * included (RFC 1939 §7, PASS).
 */
import { decodeBase64 } from '../sasl-plain.ts'
import { NUMBER_DIGITS } from './limits.ts'

export type Command =
  | { name: 'USER'; user: string }
  | { name: 'PASS'; password: string }
  /** `mechanism` in upper case, null where none is named. `initial`: decoded; empty for "=" (RFC 5034 §4). */
  | { name: 'AUTH'; mechanism: string | null; initial: Uint8Array | null }
  | { name: 'STLS' | 'CAPA' | 'STAT' | 'RSET' | 'NOOP' | 'QUIT' | 'UTF8' }
  | { name: 'LIST' | 'UIDL'; message: number | null }
  | { name: 'RETR' | 'DELE'; message: number }
  | { name: 'TOP'; message: number; lines: number }

export type CommandName = Command['name']
/** One command of the union by its name. */
export type CommandNamed<N extends CommandName> = Extract<Command, { name: N }>

/** What is wrong with a line, in words for the client. */
export interface Problem {
  problem: string
}

type Parser = (rest: string, given: boolean) => Command | Problem

const parsers: Record<CommandName, Parser> = {
  USER: rest => (rest === '' ? { problem: 'USER needs a user name' } : { name: 'USER', user: rest }),
  PASS: rest => (rest === '' ? { problem: 'PASS needs a password' } : { name: 'PASS', password: rest }),
  AUTH: parseAuth,
  STLS: bare('STLS'),
  CAPA: bare('CAPA'),
  STAT: bare('STAT'),
  RSET: bare('RSET'),
  NOOP: bare('NOOP'),
  QUIT: bare('QUIT'),
  UTF8: bare('UTF8'),
  LIST: optionalMessage('LIST'),
  UIDL: optionalMessage('UIDL'),
  RETR: oneMessage('RETR'),
  DELE: oneMessage('DELE'),
  TOP: parseTop,
}

/** `line`: without its line end. */
export function parseCommand(line: Uint8Array): Command | Problem {
  const text = decodeUtf8(line)
  if (text === null) return { problem: 'The command is not valid UTF-8' }
  if (text.includes('\0')) return { problem: 'The command has a NUL in it' }
  const space = text.indexOf(' ')
  const keyword = (space < 0 ? text : text.slice(0, space)).toUpperCase()
  if (!isCommandName(keyword)) return { problem: 'Unknown command' }
  return parsers[keyword](space < 0 ? '' : text.slice(space + 1), space >= 0)
}

function isCommandName(keyword: string): keyword is CommandName {
  return Object.hasOwn(parsers, keyword)
}

function bare(name: CommandNamed<'STLS' | 'CAPA' | 'STAT' | 'RSET' | 'NOOP' | 'QUIT' | 'UTF8'>['name']): Parser {
  // Some clients leave a space behind the keyword.
  return rest => (rest.trim() === '' ? { name } : { problem: `${name} takes no argument` })
}

function optionalMessage(name: 'LIST' | 'UIDL'): Parser {
  return rest => {
    if (rest.trim() === '') return { name, message: null }
    const message = parseNumber(rest)
    return message === null ? { problem: `${name} takes one message number or none` } : { name, message }
  }
}

function oneMessage(name: 'RETR' | 'DELE'): Parser {
  return rest => {
    const message = parseNumber(rest)
    return message === null ? { problem: `${name} takes one message number` } : { name, message }
  }
}

function parseTop(rest: string): Command | Problem {
  const [number = '', lines = '', ...more] = rest.trimEnd().split(' ')
  const message = parseNumber(number)
  // However many digits: clients ask for the whole message by `TOP 1 9999999999`.
  if (message === null || !/^\d+$/.test(lines) || more.length > 0)
    return { problem: 'TOP takes a message number and a number of lines' }
  return { name: 'TOP', message, lines: Number(lines) }
}

function parseAuth(rest: string): Command | Problem {
  const [mechanism, initial, ...more] = rest.trimEnd().split(' ')
  if (!mechanism) return { name: 'AUTH', mechanism: null, initial: null }
  // RFC 4422 §3.1
  if (!/^[A-Za-z0-9_-]{1,20}$/.test(mechanism) || more.length > 0)
    return { problem: 'AUTH takes a mechanism and an initial response at most' }
  const name = mechanism.toUpperCase()
  if (initial === undefined) return { name: 'AUTH', mechanism: name, initial: null }
  if (initial === '=') return { name: 'AUTH', mechanism: name, initial: new Uint8Array() }
  const decoded = decodeBase64(initial)
  return decoded ? { name: 'AUTH', mechanism: name, initial: decoded } : { problem: 'The response is not valid base64' }
}

function parseNumber(text: string): number | null {
  const digits = text.trimEnd()
  return /^\d+$/.test(digits) && digits.length <= NUMBER_DIGITS ? Number(digits) : null
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
