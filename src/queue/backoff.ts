/** When to try again, and when to give up. Pure: the time and the dice come from the caller. */
import type { QueueSettings } from './settings.ts'

export interface Waiting {
  /** When the message entered the queue. */
  createdAt: number
  /** Attempts made, the one that just failed included. */
  attempts: number
  now: number
  /** Whether the sender is still to be told of the delay. */
  noticeDue: boolean
}

/** A share of the wait that dice decide, so that what failed together doesn't come back together. */
const JITTER = 0.2

/** No wait between two attempts is longer. */
export const longestWait = ({ retryLongest }: Pick<QueueSettings, 'retryLongest'>): number =>
  retryLongest * (1 + JITTER / 2)

/**
 * The time of the next attempt, or null when the message's time is over. The last attempt falls on the end of its
 * lifetime, and one falls on the time of the delay notice, which otherwise would be late by up to a whole wait.
 */
export function nextAttempt(
  waiting: Waiting,
  settings: Pick<QueueSettings, 'retryFirst' | 'retryLongest' | 'lifetime' | 'delayNotice'>,
  random: () => number,
): number | null {
  const { createdAt, attempts, now, noticeDue } = waiting
  const end = createdAt + settings.lifetime
  if (now >= end) return null
  // 2^30 is beyond any longest wait and safe from overflow.
  const doubled = settings.retryFirst * 2 ** Math.min(Math.max(attempts - 1, 0), 30)
  const wait = Math.min(doubled, settings.retryLongest) * (1 - JITTER / 2 + JITTER * random())
  const notice = createdAt + settings.delayNotice
  const next = Math.min(Math.round(now + wait), end)
  return noticeDue && now < notice && notice < next ? notice : next
}
