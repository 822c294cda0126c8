/** A trace as one reader sees it. Pure: what is known of it, less what is not that reader's to know. */
import type { Language } from '../../store/types/principals.ts'
import type { HoldReason } from '../../store/types/sending.ts'
import type {
  TraceAdded,
  TraceDirection,
  TraceEvent,
  TraceEventKind,
  TraceOrigin,
  TraceRecipient,
  TraceRow,
  TraceRule,
} from '../../store/types/trace.ts'
import { domainOf } from '../../wire/mime/domain-of.ts'
import { type Explanation, explain } from '../../wire/report/explanation/explain.ts'
import { SENT_ON } from '../../wire/report/explanation/rules.ts'
import { type Outcome, outcomeOf, type Sight } from './outcome.ts'
import { holdText, outcomeText, ruleText } from './texts.ts'

export interface Reader {
  language: Language
  timeZone: string
  /** How much of each recipient's mailbox he may know. */
  sightOf(recipient: TraceRow['recipients'][number]): Sight
  /** Whether he sees the subject. */
  seesSubject: boolean
  /** Whether he sees with what it was signed in, and from where. */
  seesOrigin: boolean
  /** The label of the app password it was signed in with, as far as it is still there. */
  appPassword: string | null
  /** Whether he sees in which folder the sender's copy lies. */
  seesSentCopy: boolean
  /** Whether he knows to whom an alias leads. */
  seesBehindAliases: boolean
}

export interface ExplanationView {
  class: Explanation['class']
  whoActs: Explanation['whoActs']
  what: string
  why: string
  todo: string
}

export interface RecipientView {
  address: string
  /** The address given, where it led to this one. */
  via: string | null
  outcome: Outcome
  /** The plain answer. */
  text: string
  /** Of what went wrong; null where nothing did. */
  explanation: ExplanationView | null
}

export interface StepView {
  at: number
  kind: 'accepted' | 'checked' | 'copied' | 'filed' | 'filtered' | 'queued' | 'refused' | TraceEventKind
  /** null: of the message as a whole. */
  address: string | null
  host: string | null
  remoteAddress: string | null
  tls: string | null
  status: string | null
  answer: string | null
  nextAttemptAt: number | null
  mailboxes: string[]
  rule: TraceRule | null
  /** What the rule did, or why it is held, in a sentence. */
  text: string | null
  hold: HoldReason | null
}

export interface TraceView {
  traceId: number
  id: string
  at: number
  direction: TraceDirection
  from: string
  sizeBytes: number
  messageId: string
  subject: string | null
  origin: TraceOrigin & { appPassword: string | null }
  recipientCount: number
  recipients: RecipientView[]
}

/** `junk`: by account, the folders for unwanted mail. */
export function viewOf(
  trace: TraceRow,
  events: readonly TraceEvent[],
  reader: Reader,
  junk: ReadonlyMap<number, ReadonlySet<string>>,
  limit: number,
): TraceView {
  const { traceId, id, at, direction, sizeBytes, messageId, subject, origin, reversePath } = trace
  return {
    traceId,
    id,
    at,
    direction,
    from: reversePath,
    sizeBytes,
    messageId,
    subject: reader.seesSubject ? subject : null,
    origin: reader.seesOrigin
      ? { ...origin, appPassword: reader.appPassword }
      : { ...origin, credential: null, appPasswordId: null, appPassword: null, ...hidden(origin) },
    recipientCount: trace.recipients.length,
    recipients: trace.recipients.slice(0, limit).map(recipient => {
      const own = events.filter(event => event.recipient === recipient.address).map(told(recipient, reader))
      const shown = shownAddress(recipient, reader)
      const names = recipient.accountId === null ? undefined : junk.get(recipient.accountId)
      const outcome = outcomeOf(recipient, at, own, { sight: reader.sightOf(recipient), junk: names ?? new Set() })
      return {
        ...shown,
        outcome,
        text: outcomeText(outcome, reader),
        explanation: explanationOf(outcome, shown.address, reader.language),
      }
    }),
  }
}

/** From where an account signed in is its owner's and those's who look after it. */
function hidden({ via }: TraceOrigin): Partial<TraceOrigin> {
  return via === 'submission' ? { remoteAddress: null, helo: null } : {}
}

function shownAddress(
  { address, via }: { address: string; via: string | null },
  { seesBehindAliases }: Reader,
): { address: string; via: string | null } {
  return via !== null && !seesBehindAliases ? { address: via, via: null } : { address, via }
}

