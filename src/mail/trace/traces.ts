/**
 * What became of messages, for whoever asks: an owner what his account sent and got, a manager what came from his domains or
 * went to them, staff all. What an actor may not see is not there for him.
 */
import { AccountError } from '../../accounts/account-error.ts'
import { type Actor, isStaff, mayManage, visibleDomains } from '../../accounts/actor.ts'
import type { ReadsSettings } from '../../accounts/service-settings/service-settings.ts'
import type { Store } from '../../store/store.ts'
import type { Language } from '../../store/types/principals.ts'
import type { LinkedRecipient, TraceEvent, TraceRow, TraceScope, TraceSearch } from '../../store/types/trace.ts'
import type { QueueRecipientRow } from '../../store/types.ts'
import { domainOf } from '../../wire/mime/domain-of.ts'
import * as limits from './limits.ts'
import { type Reader, type StepView, stepsOf, type TraceView, viewOf } from './view.ts'
import { addressPattern, looser, type Window, windowOf } from './wish.ts'

export interface TraceWish {
  /** An address or as much of it as is remembered. */
  sender: string | null
  recipient: string | null
  /** The same, at either end. */
  address: string | null
  way: TraceSearch['way']
  status: TraceSearch['status']
  /** The id told to the client, or the Message-ID; a piece of either. */
  id: string | null
  /** About that time; else between the two. */
  around: number | null
  since: number | null
  until: number | null
  /** Where the page before ended. */
  below: number | null
  limit: number
}

export interface TracePage {
  items: TraceView[]
  /** null: that was all. Where it is not, a page may be empty all the same: so many were looked at. */
  next: number | null
}

/** What waits, for those who may do something about it. */
export interface QueuedRecipient
  extends Pick<QueueRecipientRow, 'queueId' | 'recipientId' | 'address' | 'status' | 'attempts' | 'nextAttemptAt'> {}

export interface TraceDetail extends TraceView {
  steps: StepView[]
  /** Of staff alone; what has left the queue is no longer there. */
  queue: QueuedRecipient[]
}

/** `own`: as the owner of a mailbox, whatever else he is. */
export type Side = 'own' | 'managed'

export interface TracesParts {
  store: Store
  settings: ReadsSettings
}

export class Traces {
  readonly #parts: TracesParts

  constructor(parts: TracesParts) {
    this.#parts = parts
  }

