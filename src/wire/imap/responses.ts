/** Untagged answers as they go on the wire, each with its CRLF (RFC 9051 §7). FETCH is in fetch-response.ts. */
import type { PartialRange, StatusItem } from './command.ts'
import { encodeAstring, encodeMailbox, encodeNstring, encodeString, quote } from './encoder.ts'
import { HIERARCHY_DELIMITER } from './mailbox-name.ts'
import { formatNumbers } from './number-set.ts'
import { formatPartial } from './partial-range.ts'

export function capability(capabilities: readonly string[]): string {
  return `* CAPABILITY ${capabilities.join(' ')}\r\n`
}

/** RFC 5161 §3.2: what this ENABLE switched on, which may be nothing. */
export function enabled(capabilities: readonly string[]): string {
  return `* ENABLED${capabilities.map(name => ` ${name}`).join('')}\r\n`
}

/** RFC 2971 §3.2. */
export function id(parameters: readonly (readonly [string, string | null])[] | null): string {
  if (parameters === null) return '* ID NIL\r\n'
  const pairs = parameters.map(([field, value]) => `${encodeString(field, false)} ${encodeNstring(value, false)}`)
  return `* ID (${pairs.join(' ')})\r\n`
}

/** RFC 9051 §7.3.2 with one personal namespace, which is all there is. */
export function namespace(): string {
  return `* NAMESPACE (("" "${HIERARCHY_DELIMITER}")) NIL NIL\r\n`
}

export interface ListedMailbox {
  name: string
  /** `\HasNoChildren`, `\Drafts`, …, in the order they are to go out. */
  attributes: readonly string[]
  /** CHILDINFO (RFC 5258 §3.5): selection options that mailboxes below meet, as `SUBSCRIBED`. */
  childInfo?: readonly string[]
  /** OLDNAME (RFC 9051 §6.3.9.7): what it was called before RENAME, or as the client spelt it. */
  oldName?: string
}

export function list(mailbox: ListedMailbox, utf8: boolean): string {
  const extended: string[] = []
  if (mailbox.childInfo !== undefined && mailbox.childInfo.length > 0)
    extended.push(`"CHILDINFO" (${mailbox.childInfo.map(quote).join(' ')})`)
  if (mailbox.oldName !== undefined) extended.push(`"OLDNAME" (${encodeMailbox(mailbox.oldName, utf8)})`)
  return listLine('LIST', mailbox, utf8, extended.length === 0 ? '' : ` (${extended.join(' ')})`)
}

/** RFC 3501 §7.2.3. */
export function lsub(mailbox: ListedMailbox, utf8: boolean): string {
  return listLine('LSUB', mailbox, utf8, '')
}

/** The answer to `LIST "" ""`: the delimiter and the root (RFC 9051 §6.3.9). */
export function listRoot(): string {
  return `* LIST (\\Noselect) "${HIERARCHY_DELIMITER}" ""\r\n`
}

function listLine(keyword: string, { name, attributes }: ListedMailbox, utf8: boolean, extended: string): string {
  return `* ${keyword} (${attributes.join(' ')}) "${HIERARCHY_DELIMITER}" ${encodeMailbox(name, utf8)}${extended}\r\n`
}

/** Null for an APPENDLIMIT there is none of (RFC 7889 §5); MAILBOXID's id is put in its parentheses here. */
export type StatusValue = readonly [item: StatusItem, value: number | string | null]

export function status(mailbox: string, values: readonly StatusValue[], utf8: boolean): string {
  const items = values.map(([item, value]) => `${item} ${item === 'MAILBOXID' ? `(${value})` : (value ?? 'NIL')}`)
  return `* STATUS ${encodeMailbox(mailbox, utf8)} (${items.join(' ')})\r\n`
}

/** Flags as on the wire. */
export function flags(names: readonly string[]): string {
  return `* FLAGS (${names.join(' ')})\r\n`
}

export const exists = (messages: number): string => `* ${messages} EXISTS\r\n`
export const recent = (messages: number): string => `* ${messages} RECENT\r\n`
export const expunge = (sequenceNumber: number): string => `* ${sequenceNumber} EXPUNGE\r\n`

/** RFC 7162 §3.2.10; `earlier` for what went before this session or in answer to a question. */
export function vanished(uids: ArrayLike<number>, earlier: boolean): string {
  return `* VANISHED ${earlier ? '(EARLIER) ' : ''}${formatNumbers(uids)}\r\n`
}

/** SEARCH (RFC 3501 §7.2.5) and SORT (RFC 5256 §4); the mod-sequence where MODSEQ was searched and something found (RFC 7162 §3.1.5). */
export function searchOrSort(keyword: 'SEARCH' | 'SORT', numbers: ArrayLike<number>, modseq: number | null): string {
  if (numbers.length === 0) return `* ${keyword}\r\n`
  return `* ${keyword} ${Array.prototype.join.call(numbers, ' ')}${modseq === null ? '' : ` (MODSEQ ${modseq})`}\r\n`
}

export interface SearchResult {
  uid: boolean
  /** Left out where nothing was found, as are `max` and `all` (RFC 4731 §3.1). */
  min?: number
  max?: number
  all?: ArrayLike<number>
  /** Those of the range that there are (RFC 9394 §3.1). */
  partial?: { range: PartialRange; numbers: ArrayLike<number> }
  count?: number
  modseq?: number
}

/** The mailbox that an answer is of, where that is not the selected one (RFC 7377 §2.1). */
export interface SearchedMailbox {
  name: string
  uidValidity: number
}

/** ESEARCH (RFC 9051 §7.3.4, RFC 4731 §3.1, RFC 9394 §3.1), also for SORT with return options (RFC 5267 §3.1). */
export function esearch(
  tag: string,
  { uid, min, max, all, partial, count, modseq }: SearchResult,
  of: SearchedMailbox | null = null,
  utf8 = false,
): string {
  const mailbox = of ? ` MAILBOX ${encodeMailbox(of.name, utf8)} UIDVALIDITY ${of.uidValidity}` : ''
  let line = `* ESEARCH (TAG ${quote(tag)}${mailbox})`
  if (uid) line += ' UID'
  if (min !== undefined) line += ` MIN ${min}`
  if (max !== undefined) line += ` MAX ${max}`
  if (all !== undefined && all.length > 0) line += ` ALL ${formatNumbers(all)}`
  if (partial) line += ` PARTIAL (${formatPartial(partial.range)} ${formatNumbers(partial.numbers) || 'NIL'})`
  if (count !== undefined) line += ` COUNT ${count}`
  if (modseq !== undefined) line += ` MODSEQ ${modseq}`
  return `${line}\r\n`
}

/** Usage and limit in the resource's unit: STORAGE in units of 1,024 octets (RFC 9208 §5.1). */
export interface QuotaResource {
  resource: 'STORAGE' | 'MESSAGE' | 'MAILBOX'
  usage: number
  limit: number
}

export function quota(root: string, resources: readonly QuotaResource[], utf8: boolean): string {
  const texts = resources.map(({ resource, usage, limit }) => `${resource} ${usage} ${limit}`)
  return `* QUOTA ${encodeRoot(root, utf8)} (${texts.join(' ')})\r\n`
}

export function quotaRoot(mailbox: string, roots: readonly string[], utf8: boolean): string {
  return `* QUOTAROOT ${encodeMailbox(mailbox, utf8)}${roots.map(root => ` ${encodeRoot(root, utf8)}`).join('')}\r\n`
}

const encodeRoot = (root: string, utf8: boolean): string => encodeAstring(root, utf8)
