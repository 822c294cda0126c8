/** Scripts, and what they remember; what is added to what an account sends. */
export const sieve: string[] = [
  // 0: neither a script nor an automatic reply was ever set. Else it grows with each change, so that what was made of them is
  // known to be stale.
  'ALTER TABLE account ADD COLUMN rules_revision INTEGER NOT NULL DEFAULT 0',
  'UPDATE account SET rules_revision = 1 WHERE account_id IN (SELECT account_id FROM auto_reply)',

  'CREATE INDEX auto_reply_until ON auto_reply (until_day) WHERE enabled = 1 AND until_day IS NOT NULL',

  `CREATE TABLE sieve_script (
    account_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, name)
  ) STRICT, WITHOUT ROWID`,
  // Of all mailboxes of a domain; under the empty name, of the whole service.
  `CREATE TABLE common_script (
    domain TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  // Scripts that stopped at an error, until they are changed. subject: `a:` and an account's id, or `d:` and a domain's name,
  // empty for the service. at, facts (JSON): of the last error. is_news: it is to be told by mail.
  `CREATE TABLE script_failure (
    subject TEXT NOT NULL PRIMARY KEY,
    account_id INTEGER,
    at INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    facts TEXT NOT NULL,
    is_news INTEGER NOT NULL,
    told_at INTEGER
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX script_failure_news ON script_failure (subject) WHERE is_news = 1',
  // kind: reply, to whom an automatic reply went; duplicate, a message seen (RFC 7352). hash: of what it is known by.
  `CREATE TABLE rule_memory (
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    hash BLOB NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (account_id, kind, hash)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX rule_memory_until ON rule_memory (until)',

  // copies_cc, copies_bcc: JSON.
  `CREATE TABLE sending_rules (
    account_id INTEGER PRIMARY KEY,
    copies_cc TEXT NOT NULL,
    copies_bcc TEXT NOT NULL,
    files_sent_copy INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT`,
]
