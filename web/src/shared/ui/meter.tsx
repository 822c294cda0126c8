/** How full something is, in a bar, in figures and in words. Yellow from 80 %, red from 95 %, where the service writes to the owner. */
import { useId } from 'react'
import { useFormat } from '../texts/format.ts'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { classNames } from './class-names.ts'
import './meter.css'

const texts = defineTexts({
  fr: {
    of: (used: string, total: string) => `${used} sur ${total}`,
    unlimited: (used: string) => `${used}, sans limite`,
  },
  en: {
    of: (used, total) => `${used} of ${total}`,
    unlimited: used => `${used}, no limit`,
  },
})

const warnFrom = 0.8
const alarmFrom = 0.95

export interface MeterProps {
  label: string
  used: number
  /** null: without limit. */
  total: number | null
  /** How a figure is written; sizes in bytes otherwise. */
  format?(value: number): string
  /** The bar and the percentage alone, for tables: the rest is read aloud. */
  compact?: boolean
}

export function Meter({ label, used, total, format, compact }: MeterProps) {
  const t = useTexts(texts)
  const f = useFormat()
  const id = useId()
  const write = format ?? f.size
  const ratio = total === null ? 0 : total <= 0 ? 1 : used / total
  const level = total === null || ratio < warnFrom ? undefined : ratio < alarmFrom ? 'warn' : 'alarm'
  const text = total === null ? t.unlimited(write(used)) : t.of(write(used), write(total))
  // Not rounded up: 100 % is said of what is full.
  const percent = f.percent(Math.floor(ratio * 100) / 100)
  if (total === null)
    return (
      <div className={classNames('meter', compact && 'compact')}>
        {compact ? (
          <span className="tabular">{write(used)}</span>
        ) : (
          <>
            <div className="meter-line">{label}</div>
            <div className="meter-text tabular">{text}</div>
          </>
        )}
      </div>
    )
  return (
    <div className={classNames('meter', compact && 'compact', level)}>
      {!compact && (
        <div className="meter-line">
          <span id={id}>{label}</span>
          <span className="meter-percent tabular">{percent}</span>
        </div>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw a meter element each in its own way. */}
      <div
        role="meter"
        className="meter-track"
        aria-label={compact ? label : undefined}
        aria-labelledby={compact ? undefined : id}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={Math.min(used, total)}
        aria-valuetext={`${text} (${percent})`}
      >
        <div className="meter-fill" style={{ inlineSize: `${Math.min(100, ratio * 100)}%` }} />
      </div>
      {compact ? (
        <span className="meter-percent tabular" title={text} aria-hidden="true">
          {percent}
        </span>
      ) : (
        <div className="meter-text tabular">{text}</div>
      )}
    </div>
  )
}

/** How far long work has come; without `value`, that it goes on. `text` says it in words. */
export function Progress({
  label,
  value,
  max = 1,
  text,
}: {
  label: string
  value?: number
  max?: number
  text?: string
}) {
  const id = useId()
  return (
    <div className="meter">
      <div className="meter-line">
        <span id={id}>{label}</span>
        {text && <span className="meter-percent tabular">{text}</span>}
      </div>
      <div
        role="progressbar"
        className={classNames('meter-track', value === undefined && 'endless')}
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={value}
        aria-valuetext={text}
      >
        <div className="meter-fill" style={value === undefined ? {} : { inlineSize: `${(value / max) * 100}%` }} />
      </div>
    </div>
  )
}
