/** Rules in their order: added, edited, moved, switched off, removed. Each change is saved at once. */
import { ArrowDown, ArrowUp, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { FiltersAnswer, RuleAnswer } from '../../../../src/api/filters.ts'
import { useAction } from '../../shared/api/use-action.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Alert } from '../../shared/ui/alert.tsx'
import { Button, IconButton } from '../../shared/ui/button.tsx'
import { Card } from '../../shared/ui/card.tsx'
import { ConfirmDialog } from '../../shared/ui/dialog.tsx'
import { EmptyState } from '../../shared/ui/states.tsx'
import './filters.css'
import { RuleDialog } from './rule-dialog.tsx'
import { ruleSummary } from './rule-summary.ts'
import { texts } from './texts.ts'

interface Editing {
  rules: readonly RuleAnswer[]
  contradictions: FiltersAnswer['contradictions']
  noneText: string
  /** Whether they may send messages elsewhere. */
  forwards: boolean
  save(rules: readonly RuleAnswer[]): Promise<void>
}

export function RulesEditor({ rules, contradictions, noneText, forwards, save }: Editing) {
  const t = useTexts(texts)
  const [edited, setEdited] = useState<number | null>(null)
  const [removed, setRemoved] = useState<number | null>(null)
  const change = useAction(save)
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
            {noneText}
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
                  {contradictions
                    .filter(found => found.rule === at)
                    .map(({ earlier }) => (
                      <Alert key={earlier} kind="warning">
                        {t.contradicts(rules[earlier]?.name ?? '')}
                      </Alert>
                    ))}
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
      {edited !== null && (
        <RuleDialog
          rule={rules[edited] ?? null}
          forwards={forwards}
          save={rule =>
            save(edited < rules.length ? rules.map((each, i) => (i === edited ? rule : each)) : [...rules, rule])
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
        onConfirm={() => save(rules.filter((_, i) => i !== removed))}
      >
        {t.removeText}
      </ConfirmDialog>
    </>
  )
}
