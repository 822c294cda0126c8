/**
 * Delivers a batch to the servers of its destination, one after another until each recipient has a final answer.
 *
 * - A domain that has become one of ours since the message was queued has its mail here, whatever its MX says.
 * - A kept connection is used first; when it turns out to be closed, a new one is opened and nothing is lost.
 * - What is answered 4xx, or not at all, is tried at the next server; 5xx to MAIL, RCPT or DATA is final (RFC 5321 §4.2.1).
 * - After data was sent and no answer came, no other server is asked now: the first may have taken the message.
 */
import { isAscii } from 'node:buffer'
import type { Clock } from '../ops/clock.ts'
import type { Resolver } from '../ops/resolver.ts'
import type { Store } from '../store/store.ts'
import type { LeasedRecipient } from '../store/types.ts'
import { asciiDomain, isLocal } from './address.ts'
import type { Batch, Deliverer, DeliveryOutcome, OutcomeKind, RecipientOutcome } from './delivery.ts'
import { destinationOf } from './destination.ts'
import { ADDRESSES_PER_ATTEMPT, SESSIONS_PER_ATTEMPT } from './limits.ts'
import type { ConnectionPool } from './pool.ts'
import { addressVerdict, literalRoute, loopVerdict, orderAddresses, routeOf, type Verdict } from './route.ts'
import type { QueueSettings } from './settings.ts'
import type { RemoteConnection, Target } from './smtp/connection.ts'
import { SessionFailure } from './smtp/failure.ts'
import { envelopeFor, refusalFor } from './smtp/parameters.ts'
import { openSession, stopped, stoppedHere } from './smtp/session.ts'
import { type Answer, runTransaction } from './smtp/transaction.ts'

export interface RemoteDelivererOptions {
  /** Knows the domains that are ours. */
  store: Pick<Store, 'read'>
  /** Where their mail is delivered. */
  local: Deliverer
  resolver: Resolver
  pool: ConnectionPool
  settings: QueueSettings
  hostname: string
  clock: Clock
  random: () => number
}

/** One address to connect to, or why a host has none. */
type Candidate = Target | { host: string | null; verdict: Verdict }

export class RemoteDeliverer implements Deliverer {
  readonly #options: RemoteDelivererOptions
  readonly #ownNames: ReadonlySet<string>
  readonly #inHand = new Set<RemoteConnection>()

  constructor(options: RemoteDelivererOptions) {
    this.#options = options
    this.#ownNames = new Set([options.hostname.toLowerCase()])
  }

  async deliver(batch: Batch, body: Uint8Array, signal: AbortSignal): Promise<DeliveryOutcome> {
    const { pool, local } = this.#options
    const moved = await this.#movedHere(batch)
    if (moved) return await local.deliver(moved, body, signal)
    const attempt = new Attempt(batch, body, signal, this.#options)

    const kept = pool.take(batch.destination)
    if (kept) await this.#converse(kept, attempt)
    // Asked for a next server only where there is something left to do: a name server that is down would hold up what
    // is delivered, and it would be sent again should this process die meanwhile.
    if (attempt.finished) return attempt.outcome()
    for await (const candidate of this.#candidates(batch.destination)) {
      if ('address' in candidate && attempt.wasAnsweredBy(candidate)) continue
      await this.#converseWith(candidate, attempt, batch, signal)
      if (attempt.finished) break
    }
    return attempt.outcome()
  }

  /** As if it had been queued for this service at once; null where the domain is still another's. */
  async #movedHere(batch: Batch): Promise<Batch | null> {
    const { recipients } = batch
    const destination = await destinationOf(this.#options.store, recipients[0]?.address ?? '')
    if (!isLocal(destination)) return null
    return { ...batch, destination, recipients: recipients.map(recipient => ({ ...recipient, destination })) }
  }

  /** Ends also what waits for the answer to a whole message, which no signal does: the process is to end. */
  breakOff(): void {
    for (const connection of this.#inHand) connection.destroy(stoppedHere())
  }

  async #converse(connection: RemoteConnection, attempt: Attempt): Promise<void> {
    this.#inHand.add(connection)
    try {
      await attempt.converse(connection)
    } finally {
      this.#inHand.delete(connection)
    }
  }

  async #converseWith(candidate: Candidate, attempt: Attempt, batch: Batch, signal: AbortSignal): Promise<void> {
    if ('verdict' in candidate) {
      attempt.failed(candidate.verdict, candidate.host, null)
      return
    }
    const { settings, hostname } = this.#options
    const { host, address } = candidate
    try {
      const connection = await openSession(candidate, { hostname, timeouts: settings.timeouts, signal })
      await this.#converse(connection, attempt)
    } catch (error) {
      if (!(error instanceof SessionFailure)) throw error
      const { kind, permanent, status, message } = error
      if (kind === 'loop') attempt.failed(loopVerdict(batch.destination), host, address)
      else if (kind !== 'stopped') attempt.failed({ permanent, status, text: message }, host, address)
    }
  }

