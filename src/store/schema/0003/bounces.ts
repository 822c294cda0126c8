/** Where bounces of a mailbox go as well: of one that a program sends from, and nobody reads. */
export const bounces: string[] = [
  `CREATE TABLE bounce_copy (
    account_id INTEGER NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT`,
]
