/** What the trace calls the rule that did something: by its name in the panel, or by script and line. Pure. */
import type { TraceRule } from '../../store/types/trace.ts'
import type { ActionOrigin } from '../../wire/sieve/types.ts'
import type { NamedScript } from './compiled-rules.ts'
import { TRACED_NAME_CHARACTERS } from './limits.ts'

export type RuleName = Pick<TraceRule, 'kind' | 'name' | 'line'>

export const theAutoReply: RuleName = { kind: 'auto-reply', name: '', line: null }

export function ruleNameOf({ kind, name, rules }: NamedScript, { script, line }: ActionOrigin): RuleName {
  const rule = script === null ? rules?.findLast(each => each.line <= line) : undefined
  if (rule) return { kind: kind === 'script' ? 'rule' : kind, name: cut(rule.name), line: null }
  return { kind, name: cut(script ?? name), line }
}

const cut = (name: string): string => name.slice(0, TRACED_NAME_CHARACTERS)
