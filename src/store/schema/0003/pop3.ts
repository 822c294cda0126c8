/** How long what was retrieved by POP3 stays in INBOX. */
export const pop3: string[] = [
  // null: as long as it is not deleted.
  'ALTER TABLE account ADD COLUMN pop3_keep_days INTEGER',
  'CREATE INDEX account_pop3_keep_days ON account (pop3_keep_days) WHERE pop3_keep_days IS NOT NULL',
  // When a message was retrieved first; of accounts with such a limit alone.
  `CREATE TABLE pop3_retrieved (
    account_id INTEGER NOT NULL,
    mailbox_id INTEGER NOT NULL,
    uid INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account_id, mailbox_id, uid)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX pop3_retrieved_at ON pop3_retrieved (account_id, at)',
]
