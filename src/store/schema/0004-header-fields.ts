import type { Migration } from './migration.ts'

/**
 * The header fields that mail programs ask for of every message (mail/header-fields.ts), one byte a character: a list of
 * messages is answered from rows that lie together, and no message is read for it. Null where they are too long, and of messages
 * that came before this step: those are read themselves. checksum is of it, too, where it is there.
 */
export const headerFields: Migration = {
  version: 4,
  statements: ['ALTER TABLE email ADD COLUMN header_fields TEXT'],
}
