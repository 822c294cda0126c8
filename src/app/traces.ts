/** What answers what became of messages. */

import { setTimeout } from 'node:timers/promises'
import type { ReadsSettings } from '../accounts/service-settings/service-settings.ts'
import { TraceFeed } from '../mail/trace/feed.ts'
import { QueueDesk } from '../mail/trace/queue-desk.ts'
import { TraceLinks } from '../mail/trace/trace-links.ts'
import { Traces } from '../mail/trace/traces.ts'
import type { Clock } from '../ops/clock.ts'
import type { LinkTo } from '../ops/public-url.ts'
import type { Store } from '../store/store.ts'

export interface TraceServices {
  traces: Traces
  traceFeed: TraceFeed
  traceLinks: TraceLinks
  queueDesk: QueueDesk
}

export function createTraces(parts: {
  store: Store
  settings: ReadsSettings
  linkTo: LinkTo
  wakeQueue: () => void
  clock: Clock
}): TraceServices {
  const traces = new Traces(parts)
  const traceFeed = new TraceFeed(traces, (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined))
  return {
    traces,
    traceFeed,
    traceLinks: new TraceLinks({ ...parts, traces }),
    queueDesk: new QueueDesk({ ...parts, traces }),
  }
}
