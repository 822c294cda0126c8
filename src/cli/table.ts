/** Rows as aligned text. What comes from elsewhere (addresses, answers of servers) can't steer the terminal it is shown on. */
import { domainToUnicode } from 'node:url'

export interface Column<T> {
  title: string
  value(row: T): string | number
}

export function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const cells = rows.map(row => columns.map(column => column.value(row)))
  const texts = [columns.map(column => column.title), ...cells.map(row => row.map(value => visible(String(value))))]
  const widths = columns.map((_, at) => Math.max(...texts.map(row => row[at]?.length ?? 0)))
  const rightAligned = columns.map((_, at) => cells.some(row => typeof row[at] === 'number'))
  return texts
    .map(row =>
      row
        .map((text, at) => (rightAligned[at] ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0)))
        .join('  ')
        .trimEnd()
        .concat('\n'),
    )
    .join('')
}

/** Control characters, those that reverse the direction of text included, as their code. */
export function visible(text: string): string {
  return text.replace(
    /[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    character => `\\u{${character.charCodeAt(0).toString(16)}}`,
  )
}

/** A domain or an address as people write it: münchen.example for xn--mnchen-3ya.example. */
export function readableName(name: string): string {
  const at = name.lastIndexOf('@') + 1
  return name.slice(0, at) + (domainToUnicode(name.slice(at)) || name.slice(at))
}

/** `3.4 MB`: three figures are enough to compare by eye. */
export function humanSize(bytes: number): string {
  let value = bytes
  let power = 0
  while (value >= 1000 && power < 4) {
    value /= 1024
    power++
  }
  const figures = power === 0 ? String(value) : value.toFixed(value < 9.95 ? 1 : 0)
  return `${figures} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`
}

/** `2 min`, `in 4 h`: how long ago, or until. */
export function humanTime(at: number, now: number): string {
  const seconds = Math.round(Math.abs(at - now) / 1000)
  const steps: [number, string][] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ]
  const [length, unit] = steps.find(([least]) => seconds >= least) ?? [1, 's']
  const text = `${Math.round(seconds / length)} ${unit}`
  return at > now ? `in ${text}` : `${text} ago`
}
