/**
 * Kinds of setting: how a value is read from TOML or from text, how it is shown, and what to say when it is wrong.
 * Text is what the environment and flags hold; TOML's own numbers, booleans and arrays are taken where they fit.
 */
import { isIP } from 'node:net'
import path from 'node:path'
import { parseAddressRange } from './network-address.ts'
import { parseS3Url } from './s3-url.ts'

export interface Kind<T> {
  /** Ends the sentence "expected …". */
  expected: string
  /** undefined where the value is wrong. `base`: the folder that relative paths start from. */
  read(value: unknown, base: string): T | undefined
  /** As it is written in facteur.toml. */
  show(value: T): string
  /** What is shown of a value that is refused, where a password may be in it. */
  showMistake?(value: unknown): string
}

export interface Endpoint {
  /** null: the addresses of `listen.address`. */
  address: string | null
  /** 0: any free one. */
  port: number
}

const quoted = (text: string): string => JSON.stringify(text)

/** Undefined for what isn't one scalar of TOML or a text. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value).trim()
    : undefined

const listOf = (value: unknown): string[] | undefined => {
  const items = Array.isArray(value) ? value.map(textOf) : textOf(value)?.split(',')
  const known = items?.map(item => item?.trim()).filter(item => item !== undefined && item !== '')
  return known && known.length === items?.length ? (known as string[]) : undefined
}

export const filePath: Kind<string> = {
  expected: 'a path',
  read: (value, base) => (typeof value === 'string' && value !== '' ? path.resolve(base, value) : undefined),
  show: quoted,
}

export const hostName: Kind<string> = {
  expected: 'a host name such as mail.example.org',
  read: value => (typeof value === 'string' && isHostName(value) ? value.toLowerCase() : undefined),
  show: quoted,
}

/** Letters, digits and hyphens (RFC 1123 §2.1); international names in their ASCII form. */
export function isHostName(text: string): boolean {
  return (
    text.length <= 253 &&
    isIP(text) === 0 &&
    text.split('.').every(label => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(label))
  )
}

/** An address with a password in it, of which one that isn't `isRight` is refused. */
const locationKind = (example: string, isRight: (url: URL) => boolean): Kind<string> => ({
  expected: `an address such as ${example}, with %40, %2F and %3F for "@", "/" and "?" of a password`,
  read(value) {
    const url = typeof value === 'string' ? URL.parse(value) : null
    if (typeof value !== 'string' || url === null || !isRight(url)) return undefined
    // A password that holds one of these ends there, and its rest would be taken for path and parameters, which are shown.
    return (url.pathname + url.search + url.hash).includes('@') ? undefined : value
  },
  show: url => quoted(shownLocation(url)),
  showMistake: value => quoted(typeof value === 'string' ? shownMistake(value) : '***'),
})

export const postgresUrl = locationKind(
  'postgres://user@host/database',
  url => /^postgres(?:ql)?:\/\//.test(url.href) && url.pathname.length > 1,
)

export const redisUrl = locationKind(
  'redis://user:password@host:6379/0',
  url => /^rediss?:$/.test(url.protocol) && url.hostname !== '' && /^(?:\/\d*)?$/.test(url.pathname),
)

/** A folder, or a bucket of an object store, whose address stays as it is written. */
export const blobLocation: Kind<string> = {
  expected: 'a path, or an address such as s3://bucket?endpoint=https://s3.example.org',
  read(value, base) {
    if (typeof value !== 'string' || !/^\w+:\/\//.test(value)) return filePath.read(value, base)
    return typeof parseS3Url(value) === 'string' ? undefined : value
  },
  show: location => quoted(shownLocation(location)),
}

/** Never shown. */
export const secret: Kind<string> = {
  expected: 'a text, which is never shown',
  read: value => textOf(value) || undefined,
  show: () => '"***"',
  showMistake: () => '***',
}

/** A name without spaces. */
export const word: Kind<string> = {
  expected: 'a name without spaces',
  read: value => (typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value.trim()) ? value.trim() : undefined),
  show: quoted,
}

