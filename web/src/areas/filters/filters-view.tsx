/** The rules of a mailbox, or the script that stands in their place. `path`: of the mailbox, or empty for one's own. */
import { ArrowDown, ArrowUp, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { FiltersAnswer, RuleAnswer } from '../../../../src/api/filters.ts'
import { queryClient, useResource } from '../../shared/api/queries.ts'
import { api } from '../../shared/api/session.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button, IconButton } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { Form } from '../../shared/ui/form.tsx'
import { Await, EmptyState } from '../../shared/ui/states.tsx'
import { TextArea } from '../../shared/ui/text-field.tsx'
import { showToast } from '../../shared/ui/toast.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import './filters.css'
import { RuleDialog } from './rule-dialog.tsx'
import { ruleSummary } from './rule-summary.ts'
import { texts } from './texts.ts'

export function FiltersView({ path }: { path: string }) {
  const filters = useResource<FiltersAnswer>(`${path}/filters`)
  const keep = (saved: FiltersAnswer): void => {
    queryClient.setQueryData([`${path}/filters`, {}], saved)
  }
  return (
    <Await resource={filters}>
      {({ rules, script }) =>
        rules === null && script ? (
          <HandWritten key={script.name} path={path} script={script} keep={keep} />
        ) : (
          <Rules path={path} rules={rules ?? []} keep={keep} />
        )
      }
    </Await>
  )
}

interface Part {
  path: string
  keep(saved: FiltersAnswer): void
}

function Rules({ path, rules, keep }: Part & { rules: readonly RuleAnswer[] }) {
  const t = useTexts(texts)
  const [edited, setEdited] = useState<number | null>(null)
  const [removed, setRemoved] = useState<number | null>(null)
  const [writes, setWrites] = useState(false)
  const set = async (changed: readonly RuleAnswer[]): Promise<void> => {
    keep(await api.put<FiltersAnswer>(`${path}/filters`, { rules: changed }))
    showToast({ text: t.saved })
  }
  const change = useAction(set)
  const swap = (at: number, to: number): void => {
    const changed = [...rules]
    ;[changed[at], changed[to]] = [rules[to]!, rules[at]!]
    void change.run(changed)
  }
  const add = (
    <Button kind="primary" icon={Plus} onClick={() => setEdited(rules.length)}>
      {t.add}
    </Button>
  )
  return (
    <>
      {change.problem && <Alert kind="danger">{change.problem.message}</Alert>}
      <Card title={t.rules} description={t.rulesText} actions={rules.length > 0 ? add : undefined}>
        {rules.length === 0 ? (
          <EmptyState title={t.none} action={add}>
            {t.noneText}
          </EmptyState>
        ) : (
          <ol className="filter-rules">
            {rules.map((rule, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity but their place.
              <li key={at} className={rule.isEnabled ? '' : 'filter-off'}>
                <input
                  type="checkbox"
                  role="switch"
                  className="switch"
                  aria-label={t.enabled(rule.name)}
                  aria-checked={rule.isEnabled}
                  checked={rule.isEnabled}
                  disabled={change.busy}
                  onChange={() =>
                    void change.run(rules.map((each, i) => (i === at ? { ...each, isEnabled: !each.isEnabled } : each)))
                  }
                />
                <div className="filter-what">
                  <h3>{rule.name}</h3>
                  <p className="muted">{ruleSummary(rule, t)}</p>
                </div>
                <div className="filter-buttons">
                  <IconButton
                    small
                    icon={ArrowUp}
                    label={t.up(rule.name)}
                    disabled={at === 0 || change.busy}
                    onClick={() => swap(at, at - 1)}
                  />
                  <IconButton
                    small
                    icon={ArrowDown}
                    label={t.down(rule.name)}
                    disabled={at === rules.length - 1 || change.busy}
                    onClick={() => swap(at, at + 1)}
                  />
                  <IconButton small icon={Pencil} label={t.editOf(rule.name)} onClick={() => setEdited(at)} />
                  <IconButton small icon={Trash2} label={t.removeOf(rule.name)} onClick={() => setRemoved(at)} />
                </div>
              </li>
            ))}
          </ol>
        )}
      </Card>
      {path === '' &&
        (writes ? (
          <Card title={t.writeScript} description={t.writeScriptText}>
            <ScriptForm source="" keep={keep} />
          </Card>
        ) : (
          <div>
            <Button kind="quiet" onClick={() => setWrites(true)}>
              {t.writeScript}
            </Button>
          </div>
        ))}
      {edited !== null && (
        <RuleDialog
          rule={rules[edited] ?? null}
          save={rule =>
            set(edited < rules.length ? rules.map((each, i) => (i === edited ? rule : each)) : [...rules, rule])
          }
          onClose={() => setEdited(null)}
        />
      )}
      <ConfirmDialog
        open={removed !== null}
        onClose={() => setRemoved(null)}
        title={removed === null ? '' : t.removeOf(rules[removed]?.name ?? '')}
        confirm={t.remove}
        danger
        onConfirm={() => set(rules.filter((_, i) => i !== removed))}
      >
        {t.removeText}
      </ConfirmDialog>
    </>
  )
}

function HandWritten({ path, script, keep }: Part & { script: NonNullable<FiltersAnswer['script']> }) {
  const t = useTexts(texts)
  const [leaves, setLeaves] = useState(false)
  return (
    <>
      <Alert title={t.byHand}>{t.byHandText}</Alert>
      <Card title={t.script(script.name)} actions={<Button onClick={() => setLeaves(true)}>{t.useRules}</Button>}>
        {path === '' ? (
          <ScriptForm source={script.source} keep={keep} />
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must get to it.
          <pre className="filter-source" tabIndex={0}>
            {script.source}
          </pre>
        )}
      </Card>
      <ConfirmDialog
        open={leaves}
        onClose={() => setLeaves(false)}
        title={t.useRules}
        confirm={t.useRules}
        onConfirm={async () => {
          keep(await api.put<FiltersAnswer>(`${path}/filters`, { rules: [], replacesScript: true }))
        }}
      >
        {t.useRulesText}
      </ConfirmDialog>
    </>
  )
}

function ScriptForm({ source, keep }: { source: string; keep(saved: FiltersAnswer): void }) {
  const t = useTexts(texts)
  const form = useForm({
    initial: { source: source.replaceAll('\r\n', '\n') },
    submit: async values => {
      const saved = await api.put<FiltersAnswer>('/filters/script', { source: values.source.replaceAll('\n', '\r\n') })
      form.reset(values)
      keep(saved)
      showToast({ text: t.savedScript })
    },
  })
  return (
    <Form form={form} warnsOnLeave submit={t.saveScript}>
      <TextArea {...form.field('source')} label={t.source} rows={14} className="filter-script" />
    </Form>
  )
}
