/** What a run against another server comes to: the middle of each figure, ours to theirs, and what is to be reached. */

/** One line that a driver of the load kit writes. */
export interface Measurement {
  target: string
  bench: string
  metric: string
  value: number | null
  unit: string
  connections?: number
  latency_ms?: { p50?: number; p99?: number }
  server_cpu_ms_per_msg?: number
}

export interface Figure {
  name: string
  unit: string
  ours: number[]
  theirs: number[]
  /** How many times better than the other: above 1 ours is ahead, whether more or less of it is better. */
  ratio: number
  /** The ratio to reach; 0 where nothing is asked. */
  goal: number
}

type Goals = readonly (readonly [RegExp, number])[]

/** By how the name begins; the first that fits. */
const peerGoals: Goals = [
  [/^smtp delivered_per_s/, 5],
  [/^smtp server_cpu_ms_per_msg/, 5],
  [/^imap append_1conn_per_s/, 3],
  [/^imap append_10conn_per_s/, 3],
  [/^imaps? sync_first_s/, 10],
  [/^imaps? sync_warm_s/, 2],
  [/^imaps? sync_cold_s/, 1.5],
  [/^imap search_(?:from|subject|header_any)_ms/, 2],
  [/^imap search_(?:body_common|body_rare|text)_ms/, 20],
  [/^imap resync_(?:condstore|qresync)_ms/, 5],
  [/^idle pss_per_connection_KiB/, 10],
  [/^idle-tls pss_per_connection_KiB/, 5],
  [/^idle notify_all_(?:append|smtp)_ms, p50/, 20],
  // 0.75, where Dovecot's Maildir takes 1.04.
  [/^disk disk_per_message_byte/, 1.39],
  [/^/, 1],
]

/** Better than that is better without end. */
const MOST_TIMES = 1000

export function figuresOf(
  measurements: readonly Measurement[],
  ours: string,
  theirs: string,
  goals = peerGoals,
): Figure[] {
  const named = new Map<string, { unit: string; values: Map<string, number[]> }>()
  const add = (name: string, unit: string, target: string, value: number | null | undefined): void => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return
    const entry = named.get(name) ?? { unit, values: new Map<string, number[]>() }
    named.set(name, entry)
    entry.values.set(target, [...(entry.values.get(target) ?? []), value])
  }
  for (const { target, bench, metric, value, unit, connections, ...more } of measurements) {
    const at = connections === undefined ? '' : `, ${connections} connections`
    add(`${bench} ${metric}${at}`, unit, target, value)
    if (metric.startsWith('notify_all_')) add(`${bench} ${metric}, p50${at}`, 'ms', target, more.latency_ms?.p50)
    if (bench !== 'smtp') continue
    if (metric === 'accepted_per_s') add(`smtp MAIL to 250, p99${at}`, 'ms', target, more.latency_ms?.p99)
    if (metric === 'delivered_per_s') add(`smtp server_cpu_ms_per_msg${at}`, 'ms', target, more.server_cpu_ms_per_msg)
  }
  const figures: Figure[] = []
  for (const [name, { unit, values }] of named) {
    const own = values.get(ours) ?? []
    const other = values.get(theirs) ?? []
    if (own.length === 0 || other.length === 0) continue
    const more = middle(own) / middle(other)
    const goal = goals.find(([pattern]) => pattern.test(name))?.[1] ?? 0
    // Memory of a connection may be below nothing: the process gave other memory back meanwhile.
    const ratio = unit.endsWith('/s') ? more : 1 / Math.max(more, 1 / MOST_TIMES)
    figures.push({ name, unit, ours: own, theirs: other, ratio, goal })
  }
  return figures
}

export function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** In Markdown: the middle of each, with the least and the most where there were several runs. */
export function tableOf(figures: readonly Figure[], theirs: string): string {
  const rows = figures.map(
    ({ name, unit, ours, theirs: other, ratio, goal }) =>
      `| ${name} | ${unit} | ${cell(ours)} | ${cell(other)} | ${ratio.toFixed(2)} | ${goal} | ${ratio >= goal ? 'yes' : 'no'} |`,
  )
  return [
    `| figure | unit | Facteur | ${theirs} | times better | to reach | reached |`,
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function cell(values: readonly number[]): string {
  const range = values.length > 1 ? ` [${short(Math.min(...values))} – ${short(Math.max(...values))}]` : ''
  return short(middle(values)) + range
}

export const short = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
