/** What answers what became of messages. */
import type { ReadsSettings } from '../accounts/service-settings/service-settings.ts'
import { QueueDesk } from '../mail/trace/queue-desk.ts'
import { TraceLinks } from '../mail/trace/trace-links.ts'
import { Traces } from '../mail/trace/traces.ts'
import type { Clock } from '../ops/clock.ts'
import type { LinkTo } from '../ops/public-url.ts'
import type { Store } from '../store/store.ts'

export interface TraceServices {
  traces: Traces
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
  return { traces, traceLinks: new TraceLinks({ ...parts, traces }), queueDesk: new QueueDesk({ ...parts, traces }) }
}