  async *#candidates(destination: string): AsyncGenerator<Candidate> {
    const { resolver, random, settings } = this.#options
    const { port } = settings
    const domain = (asciiDomain(destination) || destination).replace(/\.$/, '')
    const route = literalRoute(domain) ?? routeOf(domain, await resolver.mx(domain), this.#ownNames, random)
    if (route.kind === 'verdict') {
      yield { host: null, verdict: route.verdict }
      return
    }
    if (route.kind === 'address') {
      yield { host: domain, address: route.address, port }
      return
    }
    let addresses = 0
    let { hosts } = route
    const seen = new Set<string>()
    let asksAgain = true
    for (let host = hosts.shift(); host !== undefined; host = hosts.shift()) {
      seen.add(host)
      const answer = await resolver.addresses(host)
      const verdict = addressVerdict(host, answer)
      if (verdict) yield { host: null, verdict }
      // A host that is gone may be of an MX that is gone as well: known from before, it would make the mail bounce.
      if (verdict?.permanent && asksAgain) {
        asksAgain = false
        const now = routeOf(domain, await resolver.mx(domain, { fresh: true }), this.#ownNames, random)
        if (now.kind === 'verdict') yield { host: null, verdict: now.verdict }
        if (now.kind === 'hosts') hosts = now.hosts.filter(each => !seen.has(each))
      }
      if (answer.kind !== 'found') continue
      for (const address of orderAddresses(answer.records, random)) {
        if (addresses++ >= ADDRESSES_PER_ATTEMPT) return
        yield { host, address, port }
      }
    }
  }
}

/** One batch on its way through the servers: who is still without a final answer, and what the last words were. */
class Attempt {
  readonly #batch: Batch
  readonly #body: Uint8Array
  readonly #signal: AbortSignal
  readonly #options: RemoteDelivererOptions
  readonly #outcomes = new Map<LeasedRecipient, RecipientOutcome>()
  /** Those that a server has said something about. */
  readonly #answered = new Set<LeasedRecipient>()
  /** The address of the server that put them off last and goes on talking, which it doesn't after a 421. */
  readonly #putOffBy = new Map<LeasedRecipient, string>()
  #remaining: LeasedRecipient[]
  #sessions = 0
  #over = false

  constructor(batch: Batch, body: Uint8Array, signal: AbortSignal, options: RemoteDelivererOptions) {
    this.#batch = batch
    this.#body = body
    this.#signal = signal
    this.#options = options
    this.#remaining = batch.recipients
  }

  get finished(): boolean {
    return this.#over || this.#signal.aborted || this.#remaining.length === 0 || this.#sessions >= SESSIONS_PER_ATTEMPT
  }

  /** Whether that server has said "later" to all that are left: asked anew at once, it would say so again. */
  wasAnsweredBy({ address }: Target): boolean {
    return this.#remaining.every(recipient => this.#putOffBy.get(recipient) === address)
  }

