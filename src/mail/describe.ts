/**
 * What the store keeps of a message beside its bytes: what IMAP sends and searches without reading the message again. One
 * parse, at the message's arrival. Any bytes at all have a description.
 */
import type { EmailIndex, NewEmail } from '../store/types.ts'
import { bodyStructureSteps } from '../wire/imap/body-structure.ts'
import { formatEnvelope } from '../wire/imap/envelope.ts'
import { formatAddresses } from '../wire/mime/address.ts'
import { casemap } from '../wire/mime/casemap.ts'
import { parseDate } from '../wire/mime/date.ts'
import { decodeEncodedWords } from '../wire/mime/encoded-word.ts'
import { finished, type MessageHeader, messageHeaderSteps, type Steps } from '../wire/mime/message-header.ts'
import { parseMessageId, parseMessageIds } from '../wire/mime/message-id.ts'
import { parseMessage } from '../wire/mime/parser.ts'
import { baseSubject } from '../wire/mime/subject.ts'
import { preview } from '../wire/mime/text.ts'
import type { AddressEntry } from '../wire/mime/types.ts'
import { Breather } from './breather.ts'
import { startOfDay } from './day.ts'
import { keptHeaderFields } from './header-fields.ts'

export type Described = Omit<NewEmail, 'blob'>

/** Within one turn of the loop. */
export function describeEmail(bytes: Uint8Array): Described {
  return finished(descriptionSteps(bytes))
}

/** Leaves others their turns: headers full of addresses take most of half a second. */
export async function describeInTurns(bytes: Uint8Array): Promise<Described> {
  const breather = new Breather()
  const steps = descriptionSteps(bytes)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    const pause = breather.pause()
    if (pause) await pause
  }
}

function* descriptionSteps(bytes: Uint8Array): Steps<Described> {
  const root = parseMessage(bytes)
  yield
  const header = yield* messageHeaderSteps(bytes, root.header)
  const envelope = formatEnvelope(header)
  yield
  const bodyStructure = yield* bodyStructureSteps(root, bytes)
  yield
  const index = indexOf(header)
  yield
  const headerFields = keptHeaderFields(root, bytes)
  return { sizeBytes: bytes.length, envelope, bodyStructure, preview: preview(root, bytes), index, headerFields }
}

/** More than `DESCRIBED_AT_ONCE` would be held of messages that are to be kept together. */
export class TooMuchDescribed extends Error {
  constructor() {
    super('the messages have more fields and parts than may be kept at once')
    this.name = 'TooMuchDescribed'
  }
}

/** Characters of what is kept. */
export function describedLength({ envelope, bodyStructure, preview, index, headerFields }: Described): number {
  const texts = [envelope, bodyStructure, preview, headerFields, ...index.references, ...Object.values(index)]
  return texts.reduce<number>((sum, text) => sum + (typeof text === 'string' ? text.length : 0), 0)
}

function indexOf(header: MessageHeader): EmailIndex {
  const subject = decodeEncodedWords(header.subject ?? '')
  const { base, isReplyOrForward } = baseSubject(subject)
  const date = parseDate(header.date ?? '')
  const references = parseMessageIds(header.references ?? '')
  return {
    sentAt: date?.time ?? null,
    sentDay: date ? startOfDay(date.time + date.zone * 60_000) : null,
    messageId: parseMessageId(header.messageId ?? ''),
    // RFC 5256 §3: without References, the first message-id of In-Reply-To is the only one taken.
    references: references.length > 0 ? references : parseMessageIds(header.inReplyTo ?? '').slice(0, 1),
    subject: casemap(subject),
    baseSubject: casemap(base),
    isReplyOrForward,
    from: casemap(formatAddresses(header.from)),
    to: casemap(formatAddresses(header.to)),
    cc: casemap(formatAddresses(header.cc)),
    bcc: casemap(formatAddresses(header.bcc)),
    sortFrom: sortKey(header.from),
    sortTo: sortKey(header.to),
    sortCc: sortKey(header.cc),
    displayFrom: displayKey(header.from),
    displayTo: displayKey(header.to),
  }
}

/** RFC 5256 §3: "addr-mailbox of the first address", which for a group is its name (RFC 9051 §7.5.2). */
function sortKey(entries: readonly AddressEntry[]): string {
  const first = entries[0]
  if (first === undefined) return ''
  return casemap('group' in first ? first.group : first.mailbox)
}

/** RFC 5957 §2: the display name, else the address, of the first address; a group's name. */
function displayKey(entries: readonly AddressEntry[]): string {
  const first = entries[0]
  if (first === undefined) return ''
  if ('group' in first) return casemap(first.group)
  return casemap(first.name ?? formatAddresses([first]))
}
