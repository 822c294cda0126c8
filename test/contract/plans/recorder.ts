/** Each statement that the contract runs, once: what stands in it, without its values. */
import type { Statement } from '../../../src/store/sql.ts'
import type { Store } from '../../../src/store/store.ts'

export class Recording {
  /** By the template, as the engines know them. */
  readonly #found = new Map<TemplateStringsArray, Statement>()
  /** Until the first store is opened: what modules keep ready is verification's. */
  #isPaused = true

  note(statement: Statement): Statement {
    if (!this.#isPaused && !this.#found.has(statement.parts)) this.#found.set(statement.parts, statement)
    return statement
  }

  get statements(): Statement[] {
    return [...this.#found.values()]
  }

  /** Verification looks at everything by its nature: what it runs is left out. */
  withoutVerifying(store: Store): Store {
    this.#isPaused = false
    const verify = store.verify.bind(store)
    const pause = (isPaused: boolean): void => {
      this.#isPaused = isPaused
    }
    return Object.assign(store, {
      verify: async function* (progress?: (done: number, total: number) => void) {
        pause(true)
        try {
          yield* verify(progress)
        } finally {
          pause(false)
        }
      },
    })
  }
}

export const recording = new Recording()