/**
 * Without the password, which may hold an "@" or a "/" that nobody encoded; where it is a parameter, nothing behind it is
 * shown: its own "&" or "#" would end it.
 */
export function shownLocation(url: string): string {
  return url.replace(/(:\/\/[^:/?#]*):[^?#]*@/g, '$1:***@').replace(/([?&#](?:ssl)?password=).*$/is, '$1***')
}

/** What was given in the place of a location, and is none: all but its scheme could be a password. */
export function shownMistake(text: string): string {
  return `${/^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0] ?? ''}***`
}

export const mailAddress: Kind<string> = {
  expected: 'a mail address such as postmaster@example.org',
  read(value) {
    const match = typeof value === 'string' ? /^([^\s@<>"(),;:]{1,64})@([^\s@]+)$/.exec(value) : null
    return match && isHostName(match[2] ?? '') ? match[0].toLowerCase() : undefined
  },
  show: quoted,
}

/** Scheme, host and port, without a path. */
export const httpsOrigin: Kind<string> = {
  expected: 'an address such as https://mail.example.org',
  read(value) {
    const url = typeof value === 'string' ? URL.parse(value) : null
    const isOrigin = url?.protocol === 'https:' && url.href === `${url.origin}/` && isHostName(url.hostname)
    return isOrigin ? url.origin : undefined
  },
  show: quoted,
}

/** For a setting that may be left out; empty text leaves it out too. */
export function optional<T>(kind: Kind<T>): Kind<T | null> {
  return {
    expected: kind.expected,
    read: (value, base) => (value === '' ? null : kind.read(value, base)),
    show: value => (value === null ? '""' : kind.show(value)),
    ...(kind.showMistake && { showMistake: kind.showMistake }),
  }
}

export function integer(from: number, to: number): Kind<number> {
  return {
    expected: `a whole number from ${from} to ${to}`,
    read(value) {
      const text = textOf(value) ?? ''
      const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
      return number >= from && number <= to ? number : undefined
    },
    show: String,
  }
}

/** How many, or `auto`. */
export function countOrAuto(to: number): Kind<number | 'auto'> {
  const count = integer(1, to)
  return {
    expected: `auto, or ${count.expected}`,
    read: (value, base) => (value === 'auto' ? value : count.read(value, base)),
    show: value => (value === 'auto' ? quoted(value) : count.show(value)),
  }
}

export const flag: Kind<boolean> = {
  expected: 'true or false',
  read: value => ({ true: true, false: false })[textOf(value) ?? ''],
  show: String,
}

export function oneOf<const T extends string>(...choices: T[]): Kind<T> {
  return {
    expected: `one of ${choices.map(quoted).join(', ')}`,
    read: value => choices.find(choice => choice === value),
    show: quoted,
  }
}

const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB']

/** Bytes. Units are powers of 1024, as other mail servers have them; "MB" and "MiB" are the same. Only 0 needs none. */
export function parseSize(text: string): number | undefined {
  const match = /^(?:0|(\d{1,16}(?:\.\d{1,3})?)\s*([kmgt]?)i?b)$/i.exec(text.trim())
  if (!match) return undefined
  const power = ['', 'k', 'm', 'g', 't'].indexOf((match[2] ?? '').toLowerCase())
  const bytes = Math.round(Number(match[1] ?? 0) * 1024 ** power)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** In the largest unit that loses nothing: `20MB`, `1234567B`. */
export function showSize(bytes: number): string {
  let power = 0
  while (power < 4 && bytes > 0 && bytes % 1024 ** (power + 1) === 0) power++
  return `${bytes / 1024 ** power}${sizeUnits[power]}`
}

export function size(from: number, to: number): Kind<number> {
  return {
    expected: `a size such as 20MB, from ${showSize(from)} to ${showSize(to)}`,
    read(value) {
      const bytes = parseSize(textOf(value) ?? '')
      return bytes !== undefined && bytes >= from && bytes <= to ? bytes : undefined
    },
    show: bytes => quoted(showSize(bytes)),
  }
}

const durationUnits = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const

/** Milliseconds: "90s", "1h30m". A unit is always needed. */
export function parseDuration(text: string): number | undefined {
  const match = /^(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/.exec(text.trim())
  if (!match || match[0] === '') return undefined
  return Object.values(durationUnits).reduce((sum, unit, at) => sum + Number(match[at + 1] ?? 0) * unit, 0)
}

export function showDuration(milliseconds: number): string {
  let rest = milliseconds
  let text = ''
  for (const [unit, length] of Object.entries(durationUnits)) {
    if (rest >= length) text += `${Math.floor(rest / length)}${unit}`
    rest %= length
  }
  return text || '0s'
}

export function duration(from: number, to: number): Kind<number> {
  return {
    expected: `a duration such as 90s, 5m or 4h, from ${showDuration(from)} to ${showDuration(to)}`,
    read(value) {
      const milliseconds = parseDuration(textOf(value) ?? '')
      return milliseconds !== undefined && milliseconds >= from && milliseconds <= to ? milliseconds : undefined
    },
    show: milliseconds => quoted(showDuration(milliseconds)),
  }
}

/** `25`, `address:port`, `[IPv6]:port`; several of them, or `off`. */
export const endpoints: Kind<Endpoint[]> = {
  expected: 'a port such as 25, "192.0.2.1:25" or "[2001:db8::1]:25", an array of these, or "off"',
  read(value) {
    if (value === 'off') return []
    const read = listOf(value)?.map(parseEndpoint)
    return read?.length && read.every(endpoint => endpoint !== undefined) ? read : undefined
  },
  show(value) {
    if (value.length === 0) return '"off"'
    const shown = value.map(endpoint =>
      endpoint.address === null ? String(endpoint.port) : quoted(showEndpoint(endpoint)),
    )
    return shown.length === 1 ? (shown[0] ?? '') : `[${shown.join(', ')}]`
  },
}

function parseEndpoint(text: string): Endpoint | undefined {
  const match = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text)
  if (!match || Number(match[3]) > 65_535) return undefined
  const address = match[1] ?? match[2] ?? null
  if (match[1] !== undefined && isIP(match[1]) !== 6) return undefined
  if (match[2] !== undefined && isIP(match[2]) !== 4) return undefined
  return { address, port: Number(match[3]) }
}

export function showEndpoint({ address, port }: Endpoint): string {
  return address === null ? String(port) : isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`
}

/** IP addresses to listen on; an empty list stands for all of this machine. */
export const listenAddresses: Kind<string[]> = {
  expected: 'an IP address, an array of them, or "*" for all of this machine',
  read(value) {
    if (value === '*') return []
    const read = listOf(value)
    return read?.length && read.every(address => isIP(address) !== 0) ? read : undefined
  },
  show: value =>
    value.length === 0 ? '"*"' : value.length === 1 ? quoted(value[0] ?? '') : `[${value.map(quoted).join(', ')}]`,
}

/** The largest networks anybody has for himself (10.0.0.0/8, fd00::/8); more would let strangers say from where they come. */
const LARGEST_RANGE_BITS = 8

export const addressRanges: Kind<string[]> = {
  expected: 'an IP address such as 192.0.2.53, a range such as 10.0.0.0/24 (no larger than /8), or an array of them',
  read(value) {
    const read = value === '' ? [] : listOf(value)
    return read?.every(text => (parseAddressRange(text)?.bits ?? 0) >= LARGEST_RANGE_BITS) ? read : undefined
  },
  show: value => `[${value.map(quoted).join(', ')}]`,
}

/** DNS servers as `node:dns` takes them; an empty list stands for the system's. */
export const dnsServers: Kind<string[]> = {
  expected: 'an IP address such as 192.0.2.53, "192.0.2.53:5353" or "[2001:db8::53]:53", or an array of them',
  read(value) {
    const read = value === '' ? [] : listOf(value)
    const right = read?.every(text => isIP(text) !== 0 || (parseEndpoint(text)?.address ?? null) !== null)
    return right ? read : undefined
  },
  show: value => `[${value.map(quoted).join(', ')}]`,
}
