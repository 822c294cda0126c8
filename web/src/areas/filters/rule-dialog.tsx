/** One rule: its conditions and what it does. */
import { Plus, X } from 'lucide-react'
import type { RuleAnswer } from '../../../../src/api/filters.ts'
import { useTexts } from '../../shared/texts/texts.ts'
import { Button, IconButton } from '../../shared/ui/button.tsx'
import { Dialog } from '../../shared/ui/dialog.tsx'
import { FieldGroup, Form } from '../../shared/ui/form.tsx'
import { Select } from '../../shared/ui/select.tsx'
import { AddressField, TextArea, TextField } from '../../shared/ui/text-field.tsx'
import { useForm } from '../../shared/ui/use-form.ts'
import {
  type ActionDraft,
  type ActionKind,
  type ConditionDraft,
  type ConditionKind,
  comparisonsOf,
  draftOf,
  hasValue,
  newAction,
  newCondition,
  newRule,
  ruleOf,
  sizeOf,
} from './rule-draft.ts'
import { texts } from './texts.ts'

type Texts = ReturnType<typeof useTexts<(typeof texts)['fr']>>

/** `rule`: null for a new one. `save` rejects with what the service says against it. */
export function RuleDialog(props: {
  rule: RuleAnswer | null
  /** Whether it may send messages elsewhere. */
  forwards: boolean
  save(rule: RuleAnswer): Promise<void>
  onClose(): void
}) {
  const { rule, forwards, save, onClose } = props
  const t = useTexts(texts)
  const form = useForm({
    initial: rule ? draftOf(rule) : newRule,
    check: ({ name, conditions, actions }) => ({
      name: name.trim() === '' ? t.missing : undefined,
      conditions: conditions.some(isIncomplete) ? t.missing : undefined,
      actions: wrongActions(actions, t),
    }),
    submit: async draft => {
      await save(ruleOf(draft))
      onClose()
    },
  })
  const { conditions, actions } = form.values
  const changeCondition = (at: number, change: Partial<ConditionDraft>) =>
    form.set({ conditions: conditions.map((each, i) => (i === at ? { ...each, ...change } : each)) })
  const changeAction = (at: number, change: Partial<ActionDraft>) =>
    form.set({ actions: actions.map((each, i) => (i === at ? { ...each, ...change } : each)) })
  return (
    <Dialog open onClose={onClose} size="medium" title={rule ? rule.name : t.newRule}>
      <Form form={form} submit={t.save}>
        <TextField {...form.field('name')} label={t.name} required maxLength={200} autoComplete="off" />
        <FieldGroup title={t.conditions} description={conditions.length === 0 ? t.conditionsNone : undefined}>
          {conditions.length > 1 && (
            <Select
              {...form.field('match')}
              label={t.match}
              options={[
                { value: 'all', label: t.all },
                { value: 'any', label: t.any },
              ]}
            />
          )}
          {conditions.map((condition, at) => (
            <ConditionRow
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no names, and every field is controlled.
              key={at}
              at={at}
              condition={condition}
              error={isIncomplete(condition) ? form.errors.conditions : undefined}
              change={change => changeCondition(at, change)}
              remove={() => form.set({ conditions: conditions.filter((_, i) => i !== at) })}
            />
          ))}
          <div>
            <Button small icon={Plus} onClick={() => form.set({ conditions: [...conditions, newCondition] })}>
              {t.addCondition}
            </Button>
          </div>
        </FieldGroup>
        <FieldGroup title={t.actions} error={actions.some(lacksValue) ? undefined : form.errors.actions}>
          {actions.map((action, at) => (
            <ActionRow
              // biome-ignore lint/suspicious/noArrayIndexKey: as above.
              key={at}
              at={at}
              action={action}
              forwards={forwards}
              error={lacksValue(action) ? form.errors.actions : undefined}
              change={change => changeAction(at, change)}
              remove={() => form.set({ actions: actions.filter((_, i) => i !== at) })}
            />
          ))}
          <div>
            <Button small icon={Plus} onClick={() => form.set({ actions: [...actions, newAction] })}>
              {t.addAction}
            </Button>
          </div>
        </FieldGroup>
      </Form>
    </Dialog>
  )
}

const isIncomplete = ({ kind, field, value }: ConditionDraft): boolean => {
  if (kind === 'attachment') return false
  if (kind === 'size') return !(sizeOf(value) >= 0)
  return value.trim() === '' || (kind === 'header' && field.trim() === '')
}

