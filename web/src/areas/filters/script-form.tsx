/** A script in Sieve as text: checked with the places of what is wrong, then saved. */
import { useRef, useState } from 'react'
import type { CheckedScriptAnswer, FiltersAnswer } from '../../../../src/api/filters.ts'
import { api } from '../../shared/api/session.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { TextArea } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import './filters.css'
import { texts } from './texts.ts'

interface Place {
  line: number
  column: number
  message: string
}

interface Writing {
  source: string
  /** What may go wrong in it, as stored. */
  warnings: FiltersAnswer['warnings']
  /** Where it is checked. */
  checkPath: string
  save(source: string): Promise<void>
}

export function ScriptForm({ source, warnings, checkPath, save }: Writing) {
  const t = useTexts(texts)
  const box = useRef<HTMLDivElement>(null)
  const form = useForm({
    initial: { source: source.replaceAll('\r\n', '\n') },
    submit: async values => {
      await save(sentText(values.source))
      form.reset(values)
    },
  })
  const [result, setResult] = useState<(CheckedScriptAnswer & { of: string }) | null>(null)
  const check = useAction(async () => {
    const of = form.values.source
    setResult({ ...(await api.post<CheckedScriptAnswer>(checkPath, { source: sentText(of) })), of })
  })
  const checked = result?.of === form.values.source ? result : null
  const goTo = ({ line, column }: Place): void => {
    const area = box.current?.querySelector('textarea')
    if (!area) return
    const lines = area.value.split('\n').slice(0, line - 1)
    const before = lines.reduce((sum, text) => sum + text.length + 1, 0)
    const at = before + [...(area.value.split('\n')[line - 1] ?? '')].slice(0, column - 1).join('').length
    area.focus()
    area.setSelectionRange(at, at)
  }
  const shownWarnings = checked?.warnings ?? (form.dirty ? [] : warnings)
  return (
    <div ref={box} className="stack">
      {checked && checked.problems.length === 0 && checked.warnings.length === 0 && (
        <Alert kind="success" live>
          {t.scriptRight}
        </Alert>
      )}
      {checked && checked.problems.length > 0 && (
        <Alert kind="danger" title={t.scriptWrong} live>
          <Places places={checked.problems} goTo={goTo} />
        </Alert>
      )}
      {shownWarnings.length > 0 && (
        <Alert kind="warning" title={t.scriptWarns}>
          <Places places={shownWarnings} goTo={goTo} />
        </Alert>
      )}
      {check.problem && <Alert kind="danger">{check.problem.message}</Alert>}
      <Form
        form={form}
        warnsOnLeave
        submit={t.saveScript}
        actions={
          <Button busy={check.busy} onClick={() => void check.run()}>
            {t.check}
          </Button>
        }
      >
        <TextArea {...form.field('source')} label={t.source} rows={14} className="filter-script" />
      </Form>
    </div>
  )
}

/** Messages of Sieve are in English, as its words are. */
function Places({ places, goTo }: { places: readonly Place[]; goTo(place: Place): void }) {
  const t = useTexts(texts)
  return (
    <ul className="list filter-places">
      {places.map(place => (
        <li key={`${place.line} ${place.column} ${place.message}`}>
          <button type="button" className="link" onClick={() => goTo(place)}>
            {t.place(place.line, place.column)}
          </button>{' '}
          <span lang="en">{place.message}</span>
        </li>
      ))}
    </ul>
  )
}

const sentText = (text: string): string => text.replaceAll('\n', '\r\n')
