/**
 * The active set in memory: leased batches, one lane a destination. Lanes take turns, so that a thousand messages to a
 * slow destination cost the one message to another nothing but a turn. So do senders within a lane. A lane is as wide as its
 * destination lets in.
 */
import type { Batch } from './delivery.ts'
import { DELIVERIES_BEFORE_ONE_MORE } from './limits.ts'
import { senderOf } from './sender.ts'

interface Lane {
  destination: string
  /** By sender, in the order of their turns. */
  waiting: Map<number, Batch[]>
  running: number
  /** Those of the running that are trying and may still be let in. */
  trying: number
  /** Those of the running that were let in nowhere. */
  away: number
  /** Whether anyone was let in since one began to try alone. */
  open: boolean
  /** So many may run at once: fewer where the destination turned some away. */
  limit: number
  /** Let in since the limit was changed. */
  letIn: number
}

export class Lanes {
  readonly #lanes = new Map<string, Lane>()
  /** Lanes with something to start, in the order of their turns (a Set keeps the order of insertion). */
  readonly #ready = new Set<Lane>()
  readonly #concurrency: number

  constructor(concurrencyPerDestination: number) {
    this.#concurrency = concurrencyPerDestination
  }

  add(batch: Batch): void {
    let lane = this.#lanes.get(batch.destination)
    if (!lane) {
      lane = {
        destination: batch.destination,
        waiting: new Map(),
        running: 0,
        trying: 0,
        away: 0,
        open: false,
        limit: this.#concurrency,
        letIn: 0,
      }
      this.#lanes.set(batch.destination, lane)
    }
    const sender = senderOf(batch.message)
    const before = lane.waiting.get(sender)
    if (before) before.push(batch)
    else lane.waiting.set(sender, [batch])
    this.#refresh(lane)
  }

  /** The next batch to start, which then counts as running; null where nothing may start. */
  start(fits: (batch: Batch) => boolean): Batch | null {
    for (const lane of this.#ready) {
      const batch = takeTurn(lane, fits)
      if (!batch) continue
      lane.running++
      this.#ready.delete(lane)
      this.#refresh(lane)
      return batch
    }
    return null
  }

  /** Batches that wait for a destination. */
  waiting(destination: string): number {
    const lane = this.#lanes.get(destination)
    return lane ? [...lane.waiting.values()].reduce((sum, batches) => sum + batches.length, 0) : 0
  }

  /** One of the running begins to look for a server. */
  tries(destination: string): void {
    const lane = this.#lanes.get(destination)
    if (!lane) return
    // Those let in may still be at what comes behind a delivery.
    if (lane.trying === 0 && lane.running <= 1) lane.open = false
    lane.trying++
  }

  /** It was let in, or ended for a reason that tells nothing of whether others would be. */
  letIn(destination: string): void {
    const lane = this.#lanes.get(destination)
    if (!lane) return
    lane.trying--
    lane.open = true
    if (lane.limit >= this.#concurrency || ++lane.letIn < DELIVERIES_BEFORE_ONE_MORE) return
    lane.limit++
    lane.letIn = 0
    this.#refresh(lane)
  }

  /**
   * It was let in nowhere. Many servers greet more than a few connections with a refusal, so that no more are begun than
   * those that were or may still be let in; when the last of them was not either, all that waits is taken out.
   */
  turnedAway(destination: string): Batch[] {
    const lane = this.#lanes.get(destination)
    if (!lane) return []
    lane.trying--
    lane.away++
    lane.limit = Math.max(lane.running - lane.away, 1)
    lane.letIn = 0
    this.#refresh(lane)
    return lane.trying === 0 && !lane.open ? this.clear(destination) : []
  }

  finished(destination: string): void {
    const lane = this.#lanes.get(destination)
    if (!lane) return
    lane.running--
    if (lane.away > 0) lane.away--
    this.#refresh(lane)
  }

  /** Takes out what waits for a destination, or for all of them. */
  clear(destination?: string): Batch[] {
    const taken: Batch[] = []
    for (const lane of [...this.#lanes.values()]) {
      if (destination !== undefined && lane.destination !== destination) continue
      for (const batches of lane.waiting.values()) taken.push(...batches)
      lane.waiting.clear()
      this.#refresh(lane)
    }
    return taken
  }

  #refresh(lane: Lane): void {
    if (lane.waiting.size > 0 && lane.running < lane.limit) this.#ready.add(lane)
    else this.#ready.delete(lane)
    if (lane.waiting.size === 0 && lane.running === 0) this.#lanes.delete(lane.destination)
  }
}

/** The first message of the first sender whose message fits, who then is the last to have a turn. */
function takeTurn(lane: Lane, fits: (batch: Batch) => boolean): Batch | null {
  for (const [sender, batches] of lane.waiting) {
    const [batch] = batches
    if (!batch || !fits(batch)) continue
    batches.shift()
    lane.waiting.delete(sender)
    if (batches.length > 0) lane.waiting.set(sender, batches)
    return batch
  }
  return null
}
