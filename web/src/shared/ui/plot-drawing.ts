/** The drawing of a plot by uPlot. Apart, so that it is loaded with the first plot that is shown. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Format } from '../texts/format.ts'
import type { Series } from './plot.tsx'
import { byteSplits, countSplits } from './plot-splits.ts'

export interface Drawing {
  recolour(): void
  remove(): void
}

interface Settings {
  times: readonly number[]
  series: readonly Series[]
  kind: 'line' | 'bars'
  height: number
  step: 'day' | 'hour'
  write(value: number): string
  f: Format
  onHover(index: number | null): void
  /** Sizes in bytes: the axis counts in powers of two. Else it counts whole things. */
  binary: boolean
}

/** The colour that a token has now, in the chosen theme: a canvas knows no custom properties. */
function resolver(place: HTMLElement): (token: string) => string {
  const probe = document.createElement('span')
  probe.hidden = true
  place.append(probe)
  return token => {
    probe.style.color = `var(${token})`
    return getComputedStyle(probe).color
  }
}

export function draw(place: HTMLElement, settings: Settings): Drawing {
  const { times, series, kind, height, step, write, f, onHover, binary } = settings
  // Hours of several days tell nothing: the days do.
  const byDay = step === 'day' || times.length > 60
  const colour = resolver(place)
  const font = `12px ${getComputedStyle(place).fontFamily}`
  const data: uPlot.AlignedData = [times.map(time => time / 1000), ...series.map(({ values }) => [...values])]
  const bars = uPlot.paths.bars?.({ size: [0.62, 28], radius: 0.12 })
  const axis = { font, stroke: () => colour('--text-muted'), ticks: { show: false } }
  const grid = { stroke: () => colour('--line'), width: 1 }

  const plot = new uPlot(
    {
      width: Math.max(200, place.clientWidth),
      height,
      padding: [10, 20, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { size: 7 },
      },
      scales: {
        x: { range: (_, from, to) => (from === to ? [from - 43_200, to + 43_200] : widen(from, to)) },
        // From zero: a plot that begins higher makes much of little.
        y: { range: (_, __, max) => [0, max > 0 ? max * 1.12 : 1] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 30,
          splits: self => timeSplits(Math.max(64, self.bbox.width / devicePixelRatio)),
          values: (_, splits) =>
            splits.map(seconds => {
              const time = seconds * 1000
              return byDay ? f.shortDate(time).slice(0, 5) : f.time(time)
            }),
        },
        {
          ...axis,
          grid,
          size: (self, values) => {
            const widths = (values ?? []).map(text => self.ctx.measureText(text).width / devicePixelRatio)
            return Math.ceil(Math.max(16, ...widths)) + 12
          },
          space: 38,
          splits: (_self, _axis, _min, max) => (binary ? byteSplits(max) : countSplits(max, height)),
          values: (_, splits) => splits.map(write),
        },
      ],
      series: [
        {},
        ...series.map(({ label }, index) => ({
          label,
          stroke: () => colour(`--plot-${index + 1}`),
          width: kind === 'bars' ? 0 : 2,
          fill: () => withAlpha(colour(`--plot-${index + 1}`), kind === 'bars' ? 0.9 : series.length === 1 ? 0.09 : 0),
          points: { show: false },
          ...(kind === 'bars' && bars ? { paths: bars } : {}),
        })),
      ],
      hooks: { setCursor: [self => onHover(self.cursor.idx ?? null)] },
    },
    data,
    place,
  )

  const observer = new ResizeObserver(() => {
    if (place.clientWidth > 0) plot.setSize({ width: place.clientWidth, height })
  })
  observer.observe(place)

  /** Below what was measured, not at round times between: at each day's beginning, or at even distances. */
  function timeSplits(width: number): number[] {
    const beginnings =
      step === 'hour' && byDay
        ? times.filter((time, at) => at > 0 && f.shortDate(time) !== f.shortDate(times[at - 1] ?? time))
        : times
    const stride = Math.max(1, Math.ceil((beginnings.length * 64) / width))
    return beginnings.filter((_, at) => (beginnings.length - 1 - at) % stride === 0).map(time => time / 1000)
  }

  function widen(from: number, to: number): [number, number] {
    const half = kind === 'bars' ? (to - from) / Math.max(1, times.length - 1) / 2 : 0
    return [from - half, to + half]
  }
  return {
    recolour: () => plot.redraw(false),
    remove: () => {
      observer.disconnect()
      plot.destroy()
      place.replaceChildren()
    },
  }
}

function withAlpha(colour: string, alpha: number): string {
  return `color-mix(in srgb, ${colour} ${alpha * 100}%, transparent)`
}