  outcome(): DeliveryOutcome {
    const { kind, status, message } = this.#signal.aborted
      ? stopped(this.#signal)
      : new SessionFailure('network', '4.4.2', 'the connection ended before this recipient was its turn')
    for (const recipient of this.#remaining)
      if (!this.#outcomes.has(recipient))
        this.#note(recipient, kind === 'stopped' ? 'stopped' : 'temporary', status, message, null, null)
    return {
      recipients: [...this.#outcomes.values()],
      unreachable: this.#sessions === 0 && [...this.#outcomes.values()].every(({ kind }) => kind === 'temporary'),
    }
  }

  /** A server that can't be talked to, or a destination without one. */
  failed(verdict: Verdict, host: string | null, address: string | null): void {
    const kind = verdict.permanent ? 'permanent' : 'temporary'
    for (const recipient of this.#remaining) {
      // A server's answer tells more than another's silence, and "later" of one server goes before "never" of the next.
      if (this.#answered.has(recipient)) continue
      if (kind === 'permanent' && this.#outcomes.get(recipient)?.kind === 'temporary') continue
      this.#note(recipient, kind, verdict.status, verdict.text, host, address)
    }
    // A loop ends it: all that follow in the list would bring the message back as well.
    if (verdict.status === '5.4.6') this.#over = true
  }

  /** As many transactions as it takes for the recipients that are left. */
  async converse(connection: RemoteConnection): Promise<void> {
    const { settings, pool } = this.#options
    const { message } = this.#batch
    const { extensions, name } = connection
    const utf8Header = message.smtpUtf8 && headerHas8Bit(this.#body)
    let waiting: LeasedRecipient[] = []
    for (const recipient of this.#remaining) {
      const verdict = refusalFor(message, recipient, utf8Header, extensions, name)
      if (verdict) this.#noteAnswer(recipient, connection, { kind: 'permanent', ...verdict })
      else waiting.push(recipient)
    }
    const left: LeasedRecipient[] = []
    let started = waiting.length < this.#remaining.length
    let unusable: Verdict | null = null
    while (waiting.length > 0 && !this.#over) {
      if (!connection.usable) {
        const { permanent, status, message: text } = connection.unusableBecause
        unusable = { permanent, status, text }
        break
      }
      const group = waiting.slice(0, settings.recipientsPerTransaction)
      const envelope = envelopeFor(message, group, utf8Header, extensions)
      const outcome = await runTransaction(
        connection,
        { ...envelope, body: this.#body },
        settings.timeouts,
        this.#signal,
      )
      if (outcome.stale) break
      started = true
      waiting = waiting.slice(group.length)
      const taken = outcome.answers.some(answer => answer.kind === 'delivered')
      for (const [i, recipient] of group.entries()) {
        const answer = outcome.answers[i]
        if (!answer) continue
        const kind = outcome.stopped && answer.code === null ? 'stopped' : answer.kind
        this.#noteAnswer(recipient, connection, { ...answer, kind })
        if (kind !== 'temporary') continue
        // RFC 5321 §4.5.3.1.10: too many recipients for one transaction; the rest goes in the next.
        if (taken && (answer.code === 452 || answer.code === 552)) {
          waiting.push(recipient)
          continue
        }
        left.push(recipient)
        if (answer.code !== null && answer.code !== 421) this.#putOffBy.set(recipient, connection.target.address)
      }
      if (outcome.uncertain || outcome.stopped) this.#over = true
    }
    if (started) this.#sessions++
    // The former without a word about them: the connection went before their turn.
    this.#remaining = [...waiting, ...left]
    if (unusable) this.failed(unusable, connection.target.host, connection.target.address)
    pool.give(this.#batch.destination, connection)
  }

  #noteAnswer(
    recipient: LeasedRecipient,
    connection: RemoteConnection,
    answer: Pick<Answer, 'status' | 'text'> & { kind: OutcomeKind },
  ): void {
    const { host, address } = connection.target
    this.#answered.add(recipient)
    this.#note(recipient, answer.kind, answer.status, answer.text, host, address, connection)
  }

  #note(
    recipient: LeasedRecipient,
    kind: OutcomeKind,
    status: string,
    text: string,
    remoteHost: string | null,
    remoteAddress: string | null,
    connection?: RemoteConnection,
  ): void {
    this.#outcomes.set(recipient, {
      recipient,
      kind,
      result: { at: this.#options.clock.now(), status, text, remoteHost, remoteAddress },
      notifyPassedOn: connection?.extensions.has('DSN') ?? false,
      settled: false,
      tls: connection?.tls ? `${connection.tls.version} ${connection.tls.cipher}` : null,
    })
  }
}

/** Whether the header has bytes that only SMTPUTF8 may carry (RFC 6531 §3.1). */
function headerHas8Bit(body: Uint8Array): boolean {
  const end = Buffer.from(body.buffer, body.byteOffset, body.byteLength).indexOf('\r\n\r\n')
  return !isAscii(body.subarray(0, end < 0 ? body.length : end))
}
