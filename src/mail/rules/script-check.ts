/** What is wrong with a script, and what may go wrong in it, before it is set. */
import type { Contradiction } from '../../wire/sieve/contradictions.ts'
import type { ScriptProblem } from '../../wire/sieve/types.ts'
import { forbiddenIn } from './forbidden-commands.ts'
import { warningsOf } from './rule-check.ts'
import { requireRight, ScriptRefused } from './scripts.ts'

export interface ScriptCheck {
  /** None: it may be set. */
  problems: readonly ScriptProblem[]
  warnings: Contradiction[]
}

/** Of a script that is to stand for a domain, or for the service (null); nothing of a store is needed. `script-too-large`. */
export const checkedScript = (domain: string | null, source: string): Promise<ScriptCheck> =>
  checkedBy(() => requireRight(source, { forbidden: forbiddenIn(domain) }), source)

/** `check` rejects as `requireRight` does. */
export async function checkedBy(check: () => Promise<void>, source: string): Promise<ScriptCheck> {
  try {
    await check()
  } catch (error) {
    if (error instanceof ScriptRefused && error.code === 'script-wrong')
      return { problems: error.problems, warnings: [] }
    throw error
  }
  return { problems: [], warnings: await warningsOf(source) }
}
