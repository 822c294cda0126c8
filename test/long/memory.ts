/** What memory the service takes while it works: a sample each minute, as a table and as a plot. */
import type { Service } from '../integration/service.ts'
import { residentMib } from './lives.ts'

export interface Sample {
  /** Since the run began. */
  minute: number
  /** The life of the service, from 1. */
  life: number
  /** MiB: of the process, of the main thread's heap in use, and of what lies beside it. */
  resident: number
  heap: number
  external: number
}

const everyMs = 60_000
/** A start fills caches and reads code: what is taken then says nothing about growth. */
const warmMinutes = 5
/** Over a quarter of an hour, between the medians of its first and its last third; below it is what the collector leaves. */
const flatShare = 1.15

export class MemoryWatch {
  readonly samples: Sample[] = []
  readonly #timer: NodeJS.Timeout

  constructor(service: Service, life: () => number) {
    const startedAt = performance.now()
    this.#timer = setInterval(async () => {
      const minute = Math.round((performance.now() - startedAt) / everyMs)
      // Between two lives nobody answers: the next minute has its sample.
      const taken = await sample(service).catch(() => null)
      if (taken) this.samples.push({ minute, life: life(), ...taken })
    }, everyMs)
  }

  end(): void {
    clearInterval(this.#timer)
  }

  table(): string[] {
    const head = 'minute  life  resident MiB  heap MiB  external MiB'
    const cells = ({ minute, life, resident, heap, external }: Sample): string =>
      [
        String(minute).padStart(6),
        String(life).padStart(6),
        String(resident).padStart(14),
        String(heap).padStart(10),
        String(external).padStart(14),
      ].join('')
    return [head, ...this.samples.map(cells)]
  }

  /** How the last life's memory went once it was warm; null where it was too short to say. */
  trend(): { from: Sample; to: Sample; isFlat: boolean } | null {
    const last = this.samples.filter(({ life }) => life === this.samples.at(-1)?.life).slice(warmMinutes)
    const third = Math.floor(last.length / 3)
    if (third < 3) return null
    const from = medians(last.slice(0, third))
    const to = medians(last.slice(-third))
    return { from, to, isFlat: to.resident <= from.resident * flatShare }
  }
}

async function sample({ ports, pid }: Service): Promise<Pick<Sample, 'resident' | 'heap' | 'external'>> {
  const text = await (await fetch(`http://127.0.0.1:${ports.http}/metrics`)).text()
  const mib = (name: string): number =>
    Math.round(Number(new RegExp(`^facteur_nodejs_${name}_bytes (.*)$`, 'm').exec(text)?.[1]) / 1024 ** 2)
  return { resident: residentMib(pid), heap: mib('heap_size_used'), external: mib('external_memory') }
}

function medians(samples: readonly Sample[]): Sample {
  const of = (name: keyof Sample): number =>
    samples.map(sample => sample[name]).toSorted((a, b) => a - b)[samples.length >> 1] ?? 0
  return {
    minute: of('minute'),
    life: of('life'),
    resident: of('resident'),
    heap: of('heap'),
    external: of('external'),
  }
}

const width = 760
const height = 260
const left = 56
const bottom = 34
const top = 44

const lines = ['resident', 'heap', 'external'] as const

/** Over the minutes of the run; a new life begins a new piece of each line. */
export function memoryPlot(samples: readonly Sample[], title: string): string {
  const most = Math.max(...samples.map(({ resident }) => resident), 1)
  const high = Math.ceil(most / 100) * 100
  const minutes = Math.max(samples.at(-1)?.minute ?? 1, 1)
  const x = (minute: number): number => Math.round(left + (minute / minutes) * (width - left - 20))
  const y = (mib: number): number => Math.round(height - bottom - (mib / high) * (height - bottom - top))
  const pieces = [...Map.groupBy(samples, ({ life }) => life).values()]
  const grid = Array.from({ length: high / 100 + 1 }, (_, at) => at * 100).map(
    mib =>
      `<line class="grid" x1="${left}" y1="${y(mib)}" x2="${width - 20}" y2="${y(mib)}"/><text class="tick" x="${left - 8}" y="${y(mib) + 4}">${mib}</text>`,
  )
  const times = Array.from({ length: 7 }, (_, at) => Math.round((at * minutes) / 6)).map(
    minute => `<text class="time" x="${x(minute)}" y="${height - 12}">${minute} min</text>`,
  )
  const curves = lines.flatMap(name =>
    pieces.map(piece => {
      const points = piece.map(sample => `${x(sample.minute)},${y(sample[name])}`).join(' ')
      const [only] = piece
      return piece.length > 1
        ? `<polyline class="${name}" points="${points}"/>`
        : `<circle class="${name}" cx="${x(only?.minute ?? 0)}" cy="${y(only?.[name] ?? 0)}" r="1.5"/>`
    }),
  )
  const keys = lines.map(
    (name, at) =>
      `<line class="${name}" x1="${left + at * 110}" y1="32" x2="${left + at * 110 + 18}" y2="32"/><text x="${left + at * 110 + 24}" y="36">${name}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">${title}</title>
<style>
svg { background: #fff; font: 12px system-ui, sans-serif } text { fill: #222 } .heading { font-size: 14px; font-weight: 600 }
.tick { text-anchor: end; fill: #666 } .time { text-anchor: middle; fill: #666 } .grid { stroke: #ddd }
polyline, line, circle { fill: none; stroke-width: 2 } .grid { stroke-width: 1 } .resident { stroke: #1d5fa8 } .heap { stroke: #2a7d4f } .external { stroke: #b7791f }
@media (prefers-color-scheme: dark) { svg { background: #16181d } text { fill: #e6e6e6 } .tick, .time { fill: #aaa } .grid { stroke: #333 } }
</style>
<text class="heading" x="10" y="18">${title}</text>
${[...grid, ...times, ...keys, ...curves].join('\n')}
</svg>
`
}
