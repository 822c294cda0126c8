/** A rule as one sentence. */
import type { RuleAnswer } from '../../../../src/api/filters.ts'
import { draftOf } from './rule-draft.ts'
import type { texts } from './texts.ts'

export function ruleSummary(rule: RuleAnswer, t: (typeof texts)['fr']): string {
  const { match, conditions, actions } = draftOf(rule)
  const when = conditions.map(({ kind, comparison, field, value }) => {
    const values = value.split('\n').map(t.quoted).join(t.or)
    const what = kind === 'header' ? field : t.kinds[kind]
    if (kind === 'attachment') return `${what} : ${t.comparisons[comparison]}`
    return `${what} ${t.comparisons[comparison]} ${kind === 'size' ? `${value} ${t.mb}` : values}`
  })
  const then = actions.map(({ kind, value }) => (value === '' ? t.does[kind] : `${t.does[kind]} ${t.quoted(value)}`))
  const condition = when.length === 0 ? t.everyMessage : when.join(match === 'all' ? t.and : t.or)
  const sentence = `${condition} → ${then.join(', ')}`
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
