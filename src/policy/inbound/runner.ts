/** Asks the rules in their order; the first refusal stands. */
import type { InboundRule, Moment, Moments } from './rule.ts'
import { accepted, type Verdict } from './verdict.ts'

export class InboundPolicy {
  readonly #rules: readonly InboundRule[]

  constructor(rules: readonly InboundRule[]) {
    this.#rules = rules
  }

  async judge<M extends Moment>(moment: M, facts: Moments[M]): Promise<Verdict> {
    for (const rule of this.#rules) {
      const ask = rule[moment] as ((facts: Moments[M]) => Verdict | Promise<Verdict>) | undefined
      const verdict = await ask?.call(rule, facts)
      if (verdict && !verdict.accept) return verdict
    }
    return accepted
  }
}
