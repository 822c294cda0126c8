/** Rules of the panel that can't be carried out together, looked at without holding up others. */
import { AccountError } from '../../accounts/account-error.ts'
import { type Contradiction, contradictionsIn } from '../../wire/sieve/contradictions.ts'
import { SyntaxProblem } from '../../wire/sieve/problem.ts'
import type { Rule } from '../../wire/sieve/rule.ts'
import { type RuleContradiction, ruleContradictions } from '../../wire/sieve/rule-contradictions.ts'
import { inSlices } from '../../wire/sieve/slices.ts'
import { Breather } from '../breather.ts'

export type { RuleContradiction }

export function rulesThatContradict(rules: readonly Rule[]): Promise<RuleContradiction[]> {
  const breather = new Breather()
  return inSlices(ruleContradictions(rules), () => breather.pause())
}

/** What may go wrong in a script written by hand; none where it can no longer be read, as since limits were lowered. */
export async function warningsOf(source: string): Promise<Contradiction[]> {
  const breather = new Breather()
  try {
    return await inSlices(contradictionsIn(source), () => breather.pause())
  } catch (error) {
    if (error instanceof SyntaxProblem) return []
    throw error
  }
}

/** `rule-contradicts`: one that refuses a message and does something else with it can never be carried out (RFC 5429 §2.4). */
export async function refuseContradicting(rules: readonly Rule[]): Promise<void> {
  const wrong = (await rulesThatContradict(rules)).find(({ rule, earlier }) => rule === earlier)
  const name = wrong && rules[wrong.rule]?.name
  if (name !== undefined)
    throw new AccountError('rule-contradicts', `The rule ${name} refuses a message and keeps or sends it`, { name })
}
