/**
 * What accounts and domains sent within the hour, and who may not send for now. `subject`: `a:` and an account's id, or
 * `d:` and a domain's name, each a line of its own.
 */
export const sending: string[] = [
  // As agreed with the plan, which says less than the mailbox or its domain; before, it stood in the mailbox's own.
  'ALTER TABLE account ADD COLUMN plan_hourly_limit INTEGER',
  `UPDATE account SET plan_hourly_limit = hourly_limit, hourly_limit = NULL
    WHERE hourly_limit = (SELECT p.hourly_limit FROM plan AS p WHERE p.plan_id = account.plan_id)`,

  // One row a message that was accepted; gone once it no longer counts. strange: those of its recipients that were written to
  // from a place that is new for the account: all or none.
  `CREATE TABLE sending_charge (
    subject TEXT NOT NULL,
    at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    recipients INTEGER NOT NULL,
    strange INTEGER NOT NULL,
    PRIMARY KEY (subject, at, seq)
  ) STRICT, WITHOUT ROWID`,
  // used, strange: sums of the rows above, also of those that no longer count and are still there. is_warned: told that little is
  // left, and not far below that since. A subject without a row has sent nothing lately.
  `CREATE TABLE sending_state (
    subject TEXT NOT NULL PRIMARY KEY,
    account_id INTEGER,
    domain TEXT NOT NULL,
    used INTEGER NOT NULL,
    strange INTEGER NOT NULL,
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

  // What an account is used to. peak: the most recipients within an hour, of this season and of the one before. sent: recipients
  // of this day and of the one before.
  `CREATE TABLE sending_habit (
    account_id INTEGER PRIMARY KEY,
    season INTEGER NOT NULL,
    peak INTEGER NOT NULL,
    peak_before INTEGER NOT NULL,
    day INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    sent_before INTEGER NOT NULL
  ) STRICT`,
  // Whom an account wrote to in vain, each once, and when last.
  `CREATE TABLE sending_failure (
    account_id INTEGER NOT NULL,
    address TEXT NOT NULL,
    at INTEGER NOT NULL,
    is_unknown INTEGER NOT NULL,
    PRIMARY KEY (account_id, address)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX sending_failure_at ON sending_failure (at)',
  // Accounts whose mail waits for a look by the staff. facts: JSON.
  `CREATE TABLE sending_hold (
    account_id INTEGER PRIMARY KEY,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    facts TEXT NOT NULL
  ) STRICT`,
  // What staff found in order: not held for that again till then.
  `CREATE TABLE sending_cleared (
    account_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (account_id, reason)
  ) STRICT, WITHOUT ROWID`,
  // held_for: the account whose hold it waits for; it is given up at its next attempt's time then. null: it does not wait, or an
  // operator holds it. released_at: its days in the queue count from then.
  'ALTER TABLE queue_recipient ADD COLUMN held_for INTEGER',
  'ALTER TABLE queue_recipient ADD COLUMN released_at INTEGER',
  'CREATE INDEX queue_recipient_held_for ON queue_recipient (held_for, recipient_id) WHERE held_for IS NOT NULL',
]
