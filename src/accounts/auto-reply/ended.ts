/** Switches off the auto-replies whose last day is over, and tells their owners: they are back, and nothing answers for them. */
import type { Clock } from '../../ops/clock.ts'
import { type Store, StoreError, writeAll } from '../../store/store.ts'
import { audited, serviceItself } from '../actor.ts'
import type { Notices } from '../notices.ts'
import { dayAt, statusAt } from './schedule.ts'

export interface EndedAutoRepliesOptions {
  store: Store
  notices: Notices
  linkTo(path: string): string
  clock: Clock
}

/** Looked at in one go. */
const AT_ONCE = 100

/** True where there may be more. */
export async function switchOffEnded({ store, notices, linkTo, clock }: EndedAutoRepliesOptions): Promise<boolean> {
  const now = clock.now()
  // The day begins first in the zone that is furthest east: of those before it some are not over yet.
  const day = dayAt(now, 'Etc/GMT-14')
  const candidates = await store.read('autoReply.ending', { before: day, limit: AT_ONCE })
  let ended = 0
  for (const row of candidates) {
    const { accountId, untilDay, updatedAt } = row
    if (untilDay === null || statusAt(row, now).state !== 'ended') continue
    const account = await store.read('account.byId', { accountId })
    const domain = account?.domain ?? null
    const target = account?.address ?? ''
    try {
      await writeAll(store, [
        { operation: 'autoReply.end', args: { accountId, updatedAt } },
        audited(serviceItself, now, { action: 'autoReply.end', target, domain, after: { enabled: false } }),
      ])
    } catch (error) {
      // Its owner has just changed it.
      if (error instanceof StoreError && error.code === 'conflict') continue
      throw error
    }
    ended++
    if (!account) continue
    const owner = await store.read('principal.byId', { principalId: accountId })
    const { address } = account
    const reader = { address, language: owner?.language ?? null, timeZone: row.timeZone, domain: account.domain }
    await notices.send('auto-reply-ended', reader, { address, untilDay, url: linkTo('/auto-reply') })
  }
  return candidates.length === AT_ONCE && ended > 0
}
