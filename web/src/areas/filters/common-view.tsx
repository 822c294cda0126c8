/** The rules of a domain or of the service, or the script that stands in their place. */
import { type ReactNode, useState } from 'react'
import type { CommonScriptAnswer } from '../../../../src/api/common-scripts.ts'
import type { RuleAnswer } from '../../../../src/api/filters.ts'
import { queryClient, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { commonTexts } from './common-texts.ts'
import { FailureAlert } from './failure-alert.tsx'
import { RulesEditor } from './rules-editor.tsx'
import { ScriptForm } from './script-form.tsx'
import { texts } from './texts.ts'

/** `path`: of the script; `isService`: else it is a domain's. */
export function CommonFiltersView({ path, isService }: { path: string; isService: boolean }) {
  const resource = useResource<CommonScriptAnswer>(path)
  return (
    <>
      <OrderCard isService={isService} />
      <Await resource={resource}>{state => <CommonFilters path={path} isService={isService} state={state} />}</Await>
    </>
  )
}

function OrderCard({ isService }: { isService: boolean }) {
  const t = useTexts(commonTexts)
  const here = isService ? 'service' : 'domain'
  return (
    <Card title={t.order} description={t.orderText}>
      <div className="stack">
        <ol>
          {(['service', 'domain', 'owner', 'reply'] as const).map(step => (
            <li key={step}>{step === here ? <strong>{`${t.steps[step]} ${t.here}`}</strong> : t.steps[step]}</li>
          ))}
        </ol>
        <p>{isService ? t.mayService : t.mayDomain}</p>
        <p>{isService ? t.seenService : t.seenDomain}</p>
      </div>
    </Card>
  )
}

interface View {
  path: string
  isService: boolean
  state: CommonScriptAnswer
}

type Change = { rules: readonly RuleAnswer[] } | { source: string }

function CommonFilters({ path, isService, state }: View) {
  const t = useTexts(commonTexts)
  const words = useTexts(texts)
  const [writes, setWrites] = useState(false)
  const { rules, script, contradictions, warnings, failure } = state
  const keep = (saved: CommonScriptAnswer): void => {
    queryClient.setQueryData([path, {}], saved)
  }
  const put = async (change: Change, text: string): Promise<void> => {
    keep(await api.put<CommonScriptAnswer>(path, { ...change, revision: script?.revision ?? null }))
    showToast({ text })
  }
  const form = (source: string) => (
    <ScriptForm
      source={source}
      warnings={warnings}
      checkPath={`${path}/check`}
      save={async written => {
        await put({ source: written }, words.savedScript)
        setWrites(false)
      }}
    />
  )
  return (
    <>
      {script && <StateBar path={path} script={script} keep={keep} />}
      <FailureAlert failure={failure} ofAll />
      {rules ? (
        <RulesEditor
          rules={rules}
          contradictions={contradictions}
          noneText={t.noneText}
          forwards={isService}
          save={changed => put({ rules: changed }, words.saved)}
        />
      ) : (
        <HandWritten useRules={() => put({ rules: [] }, words.saved)}>{form(script?.source ?? '')}</HandWritten>
      )}
      {rules &&
        (writes ? (
          <Card title={words.writeScript} description={words.writeScriptText}>
            {form('')}
          </Card>
        ) : (
          <div>
            <Button kind="quiet" onClick={() => setWrites(true)}>
              {words.writeScript}
            </Button>
          </div>
        ))}
    </>
  )
}

function HandWritten({ useRules, children }: { useRules(): Promise<void>; children: ReactNode }) {
  const t = useTexts(commonTexts)
  const words = useTexts(texts)
  const [leaves, setLeaves] = useState(false)
  return (
    <>
      <Alert title={t.byHand}>{t.byHandText}</Alert>
      <Card title={t.scriptTitle} actions={<Button onClick={() => setLeaves(true)}>{words.useRules}</Button>}>
        {children}
      </Card>
      <ConfirmDialog
        open={leaves}
        onClose={() => setLeaves(false)}
        title={words.useRules}
        confirm={words.useRules}
        danger
        onConfirm={useRules}
      >
        {t.useRulesText}
      </ConfirmDialog>
    </>
  )
}

interface Bar {
  path: string
  script: NonNullable<CommonScriptAnswer['script']>
  keep(saved: CommonScriptAnswer): void
}

/** Whether it is applied; and its end. */
function StateBar({ path, script: { isActive, revision }, keep }: Bar) {
  const t = useTexts(commonTexts)
  const [removing, setRemoving] = useState(false)
  const change = useAction(async () => {
    keep(await api.patch<CommonScriptAnswer>(path, { isActive: !isActive, revision }))
    showToast({ text: isActive ? t.deactivated : t.activated })
  })
  const toggle = (
    <Button kind={isActive ? 'quiet' : 'primary'} busy={change.busy} onClick={() => void change.run()}>
      {isActive ? t.deactivate : t.activate}
    </Button>
  )
  return (
    <>
      {change.problem && <Alert kind="danger">{change.problem.message}</Alert>}
      {!isActive && (
        <Alert kind="warning" title={t.off} action={toggle}>
          {t.offText}
        </Alert>
      )}
      <div className="filter-state">
        {isActive && toggle}
        <Button kind="quiet" onClick={() => setRemoving(true)}>
          {t.remove}
        </Button>
      </div>
      <ConfirmDialog
        open={removing}
        onClose={() => setRemoving(false)}
        title={t.remove}
        confirm={t.remove}
        danger
        onConfirm={async () => {
          await api.delete(`${path}?revision=${revision}`)
          await queryClient.invalidateQueries({ queryKey: [path] })
          showToast({ text: t.removed })
        }}
      >
        {t.removeText}
      </ConfirmDialog>
    </>
  )
}
