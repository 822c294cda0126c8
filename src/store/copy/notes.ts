/** The table in which a copy notes how far it is. As long as it is there, what is in the store is not whole. */
import { StoreError } from '../store.ts'

export const notesTable = 'store_copy'

export function unfinished(): StoreError {
  return new StoreError(
    'unavailable',
    'a copy into this store has not ended: give the same facteur store copy again, and it goes on',
  )
}
