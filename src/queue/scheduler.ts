/**
 * Takes what is due from the store and sees it delivered.
 *
 * - A recipient is leased before it is touched. A lease ends by itself, so that what a dead process held returns; work
 *   whose lease is too far gone when its turn comes is given back, to be taken anew.
 * - The active set is bounded, in recipients, deliveries and bytes; the store keeps the rest. Of what goes elsewhere no sender
 *   has more than a share, and what is delivered here waits for none of it: servers elsewhere may take half an hour.
 * - It looks when woken, when the next recipient is due, and once in a while for what other processes queued.
 */
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import type { Store } from '../store/store.ts'
import type { LeasedRecipient, LeaseShares } from '../store/types.ts'
import { isLocal, LOCAL_DESTINATION, MAILBOX_DESTINATION } from './address.ts'
import { longestWait } from './backoff.ts'
import type { Batch, Deliverer, DeliveryOutcome, OutcomeKind } from './delivery.ts'
import { type Sorted, sortHeld } from './held-back.ts'
import { Lanes } from './lanes.ts'
import { LEASE_BATCH, PAUSE_MS, SETTLE_MS, SHARE_OF_NOBODY, SHARE_OF_SENDER } from './limits.ts'
import { senderOf } from './sender.ts'
import type { QueueSettings } from './settings.ts'
import type { Attempted, Settler } from './settling.ts'
import { Slots } from './slots.ts'
import { SessionFailure } from './smtp/failure.ts'
import type { Timers } from './timers.ts'

export interface SchedulerOptions {
  store: Store
  local: Deliverer
  /** `breakOff`: see `RemoteDeliverer`. */
  remote: Deliverer & { breakOff(): void }
  settler: Settler
  settings: QueueSettings
  clock: Clock
  timers: Timers
  log: Log
  /** Names this process's leases. The same after a restart, so that its former life's are returned at once. */
  owner: string
}

