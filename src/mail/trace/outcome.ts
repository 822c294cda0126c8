/** What became of one recipient's copy, in one value: the plain answer that stands before the steps. Pure. */
import type { HoldReason } from '../../store/types/sending.ts'
import type { TraceEvent, TraceRecipient, TraceRule } from '../../store/types/trace.ts'

/**
 * delivered: another server took it, or it was passed on to where an address of this service leads. stored: it is in the inbox. junk, folder: it is in another folder. discarded: a rule of
 * the recipient kept no copy. waiting: it will be tried. held: staff stopped it, or have to look at it first. refused: not taken in here. bounced,
 * expired: given up, at once or after days. dropped: staff took it out of the queue. gone: it was held
 * when the mailbox that sent it was deleted.
 */
export type OutcomeKind =
  | 'delivered'
  | 'stored'
  | 'junk'
  | 'folder'
  | 'discarded'
  | 'waiting'
  | 'held'
  | 'refused'
  | 'bounced'
  | 'expired'
  | 'dropped'
  | 'gone'

export interface Outcome {
  kind: OutcomeKind
  /** Since when it is so. */
  at: number
  /** The server that answered last. */
  host: string | null
  /** Version and cipher of the connection to it. */
  tls: string | null
  /** Enhanced status code, and the answer's own words; of a refusal of this service, its answer. */
  status: string | null
  answer: string | null
  attempts: number
  nextAttemptAt: number | null
  /** Where it was stored, and the rule that decided so. */
  mailboxes: string[]
  rule: TraceRule | null
  /** When it was first fetched by POP3. */
  readAt: number | null
  /** How many refusals alike this one stands for. */
  count: number
  /** Of what is held, or was until its time was over: what was unusual; null where staff held this message. */
  hold: HoldReason | null
}

/** How much of what happened in a mailbox may be told: all of it, in which kind of folder, or that it arrived. */
export type Sight = 'all' | 'folder' | 'arrival'

/** `events`: of this recipient, ascending. `junk`: names of the mailbox's folders for unwanted mail. */
export function outcomeOf(
  recipient: Pick<TraceRecipient, 'first'>,
  at: number,
  events: readonly TraceEvent[],
  { sight, junk }: { sight: Sight; junk: ReadonlySet<string> },
): Outcome {
  const outcome = firstOutcome(recipient.first, at)
  for (const event of events) follow(outcome, event)
  return seen(placed(outcome, junk), sight)
}

function firstOutcome(first: TraceRecipient['first'], at: number): Outcome {
  const outcome: Outcome = { ...nothing, mailboxes: [], at }
  switch (first.kind) {
    case 'stored':
      return { ...outcome, kind: 'stored', mailboxes: first.mailboxes, rule: decisive(first.rules, true) }
    case 'discarded':
      return { ...outcome, kind: 'discarded', rule: decisive(first.rules, false) }
    case 'refused': {
      const status = /^\d{3} (\d\.\d{1,3}\.\d{1,3}) /.exec(first.answer)?.[1] ?? null
      const rule = decisive(first.rules, false)
      return { ...outcome, kind: 'refused', answer: first.answer, status, count: first.count, rule }
    }
    case 'queued':
      return outcome
  }
}

/** The one that decided where the message went. */
function decisive(rules: readonly TraceRule[] = [], isKept: boolean): TraceRule | null {
  const decides = ({ did }: TraceRule): boolean =>
    isKept ? did === 'filed' : did === 'discarded' || did === 'redirected' || did === 'refused'
  return rules.findLast(decides) ?? null
}

const nothing: Omit<Outcome, 'at' | 'mailboxes'> = {
  kind: 'waiting',
  host: null,
  tls: null,
  status: null,
  answer: null,
  attempts: 0,
  nextAttemptAt: null,
  rule: null,
  readAt: null,
  count: 1,
  hold: null,
}

function follow(outcome: Outcome, { kind, at, detail }: TraceEvent): void {
  if (kind === 'removed') return
  if (kind === 'read') {
    outcome.readAt ??= at
    return
  }
  outcome.at = at
  outcome.nextAttemptAt = detail.nextAttemptAt ?? null
  switch (kind) {
    case 'delivered':
    case 'deferred':
    case 'bounced':
    case 'expired':
      outcome.kind = kind === 'deferred' ? (outcome.kind === 'held' ? 'held' : 'waiting') : kind
      outcome.attempts++
      outcome.host = detail.host ?? detail.remoteAddress ?? null
      outcome.tls = detail.tls ?? null
      outcome.status = detail.status ?? null
      outcome.answer = detail.answer ?? null
      break
    case 'stored':
      outcome.kind = 'stored'
      outcome.mailboxes = detail.mailboxes ?? []
      outcome.rule = decisive(detail.rules, true)
      outcome.answer = outcome.status = null
      break
    case 'discarded':
      outcome.kind = 'discarded'
      outcome.rule = decisive(detail.rules, false)
      break
    case 'held':
      outcome.kind = 'held'
      outcome.hold = detail.hold ?? null
      break
    case 'released':
    case 'retried':
      outcome.kind = 'waiting'
      outcome.hold = null
      outcome.nextAttemptAt = at
      break
    case 'dropped':
    case 'gone':
      outcome.kind = kind
      break
  }
}

function placed(outcome: Outcome, junk: ReadonlySet<string>): Outcome {
  const { kind, mailboxes } = outcome
  if (kind !== 'stored' || mailboxes.includes('INBOX') || mailboxes.length === 0) return outcome
  return { ...outcome, kind: mailboxes.every(name => junk.has(name)) ? 'junk' : 'folder' }
}

/** What a recipient's rules do is his alone: to the sender it arrived. */
function seen(outcome: Outcome, sight: Sight): Outcome {
  if (sight === 'all') return outcome
  const bare = { ...outcome, mailboxes: [], rule: null }
  if (sight === 'folder') return bare
  const isIn = ['stored', 'junk', 'folder', 'discarded'].includes(outcome.kind)
  return { ...bare, readAt: null, kind: isIn ? 'stored' : outcome.kind }
}
