import type { Migration } from './migration.ts'

/** Which messages of a mailbox no session was told of yet: to the first they are \Recent (RFC 3501 §2.3.2). */
export const recent: Migration = {
  version: 5,
  statements: [
    // The highest UID that was told. null: of a mailbox made before there was such a mark, until it is selected.
    'ALTER TABLE mailbox ADD COLUMN recent_above INTEGER',
  ],
}
