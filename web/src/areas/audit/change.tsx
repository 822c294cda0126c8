/** What was and what is, as pairs that read; what is new or gone has one side alone. */
import type { AuditEntryAnswer } from '../../../../src/api/audit.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import './audit.css'
import { texts } from './texts.ts'

export function Change({ before, after }: Pick<AuditEntryAnswer, 'before' | 'after'>) {
  const t = useTexts(texts)
  const format = useFormat()
  const values: Readonly<Record<string, string>> = t.values
  const show = (name: string, value: unknown): string => {
    if (value === null || value === undefined || value === '') return t.none
    if (typeof value === 'boolean') return value ? t.yes : t.no
    if (typeof value === 'number' && /(?:At|Until)$/.test(name)) return format.dateTime(value)
    if (typeof value === 'number' && /Bytes$/.test(name)) return format.size(value)
    if (Array.isArray(value)) return value.length === 0 ? t.none : value.map(one => show('', one)).join(', ')
    if (name === 'role' || name === 'kind') return values[String(value)] ?? String(value)
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  const fields: Readonly<Record<string, string>> = t.fields
  // Names of rows tell nobody anything.
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    name => name !== 'linkId' && name !== 'tokenId',
  )
  if (names.length === 0) return null
  return (
    <ul className="list audit-change">
      {names.map(name => {
        const [was, is] = [before, after].map(side => (side && name in side ? show(name, side[name]) : undefined))
        return (
          <li key={name}>
            <span className="muted">{t.field(fields[name] ?? name)}</span>{' '}
            {was !== undefined && is !== undefined ? t.arrow(was, is) : was === undefined ? is : <del>{was}</del>}
          </li>
        )
      })}
    </ul>
  )
}
