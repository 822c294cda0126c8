/** What a script decided, as what the door does: places, messages to send, what is remembered. */
import { createHash } from 'node:crypto'
import { isAscii } from '../../queue/address.ts'
import type { RuleMemory } from '../../store/types/rules.ts'
import { type AccountRow, Flag, type Flags, type Place } from '../../store/types.ts'
import { readHeader } from '../../wire/mime/header.ts'
import type { Action, FlagNames, Outcome } from '../../wire/sieve/types.ts'
import { rewriteReversePath } from '../../wire/smtp/srs.ts'
import type { Arrival, FilterVerdict } from '../filter.ts'
import { MailboxNameError, newMailboxName } from '../mailbox-name.ts'
import type { AutoReplier } from './auto-replier.ts'
import type { HeaderTexts } from './automatic.ts'
import type { Notifier } from './notifier.ts'

export interface ActionParts {
  replier: Pick<AutoReplier, 'reply'>
  notifier: Notifier
  /** Signs the reverse-paths of what is redirected. */
  forwardingKey: Uint8Array
}

/** One account's message with what its scripts have decided so far. */
export interface Decided {
  account: AccountRow
  arrival: Arrival
  header: HeaderTexts
  verdict: FilterVerdict
  /** Whether it stays in the inbox, as far as decided; the next script goes on from there. */
  isKept: boolean
  /** Those of the keep. */
  flags: FlagNames
}

/** RFC 5228 §4.2: who has had the message before doesn't send it on again. */
const LOOP_FIELD = 'Delivered-To'

/** Carries out what one script decided. `bytesAfter`: the message once so many of the script's header edits were made. */
export async function carryOut(
  parts: ActionParts,
  decided: Decided,
  { actions, implicitKeep, flags, headerEdits }: Outcome,
  bytesAfter: (edits: number) => Uint8Array,
): Promise<void> {
  const { verdict } = decided
  decided.isKept = implicitKeep
  decided.flags = implicitKeep ? flags : []
  if (implicitKeep) verdict.bytes = changed(headerEdits.length, bytesAfter) ?? verdict.bytes
  const memories: RuleMemory[] = []
  for (const action of actions) {
    switch (action.kind) {
      case 'keep':
        decided.isKept = true
        decided.flags = action.flags
        verdict.bytes = changed(action.edits, bytesAfter) ?? verdict.bytes
        break
      case 'fileinto':
        fileInto(decided, action)
        verdict.bytes = changed(action.edits, bytesAfter) ?? verdict.bytes
        break
      case 'redirect':
        redirect(parts, decided, action, bytesAfter)
        break
      case 'reject':
      case 'ereject':
        verdict.refusal = action.reason
        break
      case 'vacation':
        await answer(parts, decided, action)
        break
      case 'notify':
        verdict.sends.push(...(await parts.notifier.notify(decided, action)))
        break
      case 'rememberDuplicate': {
        const hash = duplicateHash(action.handle, action.id)
        memories.push({ kind: 'duplicate', hash, until: decided.arrival.at + action.seconds * 1000 })
        break
      }
      case 'discard':
        break
    }
  }
  if (memories.length > 0) {
    const { at } = decided.arrival
    verdict.also.push({ operation: 'ruleMemory.add', args: { accountId: decided.account.accountId, memories, at } })
  }
}

export const duplicateHash = (handle: string, id: string): Buffer =>
  createHash('sha256').update(`${handle}\0${id}`).digest()

const changed = (edits: number, bytesAfter: (edits: number) => Uint8Array): Uint8Array | null =>
  edits === 0 ? null : bytesAfter(edits)

type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>

/** A name that no mailbox can have is kept in the inbox. */
function fileInto(decided: Decided, { mailbox, flags, create }: ActionOf<'fileinto'>): void {
  try {
    const place: Place = { mailbox: newMailboxName(mailbox), flags: flagsOf(flags), create }
    if (!decided.verdict.places.some(other => other.mailbox === place.mailbox)) decided.verdict.places.push(place)
  } catch (error) {
    if (!(error instanceof MailboxNameError)) throw error
    decided.isKept = true
    decided.flags = flags
  }
}

function redirect(
  { forwardingKey: secret }: ActionParts,
  decided: Decided,
  { address, copy, edits }: ActionOf<'redirect'>,
  bytesAfter: (edits: number) => Uint8Array,
): void {
  const { account, arrival, header, verdict } = decided
  const { message, at } = arrival
  if (header(LOOP_FIELD).some(text => text.toLowerCase() === account.address)) {
    if (!copy) decided.isKept = true
    return
  }
  const sent = edits === 0 ? message.bytes : withoutReturnPath(bytesAfter(edits))
  verdict.sends.push({
    reversePath: rewriteReversePath(message.reversePath, account.domain, { secret, now: at }),
    recipients: [address],
    bytes: Buffer.concat([Buffer.from(`${LOOP_FIELD}: ${account.address}\r\n`), sent]),
    smtpUtf8: message.smtpUtf8 || !isAscii(address),
    eightBit: message.eightBit,
  })
}

/** RFC 5321 §4.4: it belongs to the last delivery alone, which this one was not. */
function withoutReturnPath(bytes: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = []
  let kept = 0
  for (const { name, start, end } of readHeader(bytes).fields) {
    if (name.toLowerCase() !== 'return-path') continue
    pieces.push(bytes.subarray(kept, start))
    kept = end
  }
  return Buffer.concat([...pieces, bytes.subarray(kept)])
}

async function answer(
  { replier }: ActionParts,
  { account, arrival, header, verdict }: Decided,
  { handle, seconds, subject, from, addresses, mime, reason }: ActionOf<'vacation'>,
): Promise<void> {
  const body = mime ? { mime: reason } : { text: reason }
  const answered = { reversePath: arrival.message.reversePath, header, at: arrival.at }
  const wanted = { handle: `vacation ${handle}`, intervalMs: seconds * 1000, subject, body, from, addresses }
  const reply = await replier.reply(account, answered, { ...wanted, audience: 'everyone' })
  verdict.sends.push(...(reply?.sends ?? []))
  verdict.also.push(...(reply?.also ?? []))
}

const systemFlags = new Map([
  ['\\seen', Flag.Seen],
  ['\\answered', Flag.Answered],
  ['\\flagged', Flag.Flagged],
  ['\\deleted', Flag.Deleted],
  ['\\draft', Flag.Draft],
])

export function flagsOf(names: FlagNames): Flags {
  let system = 0
  const keywords: string[] = []
  for (const name of names) {
    const bit = systemFlags.get(name.toLowerCase())
    if (bit !== undefined) system |= bit
    else if (!name.startsWith('\\')) keywords.push(name)
  }
  return { system, keywords }
}
