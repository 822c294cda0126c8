/** What is wrong with a script, as the panel's own errors. */
import { AccountError } from '../../accounts/account-error.ts'
import type { ScriptProblem } from '../../wire/sieve/types.ts'
import { ScriptRefused } from './scripts.ts'

export async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ScriptRefused)) throw error
    const { code, message, problems } = error
    if (code !== 'script-wrong' && code !== 'script-too-large' && code !== 'too-many-scripts') throw error
    const [first] = problems
    throw new AccountError(code, message, { field: 'source', ...(first ? placeOf(first) : {}) })
  }
}

const placeOf = ({ line, column, message }: ScriptProblem) => ({ line, column, problem: message })
