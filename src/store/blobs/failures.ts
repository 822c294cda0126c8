import type { Awaitable } from '../transaction.ts'
import { mostFailures } from './limits.ts'

/** What of a sweep can't be done. The rest of it goes on, until there are so many that it is about no single file any more. */
export class Failures {
  readonly texts: string[] = []

  /** Undefined where it failed, or is not tried any more. */
  async of<T>(work: () => Awaitable<T>): Promise<T | undefined> {
    if (this.texts.length >= mostFailures) return undefined
    try {
      return await work()
    } catch (error) {
      this.texts.push(error instanceof Error ? error.message : String(error))
      return undefined
    }
  }
}
