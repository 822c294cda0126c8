/** One trace, for whoever has its link; without a session. The token stands behind "#", which no server sees but in the body of what is asked. */
import { useCallback, useEffect, useState } from 'react'
import type { SharedTraceAnswer } from '../../../../src/api/traces.ts'
import { type ApiProblem, asProblem } from '../../shared/api/problem.ts'
import { api } from '../../shared/api/session.ts'
import { useFormat } from '../../shared/texts/format.ts'
import { useLanguage } from '../../shared/texts/language.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Loading } from '../../shared/ui/states.tsx'
import { OutsidePage } from '../outside.tsx'
import { sharedTexts } from './shared-texts.ts'
import { Facts, Outcomes, Steps } from './trace-view.tsx'
import { viewTexts } from './view-texts.ts'

export default function SharedTracePage() {
  const t = useTexts(sharedTexts)
  const words = useTexts(viewTexts)
  const f = useFormat()
  const { trace, problem, retry } = useSharedTrace()
  if (trace)
    return (
      <OutsidePage title={t.shared} description={t.sharedText(f.dateTime(trace.expiresAt))} wide>
        <Outcomes trace={trace} />
        <h2>{words.steps}</h2>
        <Steps steps={trace.steps} single={trace.recipientCount === 1} />
        <h2>{words.message}</h2>
        <Facts trace={trace} />
      </OutsidePage>
    )
  const isOver = problem?.code === 'trace-link-gone' || problem?.code === 'invalid-request'
  return (
    <OutsidePage title={isOver ? t.over : t.shared}>
      {!problem && <Loading />}
      {problem && (
        <>
          <Alert kind={isOver ? 'warning' : 'danger'} live>
            {isOver ? t.overText : problem.message}
          </Alert>
          {!isOver && <Button onClick={retry}>{t.retry}</Button>}
        </>
      )}
    </OutsidePage>
  )
}

function useSharedTrace() {
  const language = useLanguage()
  const [token] = useState(() => location.hash.slice(1))
  const [state, setState] = useState<{ trace: SharedTraceAnswer | null; problem: ApiProblem | null }>({
    trace: null,
    problem: null,
  })
  const [attempt, setAttempt] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt asks again, and so does another language: the answer has sentences.
  useEffect(() => {
    const aborter = new AbortController()
    setState(({ trace }) => ({ trace, problem: null }))
    api
      .post<SharedTraceAnswer>('/trace-links/open', { token }, { anonymous: true, signal: aborter.signal })
      .then(trace => setState({ trace, problem: null }))
      .catch(error => {
        if (!aborter.signal.aborted) setState({ trace: null, problem: asProblem(error) })
      })
    return () => aborter.abort()
  }, [token, attempt, language])
  const retry = useCallback(() => setAttempt(count => count + 1), [])
  return { ...state, retry }
}
