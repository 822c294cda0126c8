/**
 * Operations of this process that would wait for each other in the database wait here, in the order they came: a mailbox that
 * much is done to has one connection, and leaves the others to the rest.
 */
export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>()

  run<T>(keys: readonly string[], action: () => Promise<T>): Promise<T> {
    // All of them at once, so that no two wait for each other.
    const before = keys.flatMap(key => this.#last.get(key) ?? [])
    const running = before.length === 0 ? action() : Promise.all(before).then(action)
    const ended = running.then(
      () => {},
      () => {},
    )
    for (const key of keys) this.#last.set(key, ended)
    void ended.then(() => {
      for (const key of keys) if (this.#last.get(key) === ended) this.#last.delete(key)
    })
    return running
  }
}
