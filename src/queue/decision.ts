/** What becomes of a recipient after an attempt: settled, tried again, given up; and what its sender is told. Pure. */
import type { AttemptResult, LeasedRecipient, NotifyCondition, RecipientStatus } from '../store/types.ts'
import { isLocal } from './address.ts'
import { nextAttempt } from './backoff.ts'
import type { RecipientOutcome } from './delivery.ts'
import type { QueueSettings } from './settings.ts'

/** The actions of RFC 3464 §2.3.3 that this server reports. */
export type ReportAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'

export interface Decision {
  status: RecipientStatus
  nextAttemptAt: number
  delayNotified: boolean
  countAttempt: boolean
  result: AttemptResult
  /** What is reported of it, where its sender wants that; null where there is nothing to tell. */
  action: ReportAction | null
}

/**
 * RFC 3461 §4.1: what NOTIFY asks for. Without NOTIFY, failures and delays are reported (§5.2.3, §5.2.4); never to the
 * null reverse-path (RFC 5321 §4.5.5), which is what keeps a bounce from being bounced.
 */
export function isReported(action: ReportAction, reversePath: string, notify: NotifyCondition[] | null): boolean {
  if (reversePath === '') return false
  switch (action) {
    case 'failed':
      return notify === null || notify.includes('FAILURE')
    case 'delayed':
      return notify === null || notify.includes('DELAY')
    case 'delivered':
    case 'relayed':
    case 'expanded':
      return notify?.includes('SUCCESS') ?? false
  }
}

export function decide(
  outcome: RecipientOutcome,
  now: number,
  settings: QueueSettings,
  random: () => number,
): Decision {
  const { recipient, kind, result } = outcome
  const { message } = recipient
  const settled = { nextAttemptAt: now, delayNotified: false, countAttempt: true, result }
  const reported = (action: ReportAction): ReportAction | null =>
    isReported(action, message.reversePath, recipient.notify) ? action : null

  switch (kind) {
    case 'delivered':
      // A server with DSN reports success itself; for one without, this is the last place that can (RFC 3461 §5.2.2).
      return { ...settled, status: 'delivered', action: outcome.notifyPassedOn ? null : reported('relayed') }
    case 'permanent':
      return { ...settled, status: 'failed', action: reported('failed') }
    case 'held-too-long':
      return { ...settled, status: 'expired', action: reported('failed') }
    case 'stopped':
      // The last real answer says more than that there was none this time.
      return { ...settled, status: 'queued', countAttempt: false, result: recipient.last ?? result, action: null }
    case 'temporary': {
      const wantsNotice = recipient.delayNotifiedAt === null && reported('delayed') !== null
      const attempts = recipient.attempts + 1
      const createdAt = queuedSince(recipient)
      const next = nextAttempt({ createdAt, attempts, now, noticeDue: wantsNotice }, settings, random)
      if (next === null) return { ...settled, status: 'expired', result: given(outcome), action: reported('failed') }
      const notice = wantsNotice && now >= createdAt + settings.delayNotice
      return {
        ...settled,
        status: 'queued',
        nextAttemptAt: next,
        delayNotified: notice,
        action: notice ? 'delayed' : null,
      }
    }
  }
}

/** What counts as its arrival: what was held has its whole time from when it was let go of. */
export function queuedSince({ releasedAt, message }: LeasedRecipient): number {
  return releasedAt ?? message.createdAt
}

/**
 * RFC 3463 §3.5: the status of the actual problem rather than X.4.7. A mailbox of this service that stays full is, in
 * the end, a permanent failure of our own words; a remote server's words stay as they were.
 */
function given({ recipient, result }: RecipientOutcome): AttemptResult {
  if (!isLocal(recipient.destination)) return result
  const status = result.status.replace(/^4/, '5')
  return { ...result, status, text: result.text.replace(/^4\d\d 4\.(\d+\.\d+)/, `5${result.text.slice(1, 3)} 5.$1`) }
}
