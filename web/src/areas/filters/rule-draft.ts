/** A rule as its form has it: every field a text; and back. */
import type { RuleAnswer } from '../../../../src/api/filters.ts'

type Condition = RuleAnswer['conditions'][number]
type Action = RuleAnswer['actions'][number]

export type ConditionKind = Condition['kind']
export type Compared = 'contains' | 'is' | 'begins' | 'ends'
export type Comparison = Compared | `not-${Compared}` | 'over' | 'under' | 'has' | 'has-not'
export type ActionKind = Exclude<Action['kind'], 'forward'> | 'forward' | 'redirect'

export interface ConditionDraft {
  kind: ConditionKind
  comparison: Comparison
  /** Of `header`. */
  field: string
  /** One a line; of `size`, megabytes. */
  value: string
}

export interface ActionDraft {
  kind: ActionKind
  /** A folder, an address, a label, a reason. */
  value: string
}

export interface RuleDraft {
  name: string
  isEnabled: boolean
  match: 'all' | 'any'
  conditions: ConditionDraft[]
  actions: ActionDraft[]
}

const MEGABYTE = 1024 * 1024

export const textComparisons: readonly Comparison[] = [
  'contains',
  'is',
  'begins',
  'ends',
  'not-contains',
  'not-is',
  'not-begins',
  'not-ends',
]

export function comparisonsOf(kind: ConditionKind): readonly Comparison[] {
  switch (kind) {
    case 'size':
      return ['over', 'under']
    case 'attachment':
      return ['has', 'has-not']
    case 'body':
      return ['contains', 'not-contains']
    default:
      return textComparisons
  }
}

export const newCondition: ConditionDraft = { kind: 'sender', comparison: 'contains', field: '', value: '' }
export const newAction: ActionDraft = { kind: 'move', value: '' }
export const newRule: RuleDraft = {
  name: '',
  isEnabled: true,
  match: 'all',
  conditions: [newCondition],
  actions: [newAction],
}

export const hasValue = (kind: ActionKind): boolean => !['mark-read', 'flag', 'trash', 'stop'].includes(kind)

export function draftOf(rule: RuleAnswer): RuleDraft {
  return { ...rule, conditions: rule.conditions.map(conditionDraft), actions: rule.actions.map(actionDraft) }
}

function conditionDraft(condition: Condition): ConditionDraft {
  const draft = { ...newCondition, kind: condition.kind }
  switch (condition.kind) {
    case 'size':
      return { ...draft, comparison: condition.comparison, value: String(condition.bytes / MEGABYTE) }
    case 'attachment':
      return { ...draft, comparison: condition.isNegated ? 'has-not' : 'has' }
    case 'body':
      return { ...draft, comparison: negated('contains', condition.isNegated), value: condition.texts.join('\n') }
    case 'header':
      return { ...draft, ...compared(condition), field: condition.name }
    default:
      return { ...draft, ...compared(condition) }
  }
}

const compared = ({
  comparison,
  isNegated,
  texts,
}: {
  comparison: Compared
  isNegated: boolean
  texts: readonly string[]
}) => ({ comparison: negated(comparison, isNegated), value: texts.join('\n') })

const negated = (comparison: Compared, isNegated: boolean): Comparison => (isNegated ? `not-${comparison}` : comparison)

function actionDraft(action: Action): ActionDraft {
  switch (action.kind) {
    case 'move':
    case 'copy':
      return { kind: action.kind, value: action.mailbox }
    case 'forward':
      return { kind: action.keepsCopy ? 'forward' : 'redirect', value: action.address }
    case 'keyword':
      return { kind: 'keyword', value: action.keyword }
    case 'reject':
      return { kind: 'reject', value: action.reason }
    default:
      return { kind: action.kind, value: '' }
  }
}

export function ruleOf({ name, isEnabled, match, conditions, actions }: RuleDraft): RuleAnswer {
  return {
    name: name.trim(),
    isEnabled,
    match,
    conditions: conditions.map(conditionOf),
    actions: actions.map(actionOf),
  }
}

function conditionOf({ kind, comparison, field, value }: ConditionDraft): Condition {
  const isNegated = comparison.startsWith('not-') || comparison === 'has-not'
  const texts = value
    .split('\n')
    .map(text => text.trim())
    .filter(Boolean)
  const plain = comparison.replace(/^not-/, '') as Compared
  switch (kind) {
    case 'size':
      return {
        kind,
        comparison: comparison === 'under' ? 'under' : 'over',
        bytes: Math.round(sizeOf(value) * MEGABYTE),
      }
    case 'attachment':
      return { kind, isNegated }
    case 'body':
      return { kind, texts, isNegated }
    case 'header':
      return { kind, name: field.trim(), comparison: plain, texts, isNegated }
    default:
      return { kind, comparison: plain, texts, isNegated }
  }
}

/** NaN where it is no number. */
export const sizeOf = (value: string): number => (value.trim() === '' ? Number.NaN : Number(value.replace(',', '.')))

function actionOf({ kind, value: typed }: ActionDraft): Action {
  const value = typed.trim()
  switch (kind) {
    case 'move':
    case 'copy':
      return { kind, mailbox: value }
    case 'forward':
    case 'redirect':
      return { kind: 'forward', address: value, keepsCopy: kind === 'forward' }
    case 'keyword':
      return { kind, keyword: value }
    case 'reject':
      return { kind, reason: value }
    default:
      return { kind }
  }
}
