/** Figures over time: a drawing, loaded when it is shown, and the same figures as a table. */
import { ChartLine, Table2 } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { onThemeChange } from '../brand/theme.ts'
import { useFormat } from '../texts/format.ts'
import { useLanguage } from '../texts/language.ts'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { Button } from './button.tsx'
import './plot.css'
import type { Drawing } from './plot-drawing.ts'
import { ErrorState } from './states.tsx'

const texts = defineTexts({
  fr: {
    asTable: 'Voir en tableau',
    asPlot: 'Voir en graphique',
    time: 'Date',
    failed: 'Le graphique n’a pas pu être chargé. Les chiffres restent visibles en tableau.',
    none: 'Pas encore de chiffres pour cette période.',
    one: (figures: string) => `${figures}. Le graphique commence avec la deuxième mesure.`,
    figure: (label: string, value: string) => `${label} : ${value}`,
  },
  en: {
    asTable: 'View as a table',
    asPlot: 'View as a graph',
    time: 'Date',
    failed: 'The graph could not be loaded. The figures can be seen as a table.',
    none: 'No figures for this period yet.',
    one: figures => `${figures}. The graph begins with the second measurement.`,
    figure: (label, value) => `${label}: ${value}`,
  },
})

export interface Series {
  label: string
  /** One for each of `times`; null where nothing was measured. */
  values: readonly (number | null)[]
}

export interface PlotProps {
  title: string
  /** Milliseconds since 1970, ascending. */
  times: readonly number[]
  /** Four at most. */
  series: readonly Series[]
  kind?: 'line' | 'bars'
  /** How a figure is written; a number otherwise. */
  format?(value: number): string
  /** What a time stands for: a day (the usual) or a moment. */
  step?: 'day' | 'hour'
  /** Height in px. */
  height?: number
}

export function Plot(props: PlotProps) {
  const { title, times, series, kind = 'line', step = 'day', height = 220 } = props
  const t = useTexts(texts)
  const f = useFormat()
  const id = useId()
  const [asTable, setAsTable] = useState(false)
  const [hovered, setHovered] = useState<number | null>(null)
  const write = props.format ?? ((value: number) => f.number(value))
  const when = (time: number): string => (step === 'day' ? f.shortDate(time) : f.dateTime(time))

  // A line needs two.
  const isOne = times.length === 1 && kind === 'line'
  const figures = series
    .filter(({ values }) => typeof values[0] === 'number')
    .map(({ label, values }) => t.figure(label, write(values[0] ?? 0)))

  return (
    <figure className="plot" aria-labelledby={id}>
      <figcaption className="plot-head">
        <span className="plot-title" id={id}>
          {title}
        </span>
        <Button small kind="quiet" icon={asTable ? ChartLine : Table2} onClick={() => setAsTable(!asTable)}>
          {asTable ? t.asPlot : t.asTable}
        </Button>
      </figcaption>
      {times.length === 0 ? (
        <p className="plot-none muted">{t.none}</p>
      ) : isOne && !asTable ? (
        <p className="plot-none muted">{t.one(figures.join(', '))}</p>
      ) : asTable ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
        <section className="plot-table" tabIndex={0} aria-labelledby={id}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t.time}</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col" className="end">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((time, at) => (
                <tr key={time}>
                  <th scope="row">{when(time)}</th>
                  {series.map(({ label, values }) => (
                    <td key={label} className="end tabular">
                      {typeof values[at] === 'number' ? write(values[at]) : '–'}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        <>
          <ul className="list plot-legend" aria-hidden="true">
            <li className="plot-when tabular">{hovered === null ? '' : when(times[hovered] ?? 0)}</li>
            {series.map(({ label, values }, index) => (
              <li key={label}>
                <span className={`plot-key plot-key-${index + 1}`} />
                {label}
                {hovered !== null && typeof values[hovered] === 'number' && (
                  <strong className="tabular">{write(values[hovered])}</strong>
                )}
              </li>
            ))}
          </ul>
          <Canvas {...props} height={height} onHover={setHovered} />
        </>
      )}
    </figure>
  )
}

function Canvas({
  times,
  series,
  kind = 'line',
  format,
  step = 'day',
  height,
  onHover,
}: PlotProps & {
  height: number
  onHover(index: number | null): void
}) {
  const t = useTexts(texts)
  const f = useFormat()
  const language = useLanguage()
  const place = useRef<HTMLDivElement>(null)
  const [failed, setFailed] = useState(false)
  const settings = useRef({ format, f, onHover })
  settings.current = { format, f, onHover }

  // biome-ignore lint/correctness/useExhaustiveDependencies: `language` changes what the axes say.
  useEffect(() => {
    let drawing: Drawing | undefined
    let gone = false
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const recolour = (): void => drawing?.recolour()
    import('./plot-drawing.ts').then(
      ({ draw }) => {
        if (gone || !place.current) return
        drawing = draw(place.current, {
          times,
          series,
          kind,
          height,
          step,
          write: value => settings.current.format?.(value) ?? settings.current.f.number(value, 1),
          f: settings.current.f,
          binary: settings.current.format === settings.current.f.size,
          onHover: index => settings.current.onHover(index),
        })
      },
      () => setFailed(true),
    )
    dark.addEventListener('change', recolour)
    const unsubscribe = onThemeChange(recolour)
    return () => {
      gone = true
      dark.removeEventListener('change', recolour)
      unsubscribe()
      drawing?.remove()
    }
  }, [times, series, kind, height, step, language])

  if (failed) return <ErrorState problem={{ message: t.failed }} />
  return <div ref={place} className="plot-canvas" style={{ blockSize: `${height}px` }} aria-hidden="true" />
}
