/** What a script decided, as what the door does: places, messages to send, what is remembered. */
import { createHash } from 'node:crypto'
import { isAscii } from '../../queue/address.ts'
import { originalOf } from '../../queue/sent-on.ts'
import type { TraceRule } from '../../store/types/trace.ts'
import { type AccountRow, Flag, type Flags, type SpecialUse } from '../../store/types.ts'
import { readHeader } from '../../wire/mime/header.ts'
import { sieveMessage } from '../../wire/sieve/message.ts'
import type { Action, ActionOrigin, Change, FlagNames, Outcome } from '../../wire/sieve/types.ts'
import { DELIVERED_TO, deliveredToField, wasSentOnBy } from '../../wire/smtp/delivered-to.ts'
import { rewriteReversePath } from '../../wire/smtp/srs.ts'
import type { Arrival, FiledPlace, FilterVerdict } from '../filter.ts'
import { MailboxNameError, newMailboxName } from '../mailbox-name.ts'
import type { AutoReplier } from './auto-replier.ts'
import type { HeaderTexts } from './automatic.ts'
import { TRACED_CHANGES, TRACED_NAME_CHARACTERS, TRACED_RULES } from './limits.ts'
import { remember } from './memories.ts'
import type { Notifier } from './notifier.ts'
import type { RuleName } from './rule-names.ts'

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
  /** What was made of the message that stays there; null where it is as it came. */
  bytes: Uint8Array | null
  /** Those of the keep, which the next script goes on from. */
  flags: FlagNames
}

/** What belongs to the script that decided. */
export interface ScriptParts {
  /** The message after so many of its header edits; null where nothing was changed since it came. */
  bytesAfter(edits: number): Uint8Array | null
  ruleOf(origin: ActionOrigin): RuleName
}

/** Carries out what one script decided. */
export async function carryOut(
  parts: ActionParts,
  decided: Decided,
  { actions, origins, changes, implicitKeep, flags, headerEdits, error }: Outcome,
  { bytesAfter, ruleOf }: ScriptParts,
): Promise<void> {
  const { verdict } = decided
  decided.isKept = implicitKeep
  decided.flags = implicitKeep ? flags : []
  if (implicitKeep && !error) decided.bytes = bytesAfter(headerEdits.length)
  // RFC 5293 §7: what answers and tells of a message sees its header as it was changed by then.
  const seen = (edits: number): Decided => {
    const bytes = bytesAfter(edits)
    const { message, recipient } = decided.arrival
    const envelope = { from: message.reversePath, to: recipient }
    return bytes === null ? decided : { ...decided, header: sieveMessage(bytes, envelope).header }
  }
  const isSomewhere = implicitKeep || actions.some(({ kind }) => kind !== 'discard' && !isRefusal(kind))
  const noteChanges = (from: number, before: number): void => {
    for (const change of isSomewhere ? changes : [])
      if (change.before >= from && change.before < before) changed(verdict, ruleOf(change), change)
  }
  for (const [index, action] of actions.entries()) {
    noteChanges(index, index + 1)
    const noted = (what: TraceRule['did'], object = ''): void => {
      const origin = origins[index]
      if (origin) did(verdict, ruleOf(origin), what, object)
    }
    switch (action.kind) {
      case 'keep':
        decided.isKept = true
        decided.flags = action.flags
        decided.bytes = bytesAfter(action.edits)
        break
      case 'fileinto':
        if (fileInto(decided, action, bytesAfter(action.edits))) noted('filed', action.mailbox)
        break
      case 'redirect':
        if (redirect(parts, decided, action, bytesAfter(action.edits))) noted('redirected', action.address)
        break
      case 'reject':
      case 'ereject':
        verdict.refusal = { reason: action.reason, isExact: action.kind === 'reject' }
        noted('refused')
        break
      case 'vacation':
        if (await answer(parts, seen(action.edits), action)) noted('answered', decided.arrival.message.reversePath)
        break
      case 'notify': {
        const sent = await parts.notifier.notify(seen(action.edits), action)
        verdict.sends.push(...sent)
        if (sent.length > 0) noted('notified', sent.flatMap(({ recipients }) => recipients).join(', '))
        break
      }
      case 'rememberDuplicate': {
        const hash = duplicateHash(action.handle, action.id)
        const until = decided.arrival.at + action.seconds * 1000
        remember(verdict.memories, { kind: 'duplicate', hash, until, prolongs: action.prolongs })
        break
      }
      case 'discard':
        // What another action keeps is not thrown away.
        if (!implicitKeep && !actions.some(({ kind }) => kind === 'keep' || kind === 'fileinto')) noted('discarded')
        break
    }
  }
  noteChanges(actions.length, Number.POSITIVE_INFINITY)
}

