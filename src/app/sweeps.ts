/** What is swept besides the store's own: each line is what one part of the service no longer needs. */

import { switchOffEnded } from '../accounts/auto-reply/ended.ts'
import * as billing from '../accounts/billing/limits.ts'
import * as links from '../accounts/links/limits.ts'
import * as signIns from '../accounts/sign-ins/limits.ts'
import * as traffic from '../accounts/traffic/limits.ts'
import { IDEMPOTENCY_KEPT_MS } from '../api/limits.ts'
import { sweepNotices } from '../cluster/store-notices.ts'
import { removeRetrieved } from '../mail/retrieved.ts'
import * as traces from '../mail/trace/limits.ts'
import type { TraceSeen } from '../mail/trace/recorder.ts'
import type { Clock } from '../ops/clock.ts'
import { DAY_MS, HOUR_MS } from '../ops/durations.ts'
import type { Sweep } from '../ops/sweeper.ts'
import type { Services } from './services.ts'

/** Rows of one transaction: some milliseconds of the writer. */
const SWEPT_AT_ONCE = 200

export function sweepsOf(
  {
    store,
    changes,
    directory,
    settings,
    notices,
    publicUrl,
    sendingNews,
    scriptFailures,
    textKeeper,
  }: Pick<
    Services,
    | 'store'
    | 'changes'
    | 'directory'
    | 'settings'
    | 'notices'
    | 'publicUrl'
    | 'sendingNews'
    | 'scriptFailures'
    | 'textKeeper'
  >,
  traceSeen: Pick<TraceSeen, 'removed'>,
  clock: Clock,
): Record<string, Sweep> {
  const all =
    (sweep: (now: number) => Promise<void>): Sweep =>
    async now => {
      await sweep(now)
      return false
    }
  return {
    notices: now => sweepNotices(store, now, SWEPT_AT_ONCE),
    webhooks: async now => {
      const before = now - billing.WEBHOOK_LOG_KEPT_MS
      return (await store.write('webhook.sweep', { before, limit: SWEPT_AT_ONCE })).removed === SWEPT_AT_ONCE
    },
    traffic: async now => {
      const before = now - traffic.KEPT_DAYS * DAY_MS
      const beforeDay = new Date(before).toISOString().slice(0, 10)
      const args = { beforeHour: Math.floor(before / HOUR_MS), beforeDay, limit: SWEPT_AT_ONCE }
      return (await store.write('traffic.sweep', args)).removed >= SWEPT_AT_ONCE
    },
    traceIndex: async now => {
      const args = { ...traces.INDEX_STEP, before: now - traces.SEGMENT_MS }
      return (await store.write('trace.index', args)).indexed > 0
    },
    traces: async now => {
      const { traceRetentionDays } = await settings.current()
      const before = now - traceRetentionDays * DAY_MS
      return (await store.write('trace.sweep', { before, at: now, limit: traces.SWEPT_ROWS })).more
    },
    audit: async now => {
      const { auditRetentionDays } = await settings.current()
      return store.write('audit.sweep', { before: now - auditRetentionDays * DAY_MS, limit: SWEPT_AT_ONCE })
    },
    texts: () => textKeeper.renewNext(),
    retrieved: now => removeRetrieved({ store, changes, trace: traceSeen }, now, SWEPT_AT_ONCE),
    bin: () => directory.bin.purgeDue(),
    autoReplies: () => switchOffEnded({ store, notices, linkTo: publicUrl.linkTo, clock }),
    sending: now => store.write('sending.sweep', { at: now, limit: SWEPT_AT_ONCE }),
    heldMail: now => store.write('queue.letGo', { at: now, limit: SWEPT_AT_ONCE }),
    sendingNews: all(() => sendingNews.tell()),
    scriptFailures: all(() => scriptFailures.tell()),
    sessions: all(now => store.write('session.sweep', { at: now })),
    signIns: now => store.write('signIn.sweep', { before: now - signIns.KEPT_MS, limit: signIns.ROWS_AT_ONCE }),
    links: now =>
      store.write('credentialLink.sweep', { at: now, before: now - links.LINKS_KEPT_MS, limit: links.SWEPT_AT_ONCE }),
    oneTimeTokens: now => store.write('oneTimeToken.sweep', { at: now, limit: links.SWEPT_AT_ONCE }),
    apiTokens: all(now => store.write('apiToken.sweep', { before: now - links.TOKENS_KEPT_MS })),
    ruleMemory: now => store.write('ruleMemory.sweep', { at: now, limit: SWEPT_AT_ONCE }),
    idempotency: all(now => store.write('idempotency.sweep', { before: now - IDEMPOTENCY_KEPT_MS })),
  }
}
