/** How costs grow with the messages of a store: a line for each engine and kind of work, both axes logarithmic. */

/** In ms of processor, but for `startWall`. */
export interface Curve {
  engine: string
  /** Messages in the store. */
  size: number
  deliver: number
  /** Of a mailbox of 2,000. */
  sync: number
  resync: number
  /** null where the service was not started. */
  start: number | null
  startWall: number | null
  load: number
}

const kinds = [
  ['deliver', 'a delivery'],
  ['sync', 'a header sync of 2,000'],
  ['resync', 'a resynchronisation'],
  ['start', 'a start of the service'],
] as const
const [left, right, top, bottom] = [80, 720, 40, 380]
/** Of the names beside the lines' ends: lines that meet there would have theirs one upon the other. */
const nameHeight = 14

export function curvePlot(curves: readonly Curve[]): string {
  const sizes = [...new Set(curves.map(({ size }) => size))].sort((a, b) => a - b)
  const values = curves.flatMap(curve => kinds.flatMap(([kind]) => curve[kind] ?? []))
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)))
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values)))
  const scaled = (value: number, from: number, to: number): number => Math.log(value / from) / Math.log(to / from)
  const last = sizes.at(-1) ?? 1
  const first = sizes[0] === last ? last / 10 : (sizes[0] ?? 1)
  const x = (size: number): number => Math.round(left + scaled(size, first, last) * (right - left))
  const y = (ms: number): number => Math.round(bottom - scaled(ms, low, high) * (bottom - top))
  const decades = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, index) => low * 10 ** index)
  const grid = decades.map(
    ms =>
      `<line class="grid" x1="${left}" x2="${right}" y1="${y(ms)}" y2="${y(ms)}"/><text class="tick" x="${left - 8}" y="${y(ms) + 4}">${ms < 1 ? ms.toPrecision(1) : ms.toLocaleString('en')} ms</text>`,
  )
  const under = sizes.map(
    size => `<text class="size" x="${x(size)}" y="${bottom + 20}">${size.toLocaleString('en')}</text>`,
  )
  const ends: { x: number; y: number; name: string }[] = []
  const lines = [...new Set(curves.map(({ engine }) => engine))].flatMap((engine, index) =>
    kinds.map(([kind, name]) => {
      const points = curves
        .filter(curve => curve.engine === engine && curve[kind] !== null)
        .map(curve => [x(curve.size), y(curve[kind] ?? 0)])
      const end = points.at(-1) ?? [0, 0]
      ends.push({ x: end[0]! + 8, y: end[1]! + 4, name: `${name}, ${engine}` })
      const marks = points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3"/>`).join('')
      return `<g class="engine${index}"><polyline points="${points.map(point => point.join(',')).join(' ')}"/>${marks}</g>`
    }),
  )
  let above = Number.NEGATIVE_INFINITY
  const names = ends
    .sort((a, b) => a.y - b.y)
    .map(({ x, y, name }) => {
      above = Math.max(y, above + nameHeight)
      return `<text x="${x}" y="${above}">${name}</text>`
    })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 ${bottom + 40}" role="img" aria-labelledby="title">
<title id="title">Milliseconds of processor by messages in the store</title>
<style>
svg { background: #fff; font: 12px system-ui, sans-serif } text { fill: #222 } .heading { font-size: 15px; font-weight: 600 }
.tick { text-anchor: end; fill: #666 } .size { text-anchor: middle; fill: #666 } .grid { stroke: #ddd } polyline { fill: none; stroke-width: 2 }
.engine0 polyline { stroke: #2a7d4f } .engine0 circle { fill: #2a7d4f } .engine1 polyline { stroke: #2b5fad; stroke-dasharray: 6 3 } .engine1 circle { fill: #2b5fad }
@media (prefers-color-scheme: dark) { svg { background: #16181d } text { fill: #e6e6e6 } .tick, .size { fill: #aaa } .grid { stroke: #333 } }
</style>
<text class="heading" x="10" y="20">Milliseconds of processor by messages in the store</text>
${grid.join('\n')}
${under.join('\n')}
${lines.join('\n')}
${names.join('\n')}
</svg>
`
}
