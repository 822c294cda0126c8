/** Rows of the trace: the columns asked for, what is made of them, and the hashes they are found by. */
import { domainOf } from '../../wire/mime/domain-of.ts'
import { Fragment } from '../sql.ts'
import type {
  NewTrace,
  TraceAdded,
  TraceDirection,
  TraceEvent,
  TraceEventKind,
  TraceFirstStep,
  TraceOrigin,
  TraceRecipient,
  TraceRow,
  TraceRule,
} from '../types/trace.ts'

/** Of `trace AS t`. */
export const traceColumns = new Fragment(
  't.trace_id, t.at, t.direction, t.account_id, t.queue_ids, t.size_bytes, t.id, t.sender, t.message_id, t.subject, t.origin, t.recipients',
)
export type TraceTuple = [
  number,
  number,
  TraceDirection,
  number | null,
  string | null,
  number,
  string,
  string,
  string,
  string,
  string,
  string,
]

export function traceRow(tuple: TraceTuple): TraceRow {
  const [
    traceId,
    at,
    direction,
    accountId,
    queueIds,
    sizeBytes,
    id,
    reversePath,
    messageId,
    subject,
    origin,
    recipients,
  ] = tuple
  return {
    traceId,
    at,
    direction,
    accountId,
    queueIds: queueIds === null ? [] : JSON.parse(queueIds),
    sizeBytes,
    id,
    reversePath,
    messageId,
    subject,
    ...unpackOrigin(origin),
    recipients: unpackRecipients(recipients),
  }
}

/** Of `trace_event AS e`. */
export const eventColumns = new Fragment('e.event_id, e.trace_id, e.at, e.kind, e.recipient, e.detail')
export type EventTuple = [number, number, number, TraceEventKind, string, string]

export function eventRow([eventId, traceId, at, kind, recipient, detail]: EventTuple): TraceEvent {
  return { eventId, traceId, at, kind, recipient, detail: JSON.parse(detail) }
}

// As tuples: names would be half of each row.

/** Behind the last member: the folder of the sender's copy, then the addresses of automatic copies. */
type PackedAdded = (string | null)[]
type PackedOrigin = [TraceOrigin['via'], ...(string | null | PackedAdded)[]]

export function packOrigin(
  { via, remoteAddress, helo, tls, credential, appPasswordId }: TraceOrigin,
  added: TraceAdded | null = null,
): string {
  const packed: PackedOrigin = [via, remoteAddress, helo, tls, credential, appPasswordId]
  packed.push(added && [added.sentCopy, ...added.copies])
  while (packed.length > 1 && packed.at(-1) === null) packed.pop()
  return JSON.stringify(packed)
}

function unpackOrigin(text: string): Pick<TraceRow, 'origin' | 'added'> {
  const [via, remoteAddress = null, helo = null, tls = null, credential = null, appPasswordId = null, added = null] =
    JSON.parse(text) as [TraceOrigin['via'], ...(string | null)[]] & { 6?: [string | null, ...string[]] | null }
  const origin = { via, remoteAddress, helo, tls, credential, appPasswordId }
  if (added === null) return { origin }
  const [sentCopy, ...copies] = added
  return { origin, added: { sentCopy, copies } }
}

type PackedFirst =
  | ['stored', string[], PackedRules]
  | ['queued']
  | ['discarded', PackedRules]
  | ['refused', string, string, number, PackedRules]
type PackedRules = [TraceRule['kind'], string, number | null, TraceRule['did'], string][] | null
type PackedRecipient = [string, string | null, number | null, ...PackedFirst]

export function packRecipients(recipients: readonly TraceRecipient[]): string {
  return JSON.stringify(
    recipients.map(
      ({ address, via, accountId, first }): PackedRecipient => [address, via, accountId, ...packFirst(first)],
    ),
  )
}

function packFirst(first: TraceFirstStep): PackedFirst {
  switch (first.kind) {
    case 'stored':
      return ['stored', first.mailboxes, packRules(first.rules)]
    case 'queued':
      return ['queued']
    case 'discarded':
      return ['discarded', packRules(first.rules)]
    case 'refused':
      return ['refused', first.reason, first.answer, first.count, packRules(first.rules)]
  }
}

export function unpackRecipients(text: string): TraceRecipient[] {
  return (JSON.parse(text) as PackedRecipient[]).map(([address, via, accountId, ...first]) => ({
    address,
    via,
    accountId,
    first: unpackFirst(first),
  }))
}

function unpackFirst(first: PackedFirst): TraceFirstStep {
  switch (first[0]) {
    case 'stored':
      return { kind: 'stored', mailboxes: first[1], rules: unpackRules(first[2]) }
    case 'queued':
      return { kind: 'queued' }
    case 'discarded':
      return { kind: 'discarded', rules: unpackRules(first[1]) }
    case 'refused':
      return { kind: 'refused', reason: first[1], answer: first[2], count: first[3], rules: unpackRules(first[4]) }
  }
}

function packRules(rules: readonly TraceRule[]): PackedRules {
  return rules.length === 0 ? null : rules.map(({ kind, name, line, did, what }) => [kind, name, line, did, what])
}

function unpackRules(rules: PackedRules): TraceRule[] {
  return (rules ?? []).map(([kind, name, line, did, what]) => ({ kind, name, line, did, what }))
}

/** So much of an id's beginning is hashed; one that is asked for by less is looked for among all. */
export const ID_PREFIX = 10

export const addressKey = (address: string): number => fnv1a(address)
export const domainKey = (domain: string): number => fnv1a(`@${domain}`)
export const accountKey = (accountId: number): number => fnv1a(`#${accountId}`)
export const idKey = (id: string): number => fnv1a(`<${id.slice(0, ID_PREFIX)}`)

/** All that a trace can be found by. */
export function keysOf(
  trace: Pick<NewTrace, 'id' | 'messageId' | 'accountId' | 'reversePath' | 'origin' | 'recipients'>,
): number[] {
  const keys = new Set<number>()
  const address = (text: string): void => {
    if (text === '') return
    keys.add(addressKey(text))
    keys.add(domainKey(domainOf(text)))
  }
  for (const id of [trace.id, trace.messageId]) if (id.length >= ID_PREFIX) keys.add(idKey(id))
  if (trace.accountId !== null) keys.add(accountKey(trace.accountId))
  address(trace.reversePath)
  address(trace.origin.credential ?? '')
  for (const recipient of trace.recipients) {
    address(recipient.address)
    if (recipient.via !== null) address(recipient.via)
    if (recipient.accountId !== null) keys.add(accountKey(recipient.accountId))
  }
  return [...keys]
}

/**
 * 32 bits, which SQLite keeps in four bytes. A segment holds some ten thousand hashes, so that few meet by chance; each row
 * found is compared itself.
 */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash | 0
}
