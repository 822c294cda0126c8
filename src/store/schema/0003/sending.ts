/**
 * What accounts and domains sent within the hour, and who may not send for now. `subject`: `a:` and an account's id, or
 * `d:` and a domain's name, each a line of its own.
 */
export const sending: string[] = [
  // One row a message that was accepted; gone once it no longer counts.
  `CREATE TABLE sending_charge (
    subject TEXT NOT NULL,
    at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    recipients INTEGER NOT NULL,
    PRIMARY KEY (subject, at, seq)
  ) STRICT, WITHOUT ROWID`,
  // used: the sum of the rows above, also of those that no longer count and are still there. is_warned: told that little is
  // left, and not far below that since. A subject without a row has sent nothing lately.
  `CREATE TABLE sending_state (
    subject TEXT NOT NULL PRIMARY KEY,
    account_id INTEGER,
    domain TEXT NOT NULL,
    used INTEGER NOT NULL,
    next_seq INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    is_warned INTEGER NOT NULL,
    blocked_until INTEGER,
    raised_to INTEGER,
    raised_until INTEGER,
    raised_by TEXT
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX sending_state_account ON sending_state (account_id)',
  // What is still to be told by mail; facts: JSON.
  `CREATE TABLE sending_news (
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (subject, kind)
  ) STRICT, WITHOUT ROWID`,
]