export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #here: { lanes: Lanes; slots: Slots }
  readonly #elsewhere: { lanes: Lanes; slots: Slots }
  readonly #running = new Set<AbortController>()
  /**
   * Recipients leased and not settled. None is leased again, whatever the store says: where the clock was put forward, or another
   * gave the lease away, what is being sent would be sent twice.
   */
  readonly #active = new Map<number, LeasedRecipient>()
  /** Recipients no longer active since the last look. */
  #endedSince = 0
  #state: 'new' | 'running' | 'stopping' = 'new'
  #suspended = false
  #looking = false
  #lastLook = Promise.resolve()
  #lookAgain = false
  /** The store had more due than the active set could hold. */
  #backlog = false
  #cancelTimer = (): void => {}
  #wakeAt = Number.POSITIVE_INFINITY
  #whenIdle: (() => void) | null = null

  constructor(options: SchedulerOptions) {
    this.#options = options
    const { concurrency, concurrencyPerDestination } = options.settings
    // As many as its lanes let run: what is delivered here waits for no server.
    this.#here = { lanes: new Lanes(concurrencyPerDestination), slots: new Slots(Number.POSITIVE_INFINITY) }
    this.#elsewhere = { lanes: new Lanes(concurrencyPerDestination), slots: new Slots(concurrency) }
  }

  async start(): Promise<void> {
    const { store, owner, clock, settings, log } = this.#options
    await store.write('queue.release', { owner })
    const now = clock.now()
    const { recipients } = await store.write('queue.recall', { now, after: now + longestWait(settings) })
    if (recipients > 0)
      log.warn({ recipients }, 'what was put off for longer than any wait, as by a clock that was ahead, is tried now')
    this.#state = 'running'
    this.wake()
  }

  /** What waits is given back, once the store can be written to and where it is still this one's. */
  suspend(): void {
    if (this.#suspended || this.#state !== 'running') return
    this.#suspended = true
    this.#options.log.warn({}, 'the other nodes may have taken over what is to be delivered here: it is left to them')
    for (const controller of this.#running) controller.abort()
    void this.#giveBack(this.#takeOut())
  }

  resume(): void {
    if (!this.#suspended) return
    this.#suspended = false
    this.wake()
  }

  /** Something may be due. Cheap, and as often as one likes. */
  wake(): void {
    if (this.#state !== 'running' || this.#suspended) return
    this.#lookAgain = true
    if (!this.#looking) this.#lastLook = this.#look()
  }

  /** Takes nothing new, lets deliveries end for `graceMs`, then breaks them off; returns what was leased. */
  async stop(graceMs: number): Promise<void> {
    const { store, owner, timers, log, remote, settler } = this.#options
    this.#state = 'stopping'
    this.#cancelTimer()
    await this.#lastLook
    for (const batch of this.#takeOut()) this.#over(batch)
    if (this.#running.size > 0) {
      const idle = new Promise<void>(resolve => (this.#whenIdle = resolve))
      const cancel = timers.after(graceMs, () => {
        for (const controller of this.#running) controller.abort()
      })
      // A server that has all the data and doesn't answer is not waited for; it is tried again all the same, since a
      // message sent twice is the lesser evil next to one that waits for nothing.
      const cancelLast = timers.after(graceMs + PAUSE_MS, () => {
        settler.giveUp()
        remote.breakOff()
      })
      const cancelWait = timers.after(graceMs + 2 * PAUSE_MS, () => this.#whenIdle?.())
      await idle
      cancel()
      cancelLast()
      cancelWait()
    }
    settler.giveUp()
    await store.write('queue.release', { owner }).catch(err => log.error({ err }, 'leases could not be returned'))
  }

  async #look(): Promise<void> {
    const { store, settings, clock, owner, log } = this.#options
    this.#looking = true
    this.#sleepUntil(Number.POSITIVE_INFINITY)
    let sleep = PAUSE_MS
    let seen = 0
    try {
      while (this.#lookAgain && this.#state === 'running' && !this.#suspended) {
        this.#lookAgain = false
        const limit = Math.min(settings.activeRecipients - this.#active.size, LEASE_BATCH)
        this.#backlog = limit <= 0
        if (this.#backlog) break
        this.#endedSince = 0
        seen = clock.now()
        const leased = await store.write('queue.lease', {
          owner,
          now: seen,
          leaseMs: settings.lease,
          limit,
          perDestination: settings.activePerDestination,
          except: [...this.#active.keys()],
          shares: this.#shares(),
        })
        for (const recipient of leased) this.#active.set(recipient.recipientId, recipient)
        for (const batch of batches(leased)) this.#placeOf(batch.destination).lanes.add(batch)
        if (this.#suspended) void this.#giveBack(this.#takeOut())
        if (leased.length === limit) this.#lookAgain = true
        this.#pump()
      }
      const next = await store.read('queue.nextDue', { now: clock.now() })
      const now = clock.now()
      if (next === null) sleep = settings.poll
      else if (next > now) sleep = Math.min(next - now, settings.poll)
      else if (next > seen && !this.#backlog) this.#lookAgain = true
      // Due and not leased: held by the limit per destination, so that it is looked at when a delivery ends.
      else this.#backlog = true
    } catch (err) {
      log.error({ err }, 'queue could not be read')
    } finally {
      this.#looking = false
    }
    if (this.#lookAgain) this.wake()
    else if (clock.now() + sleep < this.#wakeAt) this.#sleepUntil(clock.now() + sleep)
  }

  /** What can't run for its sender's share must not keep out what could. */
  #shares(): LeaseShares {
    const { activeRecipients, activePerDestination } = this.#options.settings
    const leased = new Map<string, [sender: number, destination: string, recipients: number]>()
    for (const { message, destination } of this.#active.values()) {
      const sender = senderOf(message)
      const key = `${sender} ${destination}`
      const counted = leased.get(key)
      if (counted) counted[2]++
      else leased.set(key, [sender, destination, 1])
    }
    return {
      leased: [...leased.values()].filter(([, destination]) => !isLocal(destination)),
      ofSender: Math.ceil(activeRecipients * SHARE_OF_SENDER),
      ofNobody: Math.ceil(activeRecipients * SHARE_OF_NOBODY),
      perDestination: Math.ceil(activePerDestination * SHARE_OF_SENDER),
      apart: [LOCAL_DESTINATION, MAILBOX_DESTINATION],
    }
  }

  #sleepUntil(at: number): void {
    this.#cancelTimer()
    this.#wakeAt = at
    if (at === Number.POSITIVE_INFINITY || this.#state !== 'running') return
    const { timers, clock } = this.#options
    this.#cancelTimer = timers.after(at - clock.now(), () => this.wake())
  }

  /** Something falls due that the last look did not see. */
  #dueAt(at: number): void {
    if (at <= this.#options.clock.now()) this.wake()
    else if (at < this.#wakeAt) this.#sleepUntil(at)
  }

  #placeOf(destination: string): { lanes: Lanes; slots: Slots } {
    return isLocal(destination) ? this.#here : this.#elsewhere
  }

  /** All that waits. */
  #takeOut(): Batch[] {
    return [...this.#here.lanes.clear(), ...this.#elsewhere.lanes.clear()]
  }

  #pump(): void {
    for (const { lanes, slots } of [this.#here, this.#elsewhere])
      while (this.#state === 'running' && !this.#suspended && !slots.isFull) {
        const batch = lanes.start(({ message }) => slots.fits(message))
        if (!batch) break
        this.#begin(batch, lanes, slots)
      }
  }

  #begin(batch: Batch, lanes: Lanes, slots: Slots): void {
    const controller = new AbortController()
    this.#running.add(controller)
    slots.take(batch.message)
    void this.#run(batch, controller).finally(() => {
      this.#running.delete(controller)
      slots.giveBack(batch.message)
      this.#over(batch)
      lanes.finished(batch.destination)
      if (this.#running.size === 0) this.#whenIdle?.()
      this.#pump()
      if (this.#backlog && this.#runsLow(batch.destination)) this.wake()
    })
  }

  #over(batch: Batch): void {
    for (const { recipientId } of batch.recipients) this.#active.delete(recipientId)
    this.#endedSince += batch.recipients.length
  }

  /** Whether it is worth a transaction to lease more: not for each delivery that ends, however much room one sender's share leaves. */
  #runsLow(destination: string): boolean {
    const { activeRecipients, activePerDestination, concurrencyPerDestination } = this.#options.settings
    const room = activeRecipients - this.#active.size
    return (
      room >= Math.min(LEASE_BATCH, activeRecipients / 4) &&
      this.#endedSince >= Math.min(LEASE_BATCH, activeRecipients / 4, activePerDestination / 4) &&
      this.#placeOf(destination).lanes.waiting(destination) < concurrencyPerDestination
    )
  }

  async #run(batch: Batch, controller: AbortController): Promise<void> {
    const { settings, clock, settler, log } = this.#options
    const left = batch.leaseUntil - clock.now()
    // Waited too long for its turn: too little of the lease is left for a slow server.
    if (left < settings.lease / 2) {
      await this.#unbegun(batch, 'waited too long for its turn')
      return
    }
    let sorted: Sorted
    try {
      sorted = await sortHeld(this.#options, batch)
    } catch (err) {
      log.error({ err, queueId: batch.message.queueId }, 'whether it is held could not be asked')
      const { recipients } = this.#sameForAll(batch, 'temporary', '4.3.0', '451 4.3.0 Local error in processing')
      sorted = { goes: null, givenUp: recipients }
    }
    const { goes, givenUp } = sorted
    if (givenUp.length > 0) {
      const dueAgain = await settler.settle([{ batch, outcomes: givenUp, body: this.#read(batch), ms: 0 }])
      if (dueAgain !== null) this.#dueAt(dueAgain)
    }
    if (goes) await this.#deliver(goes, controller, left)
  }

  async #giveBack(batches: readonly Batch[]): Promise<void> {
    for (const batch of batches) this.#over(batch)
    for (const batch of batches) await this.#unbegun(batch, 'left to the other nodes')
    this.wake()
  }

  async #unbegun(batch: Batch, why: string): Promise<void> {
    const { recipients } = this.#sameForAll(batch, 'stopped', '4.3.2', why)
    await this.#options.settler.settle([{ batch, outcomes: recipients, body: this.#read(batch), ms: 0 }])
    this.#backlog = true
  }

  async #deliver(batch: Batch, controller: AbortController, left: number): Promise<void> {
    const { settings, timers, settler, log } = this.#options
    // The server's fault, unlike a stop: it counts as an attempt, or it would be made again and again for ever.
    const cancel = timers.after(Math.max(left - settings.timeouts.dataEnd - SETTLE_MS, 0), () =>
      controller.abort(new SessionFailure('network', '4.4.2', 'the delivery took too long and was broken off')),
    )
    const startedAt = performance.now()
    const { lanes } = this.#placeOf(batch.destination)
    lanes.tries(batch.destination)
    let outcome: DeliveryOutcome
    let read = this.#read(batch)
    try {
      const body = await this.#options.store.blobs.read(batch.message.blobHash)
      read = () => Promise.resolve(body)
      const deliverer = isLocal(batch.destination) ? this.#options.local : this.#options.remote
      outcome = await deliverer.deliver(batch, body, controller.signal)
    } catch (err) {
      log.error({ err, queueId: batch.message.queueId }, 'delivery broke down')
      outcome = this.#sameForAll(batch, 'temporary', '4.3.0', '451 4.3.0 Local error in processing')
    } finally {
      cancel()
    }
    const ms = performance.now() - startedAt
    const attempted = [{ batch, outcomes: outcome.recipients, body: read, ms }]
    if (outcome.unreachable) attempted.push(...this.#putOff(lanes.turnedAway(batch.destination), outcome))
    else lanes.letIn(batch.destination)
    const dueAgain = await settler.settle(attempted)
    if (dueAgain !== null) this.#dueAt(dueAgain)
  }

  /** What waits for a destination that lets nobody in would only find that out again, slowly, one by one. */
  #putOff(waiting: readonly Batch[], outcome: DeliveryOutcome): Attempted[] {
    const result = outcome.recipients[0]?.result
    if (!result) return []
    return waiting.map(batch => {
      this.#over(batch)
      const outcomes = this.#sameForAll(batch, 'temporary', result.status, result.text).recipients
      return { batch, outcomes, body: this.#read(batch), ms: 0 }
    })
  }

  #read({ message }: Batch): () => Promise<Uint8Array> {
    return () => this.#options.store.blobs.read(message.blobHash).catch(() => new Uint8Array())
  }

  #sameForAll(batch: Batch, kind: OutcomeKind, status: string, text: string): DeliveryOutcome {
    const result = { at: this.#options.clock.now(), status, text, remoteHost: null, remoteAddress: null }
    const recipients = batch.recipients.map(recipient => ({
      recipient,
      kind,
      result,
      notifyPassedOn: false,
      settled: false,
      tls: null,
    }))
    return { recipients, unreachable: false }
  }
}

/** One batch for each message and destination. */
function batches(leased: LeasedRecipient[]): Batch[] {
  const found = new Map<string, Batch>()
  for (const recipient of leased) {
    const { queueId, destination, message } = recipient
    const leaseUntil = recipient.leaseUntil ?? 0
    const key = `${queueId} ${destination}`
    const batch = found.get(key)
    if (batch) {
      batch.recipients.push(recipient)
      batch.leaseUntil = Math.min(batch.leaseUntil, leaseUntil)
    } else found.set(key, { message, destination, recipients: [recipient], leaseUntil })
  }
  return [...found.values()]
}
