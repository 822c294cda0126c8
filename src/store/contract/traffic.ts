/** Operations and queries on what the dashboards plot. */
import type { SpaceRow, TrafficCounts, TrafficRow } from '../types/traffic.ts'
import type { AccountId } from '../types.ts'
import type { Define } from './define.ts'

/** Whole hours since 1970: from the first on, before the second. */
type Hours = { from: number; before: number }
type HourRow = TrafficCounts & { hour: number }

export interface TrafficOperations {
  /** Adds to what is counted of each mailbox, its domain and the service. Those of mailboxes that are gone are left out. */
  'traffic.add': Define<{ rows: TrafficRow[] }, void>
  /** Notes the space of each domain as it is now, as that day's. */
  'space.sample': Define<{ day: string }, void>
  /** Forgets what is older; at most `limit` rows. Answers how many. */
  'traffic.sweep': Define<{ beforeHour: number; beforeDay: string; limit: number }, { removed: number }>
}

export interface TrafficQueries {
  /** Hours that had any, ascending: of the service, summed over these domains, or of one mailbox. */
  'traffic.hours': Define<Hours & { of: 'service' | readonly string[] | AccountId }, HourRow[]>
  /** The mailboxes with the most, of these domains or of all. */
  'traffic.top': Define<
    Hours & { domains: readonly string[] | null; by: 'received' | 'sent' | 'refused'; limit: number },
    (TrafficCounts & { address: string })[]
  >
  /** By day ascending, summed over these domains or all. */
  'space.days': Define<{ domains: readonly string[] | null; from: string; until: string }, Omit<SpaceRow, 'domain'>[]>
}
