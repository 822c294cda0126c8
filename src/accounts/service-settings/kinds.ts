/**
 * Kinds of setting of the service. Each says what it takes as data, of which the panel builds its form and the API its
 * schema, and reads a value: JSON, or the text of a command line.
 */
import { isHostName } from '../../ops/config-kinds.ts'
import type { Language } from '../../store/types/principals.ts'
import { parseAddress, parseDomain } from '../addresses.ts'
import { SERVER_CHOICES, SERVER_DOMAINS, SERVER_NAME_CHARACTERS } from './limits.ts'

export type NumberUnit = 'days' | 'characters' | 'recipients'

export type SettingShape = { isOptional: boolean } & (
  | { type: 'text'; maxCharacters: number }
  | { type: 'address' | 'host' | 'flag' | 'servers' }
  | { type: 'choice'; choices: readonly string[] }
  | { type: 'number'; minimum: number; maximum: number; unit: NumberUnit }
)

export interface SettingKind<T> {
  shape: SettingShape
  /** Ends the sentence "expected …". */
  expected: string
  /** undefined where the value is wrong. */
  read(value: unknown): T | undefined
}

/** One of the servers to sign in at, where there are several. */
export interface ServerChoice {
  name: string
  /** An origin: `https://mail2.example.org`, with a port where it is not 443. */
  url: string
  /** Whose addresses it is chosen for beforehand. */
  domains: string[]
}

/** One line, without what would end a header or steer a terminal. */
export const text = (maxCharacters: number): SettingKind<string> => ({
  shape: { type: 'text', maxCharacters, isOptional: false },
  expected: `a line of at most ${maxCharacters} characters`,
  read: value => (typeof value === 'string' ? lineOf(value, maxCharacters) : undefined),
})

export const address: SettingKind<string> = {
  shape: { type: 'address', isOptional: false },
  expected: 'a mail address such as support@example.org',
  read: value => (typeof value === 'string' ? parseAddress(value.trim())?.address : undefined),
}

export const host: SettingKind<string> = {
  shape: { type: 'host', isOptional: false },
  expected: 'a host name such as mail.example.org',
  read: value => (typeof value === 'string' && isHostName(value) ? value.toLowerCase() : undefined),
}

export const flag: SettingKind<boolean> = {
  shape: { type: 'flag', isOptional: false },
  expected: 'true or false',
  read: value => (value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined),
}

export const language: SettingKind<Language> = {
  shape: { type: 'choice', choices: ['fr', 'en'], isOptional: false },
  expected: 'fr or en',
  read: value => (value === 'fr' || value === 'en' ? value : undefined),
}

const timeZones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter(name => name !== 'UTC')]

/** An IANA name. */
export const timeZone: SettingKind<string> = {
  shape: { type: 'choice', choices: timeZones, isOptional: false },
  expected: 'a time zone such as Europe/Paris',
  read: value => (typeof value === 'string' && timeZones.includes(value) ? value : undefined),
}

export const number = (minimum: number, maximum: number, unit: NumberUnit): SettingKind<number> => ({
  shape: { type: 'number', minimum, maximum, unit, isOptional: false },
  expected: `a whole number from ${minimum} to ${maximum}`,
  read(value) {
    const read = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
    return typeof read === 'number' && Number.isInteger(read) && read >= minimum && read <= maximum ? read : undefined
  },
})

export const servers: SettingKind<ServerChoice[]> = {
  shape: { type: 'servers', isOptional: false },
  expected: `at most ${SERVER_CHOICES} servers, as [{"name": "…", "url": "https://…", "domains": ["…"]}], each URL and each domain once`,
  read(value) {
    const list = typeof value === 'string' ? parseJson(value) : value
    if (!Array.isArray(list) || list.length > SERVER_CHOICES) return undefined
    const read = list.map(serverChoice).filter(choice => choice !== undefined)
    const domains = read.flatMap(choice => choice.domains)
    const isWhole = read.length === list.length
    const isUnambiguous =
      new Set(domains).size === domains.length && new Set(read.map(({ url }) => url)).size === read.length
    return isWhole && isUnambiguous ? read : undefined
  },
}

export function optional<T>({ shape, expected, read }: SettingKind<T>): SettingKind<T | null> {
  return {
    shape: { ...shape, isOptional: true },
    expected,
    read: value => (value === null || value === '' ? null : read(value)),
  }
}

function serverChoice(value: unknown): ServerChoice | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { name, url, domains, ...others }: Record<string, unknown> = { ...value }
  if (Object.keys(others).length > 0 || typeof name !== 'string' || typeof url !== 'string') return undefined
  if (!Array.isArray(domains) || domains.length > SERVER_DOMAINS) return undefined
  const read = domains.map(domain => (typeof domain === 'string' ? parseDomain(domain) : null))
  const line = lineOf(name, SERVER_NAME_CHARACTERS)
  const origin = originOf(url)
  if (line === undefined || origin === undefined) return undefined
  const known = read.filter(domain => domain !== null)
  return known.length === read.length ? { name: line, url: origin, domains: known } : undefined
}

/** The page behind it asks for passwords: HTTPS alone, and nothing but the host and its port. */
function originOf(url: string): string | undefined {
  const parsed = URL.parse(url.trim())
  if (parsed?.protocol !== 'https:' || parsed.username !== '' || parsed.password !== '') return undefined
  return parsed.pathname === '/' && parsed.search === '' && parsed.hash === '' ? parsed.origin : undefined
}

/** Printable text of one line: no controls, no separators of lines, nothing that turns the direction of text around. */
export function lineOf(value: string, maxCharacters: number): string | undefined {
  const line = value.trim().normalize('NFC')
  return line !== '' && line.length <= maxCharacters && !/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(line)
    ? line
    : undefined
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