  /** Latest first. An address or id that nobody has is looked for as a piece of one. */
  async search(actor: Actor, side: Side, wish: TraceWish, language: Language): Promise<TracePage> {
    const scope = await this.#scopeOf(actor, side)
    const { way, status, below, limit } = wish
    const sender = addressPattern(wish.sender)
    const recipient = addressPattern(wish.recipient)
    const address = addressPattern(wish.address)
    const id = wish.id?.trim().replace(/^<|>$/g, '') || null
    const search = { scope, way, status, window: windowOf(wish), below, limit }
    const exactly = { sender, recipient, address, id: id === null ? null : { text: id, match: 'prefix' as const } }
    let found = await this.#find({ ...search, ...exactly })
    if (found.rows.length === 0 && found.next === null && below === null) {
      const loose = { sender: looser(sender), recipient: looser(recipient), address: looser(address) }
      if (id !== null || loose.sender || loose.recipient || loose.address)
        found = await this.#find({
          ...search,
          sender: loose.sender ?? sender,
          recipient: loose.recipient ?? recipient,
          address: loose.address ?? address,
          id: id === null ? null : { text: id, match: 'part' },
        })
    }
    const items = await this.#views(actor, side, found.rows, language)
    return { items, next: found.next }
  }

  /** Throws `trace-not-found`. */
  async show(actor: Actor, side: Side, traceId: number, language: Language): Promise<TraceDetail> {
    const row = await this.find(actor, side, traceId)
    const { store } = this.#parts
    const recipients = row.recipients.map(({ address }) => address)
    const [events, queue] = await Promise.all([
      store.read('trace.events', { traceIds: [traceId], recipients, limit: limits.SHOWN_EVENTS }),
      isStaff(actor) && side === 'managed' ? this.queued(row) : [],
    ])
    const reader = await this.#readerOf(actor, side, row, language, queue)
    const junk = await this.#junkOf([row])
    const view = viewOf(row, events, reader, junk, limits.SHOWN_RECIPIENTS)
    return { ...view, steps: stepsOf(row, events, reader), queue }
  }

  /**
   * What a link may tell: no more than the actor sees, which of others' mailboxes may be that it arrived; null: of all, as
   * staff see them. Throws `trace-not-found`.
   */
  async linked(
    actor: Actor,
    side: Side,
    traceId: number,
  ): Promise<Pick<TraceRow, 'id'> & { recipients: LinkedRecipient[] | null }> {
    const { id, recipients } = await this.find(actor, side, traceId)
    if (isStaff(actor) && side === 'managed') return { id, recipients: null }
    const sightOf = sightFor(actor, side)
    return {
      id,
      recipients: recipients.map(recipient => ({
        address: recipient.address,
        sight: sightOf(recipient) === 'arrival' ? 'arrival' : 'folder',
      })),
    }
  }

  /** As the holder of a link sees it: no subject, no folders, nothing of who signed in. Throws `trace-not-found`. */
  async showToHolder(
    traceId: number,
    recipients: readonly LinkedRecipient[] | null,
    language: Language,
  ): Promise<TraceDetail> {
    const { store } = this.#parts
    const whole = await store.read('trace.byId', { traceId, scope: null })
    if (!whole) throw notFound()
    const sights = recipients && new Map(recipients.map(({ address, sight }) => [address, sight]))
    const row =
      sights === null ? whole : { ...whole, recipients: whole.recipients.filter(({ address }) => sights.has(address)) }
    const shown = row.recipients.map(({ address }) => address)
    const events = await store.read('trace.events', {
      traceIds: [traceId],
      recipients: shown,
      limit: limits.SHOWN_EVENTS,
    })
    const reader: Reader = {
      language,
      timeZone: (await this.#parts.settings.current()).timeZone,
      sightOf: ({ address }) => (sights === null ? 'folder' : (sights.get(address) ?? 'arrival')),
      seesSubject: false,
      seesOrigin: false,
      seesSentCopy: false,
      appPassword: null,
      seesBehindAliases: false,
    }
    const view = viewOf(row, events, reader, await this.#junkOf([row]), limits.SHOWN_RECIPIENTS)
    return { ...view, steps: stepsOf(row, events, reader), queue: [] }
  }

  /** The row as far as the actor may see it. Throws `trace-not-found`. */
  async find(actor: Actor, side: Side, traceId: number): Promise<TraceRow> {
    const row = await this.#parts.store.read('trace.byId', { traceId, scope: await this.#scopeOf(actor, side) })
    if (!row) throw notFound()
    return row
  }

  /** What became of it in the queue, as long as that is kept. */
  async queued({ queueIds }: TraceRow): Promise<QueuedRecipient[]> {
    const entries = await Promise.all(queueIds.map(queueId => this.#parts.store.read('queue.show', { queueId })))
    return entries.flatMap(entry =>
      (entry?.recipients ?? []).map(({ queueId, recipientId, address, status, attempts, nextAttemptAt }) => ({
        queueId,
        recipientId,
        address,
        status,
        attempts,
        nextAttemptAt,
      })),
    )
  }

  /**
   * Of staff: what came behind `after`, oldest first, each message with what is known of it by now. null: nothing yet, but
   * where to begin.
   */
  async tail(actor: Actor, after: number | null, language: Language): Promise<{ items: TraceView[]; next: number }> {
    if (!isStaff(actor)) throw notFound()
    const { traces, events, last } = await this.#parts.store.read('trace.tail', { after, limit: limits.TAIL_ENTRIES })
    const rows = new Map([...traces, ...events.map(({ trace }) => trace)].map(row => [row.traceId, row]))
    return { items: await this.#views(actor, 'managed', [...rows.values()], language), next: last }
  }

  async #find(
    search: Omit<TraceSearch, 'from' | 'before' | 'budget'> & { window: Window },
  ): Promise<{ rows: TraceRow[]; next: number | null }> {
    const { window, limit, ...rest } = search
    const rows: TraceRow[] = []
    let below = search.below
    for (let turn = 0; turn < limits.SEARCH_TURNS; turn++) {
      const left = limit - rows.length
      const args = { ...rest, ...window, below, limit: left, budget: limits.SEARCH_BUDGET }
      const page = await this.#parts.store.read('trace.search', args)
      rows.push(...page.rows)
      below = page.next
      if (below === null || rows.length >= limit) break
      // The loop serves others meanwhile.
      await new Promise(resolve => setImmediate(resolve))
    }
    return { rows, next: below }
  }

  async #views(actor: Actor, side: Side, rows: readonly TraceRow[], language: Language): Promise<TraceView[]> {
    const junk = await this.#junkOf(rows)
    const views: TraceView[] = []
    for (const row of rows) {
      const listed = row.recipients.slice(0, limits.LISTED_RECIPIENTS)
      const events: TraceEvent[] = await this.#parts.store.read('trace.events', {
        traceIds: [row.traceId],
        recipients: listed.map(({ address }) => address),
        limit: limits.LISTED_EVENTS,
      })
      const reader = await this.#readerOf(actor, side, row, language, null)
      views.push(viewOf(row, events, reader, junk, limits.LISTED_RECIPIENTS))
    }
    return views
  }

  /** `queue`: what waits of it, where that was looked up. */
  async #readerOf(
    actor: Actor,
    side: Side,
    row: TraceRow,
    language: Language,
    queue: readonly QueuedRecipient[] | null,
  ): Promise<Reader> {
    const { store, settings } = this.#parts
    const { timeZone } = await settings.current()
    const { appPasswordId } = row.origin
    const isOwn = side === 'own'
    const isSender = isOwn && row.accountId === actor.principalId
    const waits = queue?.some(({ status }) => status === 'queued' || status === 'held') ?? false
    return {
      language,
      timeZone,
      sightOf: sightFor(actor, side),
      seesSubject: isOwn || (isStaff(actor) && waits),
      seesOrigin: isOwn ? isSender : managesAddress(actor, row.origin.credential ?? ''),
      seesBehindAliases: !isSender,
      seesSentCopy: isSender || (!isOwn && isStaff(actor)),
      appPassword: appPasswordId && (await store.read('trace.appPasswordLabel', { appPasswordId })),
    }
  }

  /** Throws `mailbox-not-found` where there is no mailbox of one's own. */
  async #scopeOf(actor: Actor, side: Side): Promise<TraceScope> {
    if (side === 'own') {
      if (actor.principalId === null || !actor.hasMailbox)
        throw new AccountError('mailbox-not-found', 'There is no mailbox of one’s own', { address: actor.address })
      // A principal's mailbox has its id.
      return { accountId: actor.principalId }
    }
    const domains = visibleDomains(actor)
    if (domains === null) return null
    // Of a name that somebody else had before, what was then is not this manager's to see.
    return { domains, since: await this.#parts.store.read('trace.domainsSince', { domains }) }
  }

  /** By account, the folders for unwanted mail, of those that something was filed for. */
  async #junkOf(rows: readonly TraceRow[]): Promise<Map<number, ReadonlySet<string>>> {
    const accountIds = new Set(
      rows.flatMap(({ recipients }) =>
        recipients.slice(0, limits.LISTED_RECIPIENTS).flatMap(({ accountId }) => accountId ?? []),
      ),
    )
    const found = new Map<number, ReadonlySet<string>>()
    for (const accountId of accountIds) {
      const mailboxes = await this.#parts.store.read('mailbox.list', { accountId })
      found.set(accountId, new Set(mailboxes.filter(({ specialUse }) => specialUse === 'junk').map(({ name }) => name)))
    }
    return found
  }
}

/** How much of each recipient's mailbox the actor may know. */
function sightFor(actor: Actor, side: Side): Reader['sightOf'] {
  if (side === 'own')
    return ({ accountId }) => (accountId !== null && accountId === actor.principalId ? 'all' : 'arrival')
  if (isStaff(actor)) return () => 'all'
  return ({ address }) => (managesAddress(actor, address) ? 'folder' : 'arrival')
}

const managesAddress = (actor: Actor, address: string): boolean => mayManage(actor, domainOf(address))

export function notFound(): AccountError {
  return new AccountError('trace-not-found', 'There is no such trace')
}
