/** Two nodes on one database, as one store: what is asked first goes to the one, what is asked next to the other. */
import type { Store } from '../../src/store/store.ts'

export function twoNodes(one: Store, other: Store): Store {
  let turn = 0
  const next = (): Store => (turn++ % 2 === 0 ? one : other)
  return {
    read: (query, args) => next().read(query, args),
    write: (operation, args) => {
      const written = next().write(operation, args)
      // Some tests look at several refusals one after the other; the last may be there before it is looked at.
      written.catch(() => {})
      return written
    },
    blobs: {
      stage: bytes => next().blobs.stage(bytes),
      read: hash => next().blobs.read(hash),
      readOnce: hash => next().blobs.readOnce(hash),
    },
    verify: progress => next().verify(progress),
    close: async () => {
      await Promise.all([one.close(), other.close()])
    },
  }
}
