/** The last error at which filters stopped, until they are changed: the messages were kept. */
import type { FailureAnswer } from '../../../../src/api/filters.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { failureTexts } from './failure-texts.ts'

/** `ofAll`: of a domain or of the service, where the mailbox concerned is worth naming. */
export function FailureAlert({ failure, ofAll = false }: { failure: FailureAnswer | null; ofAll?: boolean }) {
  const t = useTexts(failureTexts)
  const f = useFormat()
  if (!failure) return null
  const { at, messages, script, rule, line, column, problem, address, sender } = failure
  const where = rule === null ? t.inScript(script, line, column) : t.inRule(rule)
  return (
    <Alert kind="warning" title={t.title}>
      <p>
        {t.what(f.dateTime(at), sender, ofAll ? address : null)} {ofAll ? t.wentOn : t.kept}
      </p>
      <p className="filter-problem">
        {where} <span lang="en">{problem}</span>
      </p>
      {messages > 1 && <p>{t.messages(messages)}</p>}
    </Alert>
  )
}
