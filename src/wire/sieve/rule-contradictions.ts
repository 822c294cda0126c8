/** Rules of the panel that can't both be carried out for one message: one refuses what the other files or sends on. */
import { contradictionsIn } from './contradictions.ts'
import type { Rule } from './rule.ts'
import { commentLines, textOfRules } from './rules.ts'
import type { Sliced } from './slices.ts'

/** Places in the list of rules; the same one twice where a rule contradicts itself. */
export interface RuleContradiction {
  rule: number
  earlier: number
}

export function* ruleContradictions(rules: readonly Rule[]): Sliced<RuleContradiction[]> {
  const starts = commentLines(rules)
  const ruleAt = (line: number): number => starts.findLastIndex(start => start <= line)
  const found = yield* contradictionsIn(textOfRules(rules))
  return found.map(({ line, earlier }) => ({ rule: ruleAt(line), earlier: ruleAt(earlier.line) }))
}