const DELIVERS: ReadonlySet<ActionKind> = new Set<ActionKind>(['move', 'copy', 'forward', 'redirect', 'trash'])

/** RFC 5429 §2.4: a sender must not hear that a message was refused where it was delivered. */
function wrongActions(actions: readonly ActionDraft[], t: Texts): string | undefined {
  if (actions.length === 0) return t.noAction
  if (actions.some(lacksValue)) return t.missing
  const refuses = actions.some(({ kind }) => kind === 'reject')
  return refuses && actions.some(({ kind }) => DELIVERS.has(kind)) ? t.refusesAlone : undefined
}

const lacksValue = ({ kind, value }: ActionDraft): boolean => hasValue(kind) && value.trim() === ''

interface RowProps<D> {
  at: number
  error: string | undefined
  change(change: Partial<D>): void
  remove(): void
}

function ConditionRow({
  at,
  condition,
  error,
  change,
  remove,
}: RowProps<ConditionDraft> & { condition: ConditionDraft }) {
  const t = useTexts(texts)
  const { kind, comparison, field, value } = condition
  const bound = <K extends keyof ConditionDraft>(name: K) => ({
    name: `${name}${at}`,
    value: condition[name],
    onChange: (given: ConditionDraft[K]) => change({ [name]: given } as Partial<ConditionDraft>),
    error: undefined,
  })
  return (
    <div className="filter-row">
      <Select<ConditionKind>
        {...bound('kind')}
        onChange={chosen => change({ kind: chosen, comparison: comparisonsOf(chosen)[0] ?? comparison })}
        label={t.about}
        options={optionsOf(t.kinds)}
      />
      {kind === 'header' && (
        <TextField
          {...bound('field')}
          label={t.field}
          error={field.trim() === '' ? error : undefined}
          maxLength={100}
        />
      )}
      <Select
        {...bound('comparison')}
        label={t.comparison}
        options={comparisonsOf(kind).map(each => ({ value: each, label: t.comparisons[each] }))}
      />
      {kind === 'size' ? (
        <TextField {...bound('value')} label={t.megabytes} unit={t.mb} inputMode="decimal" error={error} />
      ) : (
        kind !== 'attachment' && (
          <TextArea
            {...bound('value')}
            label={t.value}
            hint={t.valueHint}
            rows={value.includes('\n') ? 3 : 1}
            error={value.trim() === '' ? error : undefined}
          />
        )
      )}
      <IconButton icon={X} label={t.removeCondition(at + 1)} onClick={remove} />
    </div>
  )
}

function ActionRow(props: RowProps<ActionDraft> & { action: ActionDraft; forwards: boolean }) {
  const { at, action, forwards, error, change, remove } = props
  const t = useTexts(texts)
  const { kind, value } = action
  const bound = { name: `action${at}`, value, onChange: (given: string) => change({ value: given }), error }
  return (
    <div className="filter-row">
      <Select<ActionKind>
        name={`does${at}`}
        value={kind}
        onChange={chosen => change({ kind: chosen, value: '' })}
        error={undefined}
        label={t.action}
        options={optionsOf(t.does).filter(({ value: does }) => forwards || (does !== 'forward' && does !== 'redirect'))}
      />
      <ActionValue t={t} kind={kind} bound={bound} />
      <IconButton icon={X} label={t.removeAction(at + 1)} onClick={remove} />
    </div>
  )
}

interface BoundText {
  name: string
  value: string
  onChange(value: string): void
  error: string | undefined
}

function ActionValue({ t, kind, bound }: { t: Texts; kind: ActionKind; bound: BoundText }) {
  switch (kind) {
    case 'move':
    case 'copy':
      return <TextField {...bound} label={t.folder} hint={t.folderHint} maxLength={200} autoComplete="off" />
    case 'forward':
    case 'redirect':
      return <AddressField {...bound} label={t.address} maxLength={320} autoComplete="off" />
    case 'keyword':
      return <TextField {...bound} label={t.keyword} maxLength={60} autoComplete="off" />
    case 'reject':
      return <TextArea {...bound} label={t.reason} rows={2} maxLength={1000} />
    default:
      return null
  }
}

function optionsOf<T extends string>(labels: Readonly<Record<T, string>>): { value: T; label: string }[] {
  // Object.entries widens the keys.
  return (Object.entries(labels) as [T, string][]).map(([value, label]) => ({ value, label }))
}
