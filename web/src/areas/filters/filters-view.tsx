/** The rules of a mailbox, or the script that stands in their place. `path`: of the mailbox, or empty for one's own. */
import { useState } from 'react'
import type { FiltersAnswer, RuleAnswer } from '../../../../src/api/filters.ts'
import { queryClient, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Await } from '../../shared/ui/states.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { BeforeCard } from './before-card.tsx'
import { FailureAlert } from './failure-alert.tsx'
import { RulesEditor } from './rules-editor.tsx'
import { ScriptForm } from './script-form.tsx'
import { ScriptSource } from './script-source.tsx'
import { texts } from './texts.ts'

export function FiltersView({ path }: { path: string }) {
  const filters = useResource<FiltersAnswer>(`${path}/filters`)
  const keep = (saved: FiltersAnswer): void => {
    queryClient.setQueryData([`${path}/filters`, {}], saved)
  }
  return (
    <Await resource={filters}>
      {state => (
        <>
          <BeforeCard before={state.before} />
          <FailureAlert failure={state.failure} />
          {state.rules === null && state.script ? (
            <HandWritten key={state.script.name} path={path} state={state} script={state.script} keep={keep} />
          ) : (
            <Rules path={path} state={state} keep={keep} />
          )}
        </>
      )}
    </Await>
  )
}

interface Part {
  path: string
  state: FiltersAnswer
  keep(saved: FiltersAnswer): void
}

function Rules({ path, state, keep }: Part) {
  const t = useTexts(texts)
  const [writes, setWrites] = useState(false)
  const save = async (rules: readonly RuleAnswer[]): Promise<void> => {
    keep(await api.put<FiltersAnswer>(`${path}/filters`, { rules, revision: state.revision }))
    showToast({ text: t.saved })
  }
  return (
    <>
      <RulesEditor
        rules={state.rules ?? []}
        contradictions={state.contradictions}
        noneText={t.noneText}
        forwards
        save={save}
      />
      {path === '' &&
        (writes ? (
          <Card title={t.writeScript} description={t.writeScriptText}>
            <OwnScriptForm source="" state={state} keep={keep} />
          </Card>
        ) : (
          <div>
            <Button kind="quiet" onClick={() => setWrites(true)}>
              {t.writeScript}
            </Button>
          </div>
        ))}
    </>
  )
}

function HandWritten({ path, state, script, keep }: Part & { script: NonNullable<FiltersAnswer['script']> }) {
  const t = useTexts(texts)
  const [leaves, setLeaves] = useState(false)
  return (
    <>
      <Alert title={t.byHand}>{t.byHandText}</Alert>
      <Card title={t.script(script.name)} actions={<Button onClick={() => setLeaves(true)}>{t.useRules}</Button>}>
        {path === '' ? (
          <OwnScriptForm source={script.source} state={state} keep={keep} />
        ) : (
          <ScriptSource source={script.source} />
        )}
      </Card>
      <ConfirmDialog
        open={leaves}
        onClose={() => setLeaves(false)}
        title={t.useRules}
        confirm={t.useRules}
        onConfirm={async () => {
          keep(
            await api.put<FiltersAnswer>(`${path}/filters`, {
              rules: [],
              replacesScript: true,
              revision: state.revision,
            }),
          )
        }}
      >
        {t.useRulesText}
      </ConfirmDialog>
    </>
  )
}

function OwnScriptForm({ source, state, keep }: Pick<Part, 'state' | 'keep'> & { source: string }) {
  const t = useTexts(texts)
  return (
    <ScriptForm
      source={source}
      warnings={source === '' ? [] : state.warnings}
      checkPath="/filters/check"
      save={async written => {
        keep(await api.put<FiltersAnswer>('/filters/script', { source: written, revision: state.revision }))
        showToast({ text: t.savedScript })
      }}
    />
  )
}
