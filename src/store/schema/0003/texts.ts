/**
 * What searches look through: the decoded texts of some dozen emails of an account together, compressed where they are long. Each is in one
 * segment at the most; segments of an account follow each other as its emails do. What they lack, searches read from the
 * messages themselves, so that they may lag behind.
 *
 * The columns stand in the order in which they are needed: of a long row SQLite reads as far as it must.
 */
export const texts: string[] = [
  // segment: id of the first email it was made for, so that an account's lie together. checksum: of all other columns.
  `CREATE TABLE text_segment (
    segment INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    last_email INTEGER NOT NULL,
    emails INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    directory BLOB NOT NULL,
    fields BLOB NOT NULL,
    header_words BLOB NOT NULL,
    headers BLOB NOT NULL,
    body_words BLOB NOT NULL,
    bodies BLOB NOT NULL
  ) STRICT`,
  // Segments that hold texts of emails that are gone: they are written again without.
  'CREATE TABLE text_outdated (segment INTEGER PRIMARY KEY) STRICT',
]