/** Who isn't told where an address leads isn't by the server there either, nor by its words, which may name it; as in reports. */
function told({ address, via }: TraceRecipient, { seesBehindAliases }: Reader): (event: TraceEvent) => TraceEvent {
  return event => {
    const { host, remoteAddress, answer, ...detail } = event.detail
    const names = host != null || remoteAddress != null || answer?.toLowerCase().includes(domainOf(address))
    if (via === null || seesBehindAliases || !names) return event
    return { ...event, detail: event.kind === 'delivered' ? detail : { ...detail, answer: SENT_ON } }
  }
}

/** As a report says it once nobody decided in time. */
const HELD_FOR_REVIEW = 'Held for review because of unusual sending'

function explanationOf(outcome: Outcome, address: string, language: Language): ExplanationView | null {
  const { kind, status, answer, host, hold } = outcome
  if (kind === 'held' && hold !== null) {
    const held = explain({ status: '4.7.0', text: HELD_FOR_REVIEW, action: 'delayed', address, isRemote: false })
    return { class: held.class, whoActs: held.whoActs, ...held.texts[language] }
  }
  const isFailure = kind === 'bounced' || kind === 'expired' || kind === 'refused' || (kind === 'waiting' && answer)
  if (!isFailure || status === null || answer === null) return null
  const action = kind === 'waiting' ? 'delayed' : 'failed'
  const found = explain({ status, text: answer, action, address, isRemote: host !== null })
  return { class: found.class, whoActs: found.whoActs, ...found.texts[language] }
}

/** What happened, in order: what was known at once, then the events. */
export function stepsOf(trace: TraceRow, events: readonly TraceEvent[], reader: Reader): StepView[] {
  const { at, recipients } = trace
  const isRefused = recipients.every(({ first }) => first.kind === 'refused')
  const steps: StepView[] = []
  if (!isRefused) {
    steps.push({ ...bare, at, kind: 'accepted', tls: trace.origin.tls })
    if (trace.origin.via === 'smtp') steps.push({ ...bare, at, kind: 'checked' })
    if (trace.added && reader.seesOrigin) steps.push(...addedSteps(trace.added, at, reader))
  }
  for (const recipient of recipients) {
    const { address } = shownAddress(recipient, reader)
    const sight = reader.sightOf(recipient)
    const { first } = recipient
    if (first.kind !== 'queued' && sight === 'all') steps.push(...ruleSteps(first.rules, at, address, reader))
    if (first.kind === 'refused') steps.push({ ...bare, at, kind: 'refused', address, answer: first.answer })
    else if (first.kind === 'stored')
      steps.push({ ...bare, at, kind: 'stored', address, mailboxes: sight === 'all' ? first.mailboxes : [] })
    else if (first.kind === 'discarded')
      steps.push({ ...bare, at, kind: sight === 'arrival' ? 'stored' : 'discarded', address })
    else steps.push({ ...bare, at, kind: 'queued', address })
  }
  const known = new Map(recipients.map(recipient => [recipient.address, recipient]))
  for (const event of events) {
    const recipient = known.get(event.recipient)
    if (!recipient) continue
    const sight = reader.sightOf(recipient)
    if ((event.kind === 'read' || event.kind === 'removed') && sight === 'arrival') continue
    const { detail } = told(recipient, reader)(event)
    const { address } = shownAddress(recipient, reader)
    if (sight === 'all') steps.push(...ruleSteps(detail.rules ?? [], event.at, address, reader))
    steps.push({
      ...bare,
      at: event.at,
      kind: event.kind === 'discarded' && sight === 'arrival' ? 'stored' : event.kind,
      address,
      host: detail.host ?? null,
      remoteAddress: detail.remoteAddress ?? null,
      tls: detail.tls ?? null,
      status: detail.status ?? null,
      answer: detail.answer ?? null,
      nextAttemptAt: detail.nextAttemptAt ?? null,
      mailboxes: sight === 'all' ? (detail.mailboxes ?? []) : [],
      hold: detail.hold ?? null,
      text: detail.hold === undefined ? null : holdText(detail.hold, reader.language),
    })
  }
  return steps
}

const bare: Omit<StepView, 'at' | 'kind'> = {
  address: null,
  host: null,
  remoteAddress: null,
  tls: null,
  status: null,
  answer: null,
  nextAttemptAt: null,
  mailboxes: [],
  rule: null,
  text: null,
  hold: null,
}

function addedSteps({ sentCopy, copies }: TraceAdded, at: number, { seesSentCopy }: Reader): StepView[] {
  const steps: StepView[] = copies.map(address => ({ ...bare, at, kind: 'copied', address }))
  if (sentCopy !== null) steps.push({ ...bare, at, kind: 'filed', mailboxes: seesSentCopy ? [sentCopy] : [] })
  return steps
}

function ruleSteps(rules: readonly TraceRule[], at: number, address: string, { language }: Reader): StepView[] {
  return rules.map(rule => ({ ...bare, at, kind: 'filtered', address, rule, text: ruleText(rule, language) }))
}
