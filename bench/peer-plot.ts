/** The ratios of a run as a picture: a bar for each figure on a logarithmic scale, and a mark at what is to be reached. */
import type { Figure } from './peer-figures.ts'

const row = 20
const left = 300
const width = 900
const top = 56
const ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

export function plotOf(figures: readonly Figure[], title: string): string {
  const height = top + figures.length * row + 20
  const values = figures.flatMap(({ ratio, goal }) => [ratio, goal || ratio])
  const shown = ticks.filter(tick => tick >= Math.min(0.5, ...values) / 2 && tick <= Math.max(2, ...values) * 2)
  const [low = 0.5, high = 2] = [shown[0], shown.at(-1)]
  const x = (value: number): number => {
    const share = Math.log(Math.min(high, Math.max(low, value)) / low) / Math.log(high / low)
    return Math.round((left + share * (width - left - 60)) * 10) / 10
  }
  const lines = shown.map(
    tick =>
      `<line class="${tick === 1 ? 'one' : 'grid'}" x1="${x(tick)}" y1="${top - 6}" x2="${x(tick)}" y2="${height - 16}"/><text class="tick" x="${x(tick)}" y="${top - 12}">${tick}×</text>`,
  )
  const bars = figures.map(({ name, ratio, goal }, index) => {
    const y = top + index * row
    const [from, to] = [Math.min(x(1), x(ratio)), Math.max(x(1), x(ratio))]
    return [
      `<text class="name" x="${left - 10}" y="${y + 13}">${escaped(name)}</text>`,
      `<rect class="${goal === 0 ? 'unasked' : ratio >= goal ? 'reached' : 'open'}" x="${from}" y="${y + 3}" width="${Math.max(1, Math.round((to - from) * 10) / 10)}" height="${row - 8}"/>`,
      goal > 0 ? `<line class="goal" x1="${x(goal)}" y1="${y + 1}" x2="${x(goal)}" y2="${y + row - 3}"/>` : '',
      `<text class="value" x="${to + 5}" y="${y + 13}">${ratio.toFixed(2)}</text>`,
    ].join('')
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">${escaped(title)}</title>
<style>
svg { background: #fff; font: 12px system-ui, sans-serif } text { fill: #222 } .heading { font-size: 15px; font-weight: 600 }
.name { text-anchor: end } .tick { text-anchor: middle; fill: #666 } .grid { stroke: #ddd } .one { stroke: #666 }
.reached { fill: #2a7d4f } .open { fill: #b7791f } .unasked { fill: #8a93a3 } .goal { stroke: #111; stroke-width: 2 }
@media (prefers-color-scheme: dark) { svg { background: #16181d } text { fill: #e6e6e6 } .tick { fill: #aaa } .grid { stroke: #333 } .one { stroke: #999 } .goal { stroke: #fff } }
</style>
<text class="heading" x="10" y="20">${escaped(title)}</text>
${lines.join('\n')}
${bars.join('\n')}
</svg>
`
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`)
