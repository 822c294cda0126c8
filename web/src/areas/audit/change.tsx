/** What was and what is; what is new or gone has one side alone. */
import type { AuditEntryAnswer } from '../../../../src/api/audit.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import './audit.css'
import { type ChangeLine, changeLines } from './change-lines.ts'
import { fieldTexts } from './field-texts.ts'

export function Change({ before, after }: Pick<AuditEntryAnswer, 'before' | 'after'>) {
  const t = useTexts(fieldTexts)
  const format = useFormat()
  const lines = changeLines({ before, after }, t, format)
  if (lines.length === 0) return null
  return (
    <ul className="list audit-change">
      {lines.map(line => (
        <li key={line.name}>
          <span className="muted">{line.label}</span> <Sides line={line} />
        </li>
      ))}
    </ul>
  )
}

function Sides({ line: { was, is, whole } }: { line: ChangeLine }) {
  const t = useTexts(fieldTexts)
  const text = was !== undefined && is !== undefined ? t.arrow(was, is) : was === undefined ? is : <del>{was}</del>
  if (!whole) return <>{text}</>
  return (
    <details>
      <summary>{text}</summary>
      <pre>{whole}</pre>
    </details>
  )
}