/** Notes what a rule did; the first ones, since a script may do very much. */
export function did({ rules }: FilterVerdict, rule: RuleName, what: TraceRule['did'], object: string): void {
  if (rules.length < TRACED_RULES) rules.push({ ...rule, did: what, what: object.slice(0, TRACED_NAME_CHARACTERS) })
}

/** What one rule does in several commands is told in one. */
function changed(verdict: FilterVerdict, rule: RuleName, { kind, names }: Change): void {
  const what = kind === 'flags' ? 'flagged' : 'edited'
  const last = verdict.rules.at(-1)
  const isSame = last?.did === what && last.kind === rule.kind && last.name === rule.name && last.line === rule.line
  if (!isSame) {
    const noted = verdict.rules.filter(({ did }) => did === 'flagged' || did === 'edited')
    if (noted.length < TRACED_CHANGES) did(verdict, rule, what, names.join(' '))
    return
  }
  const all = [...new Set([...last.what.split(' '), ...names])]
  last.what = all.join(' ').slice(0, TRACED_NAME_CHARACTERS)
}

const isRefusal = (kind: Action['kind']): boolean => kind === 'reject' || kind === 'ereject'

export const duplicateHash = (handle: string, id: string): Buffer =>
  createHash('sha256').update(`${handle}\0${id}`).digest()

type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>

/** A name that no mailbox can have is kept in the inbox: false. */
function fileInto(decided: Decided, action: ActionOf<'fileinto'>, bytes: Uint8Array | null): boolean {
  const { mailbox, flags, create } = action
  try {
    const specialUse = create ? specialUseOf(action.specialUse) : null
    const place: FiledPlace = { mailbox: newMailboxName(mailbox), flags: flagsOf(flags), create, specialUse, bytes }
    const { places } = decided.verdict
    const before = places.findIndex(other => other.mailbox === place.mailbox)
    // RFC 5232 §3: of several, the flags of the last one count.
    if (before >= 0) places[before] = { ...places[before]!, flags: place.flags }
    else places.push(place)
    return true
  } catch (error) {
    if (!(error instanceof MailboxNameError)) throw error
    decided.isKept = true
    decided.flags = flags
    decided.bytes = bytes
    return false
  }
}

const SPECIAL_USES: ReadonlySet<string> = new Set<SpecialUse>([
  'archive',
  'drafts',
  'flagged',
  'junk',
  'sent',
  'trash',
  'important',
])

/** RFC 8579 §4: of a mailbox that is made because there is none of that use. One that we don't know is left out. */
function specialUseOf(attribute: string | null): SpecialUse | null {
  const use = attribute?.replace(/^\\/, '').toLowerCase() ?? ''
  return isSpecialUse(use) ? use : null
}

const isSpecialUse = (use: string): use is SpecialUse => SPECIAL_USES.has(use)

/** False where it would go round. */
function redirect(
  { forwardingKey: secret }: ActionParts,
  decided: Decided,
  { address, copy }: ActionOf<'redirect'>,
  bytes: Uint8Array | null,
): boolean {
  const { account, arrival, header, verdict } = decided
  const { message, recipient, at } = arrival
  // RFC 5228 §4.2: who has had the message before doesn't send it on again.
  if (wasSentOnBy(account.address, header(DELIVERED_TO))) {
    if (!copy) decided.isKept = true
    return false
  }
  const given = message.recipients.find(each => each.address === recipient)
  const sent = bytes === null ? message.bytes : withoutReturnPath(bytes)
  verdict.sends.push({
    reversePath: rewriteReversePath(message.reversePath, account.domain, { secret, now: at }),
    recipients: [address],
    originalRecipient: given?.originalRecipient ?? originalOf(recipient),
    bytes: Buffer.concat([Buffer.from(deliveredToField(account.address)), sent]),
    smtpUtf8: message.smtpUtf8 || !isAscii(address),
    eightBit: message.eightBit,
  })
  return true
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
): Promise<boolean> {
  const body = mime ? { mime: reason } : { text: reason }
  const { memories } = verdict
  const answered = { reversePath: arrival.message.reversePath, header, at: arrival.at, memories }
  const wanted = { handle: `vacation ${handle}`, intervalMs: seconds * 1000, subject, body, from, addresses }
  const reply = await replier.reply(account, answered, { ...wanted, audience: 'everyone' })
  if (!reply) return false
  verdict.sends.push(reply.sent)
  remember(memories, reply.memory)
  return true
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
