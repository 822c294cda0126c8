import type { Migration } from './migration.ts'

/**
 * Why these keys: rows of an account lie together, first by account, then by mailbox, then by UID. An email's id is
 * account × 2^32 + its number in the account, so that SQLite's integer key clusters emails by account as well. Each index
 * costs a delivery the writing of one more page: there is none that no operation needs.
 * Integrity is kept by the operations and proved by `verify`; there are no foreign keys, which would cost a look-up a row.
 */
export const initial: Migration = {
  version: 1,
  statements: [
    'CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    // uid_validity: no lower than any UIDVALIDITY of a removed account, so that an address that comes back starts above.
    // swept_account: the account whose threads the sweep looked at last.
    `INSERT INTO counter (name, value)
      VALUES ('account', 0), ('queue_message', 0), ('queue_recipient', 0), ('uid_validity', 0), ('swept_account', 0)`,

    'CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID',

    `CREATE TABLE domain (
      name TEXT NOT NULL PRIMARY KEY,
      catch_all TEXT,
      created_at INTEGER NOT NULL,
      accounts INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,

    `CREATE TABLE account (
      account_id INTEGER PRIMARY KEY,
      address TEXT NOT NULL UNIQUE,
      domain TEXT NOT NULL,
      password_hash TEXT,
      quota_bytes INTEGER,
      used_bytes INTEGER NOT NULL,
      messages INTEGER NOT NULL,
      modseq INTEGER NOT NULL,
      next_mailbox_id INTEGER NOT NULL,
      next_email INTEGER NOT NULL,
      last_uid_validity INTEGER NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT`,
    'CREATE INDEX account_domain ON account (domain, address)',

    `CREATE TABLE alias (
      address TEXT NOT NULL PRIMARY KEY,
      domain TEXT NOT NULL,
      targets TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    'CREATE INDEX alias_domain ON alias (domain, address)',

    `CREATE TABLE mailbox (
      account_id INTEGER NOT NULL,
      mailbox_id INTEGER NOT NULL,
      name TEXT NOT NULL,
      special_use TEXT,
      uid_validity INTEGER NOT NULL,
      uid_next INTEGER NOT NULL,
      created_modseq INTEGER NOT NULL,
      highest_modseq INTEGER NOT NULL,
      messages INTEGER NOT NULL,
      unseen INTEGER NOT NULL,
      deleted INTEGER NOT NULL,
      size_bytes INTEGER NOT NULL,
      PRIMARY KEY (account_id, mailbox_id)
    ) STRICT, WITHOUT ROWID`,
    'CREATE UNIQUE INDEX mailbox_name ON mailbox (account_id, name)',

    // Keywords ever used in a mailbox, as first spelt: they are compared without case (RFC 9051 §2.3.2).
    `CREATE TABLE mailbox_keyword (
      account_id INTEGER NOT NULL,
      mailbox_id INTEGER NOT NULL,
      folded TEXT NOT NULL,
      spelling TEXT NOT NULL,
      PRIMARY KEY (account_id, mailbox_id, folded)
    ) STRICT, WITHOUT ROWID`,

    `CREATE TABLE subscription (
      account_id INTEGER NOT NULL,
      name TEXT NOT NULL,
      PRIMARY KEY (account_id, name)
    ) STRICT, WITHOUT ROWID`,

    `CREATE TABLE message (
      account_id INTEGER NOT NULL,
      mailbox_id INTEGER NOT NULL,
      uid INTEGER NOT NULL,
      flags INTEGER NOT NULL,
      keywords TEXT NOT NULL,
      modseq INTEGER NOT NULL,
      internal_date INTEGER NOT NULL,
      save_date INTEGER NOT NULL,
      size_bytes INTEGER NOT NULL,
      email_id INTEGER NOT NULL,
      thread_id INTEGER NOT NULL,
      PRIMARY KEY (account_id, mailbox_id, uid)
    ) STRICT, WITHOUT ROWID`,
    'CREATE INDEX message_modseq ON message (account_id, mailbox_id, modseq)',
    'CREATE INDEX message_email ON message (account_id, email_id)',

    // Tombstones, as ranges: an expunge of 10,000 neighbours is one row.
    `CREATE TABLE expunged (
      account_id INTEGER NOT NULL,
      mailbox_id INTEGER NOT NULL,
      modseq INTEGER NOT NULL,
      from_uid INTEGER NOT NULL,
      to_uid INTEGER NOT NULL,
      PRIMARY KEY (account_id, mailbox_id, modseq, from_uid)
    ) STRICT, WITHOUT ROWID`,

    // What never changes of a message. First what SEARCH, SORT and THREAD compare, then what IMAP sends: where a row is too
    // long for its page, the end of it is what a search need not read. checksum: of all other columns, for verify.
    `CREATE TABLE email (
      email_id INTEGER PRIMARY KEY,
      account_id INTEGER NOT NULL,
      thread_id INTEGER NOT NULL,
      blob_seq INTEGER NOT NULL,
      blob_hash TEXT NOT NULL,
      size_bytes INTEGER NOT NULL,
      sent_at INTEGER,
      sent_day INTEGER,
      message_id TEXT NOT NULL,
      message_references TEXT NOT NULL,
      subject TEXT NOT NULL,
      base_subject TEXT NOT NULL,
      is_reply_or_forward INTEGER NOT NULL,
      address_from TEXT NOT NULL,
      address_to TEXT NOT NULL,
      address_cc TEXT NOT NULL,
      address_bcc TEXT NOT NULL,
      sort_from TEXT NOT NULL,
      sort_to TEXT NOT NULL,
      sort_cc TEXT NOT NULL,
      display_from TEXT NOT NULL,
      display_to TEXT NOT NULL,
      preview TEXT NOT NULL,
      envelope TEXT NOT NULL,
      body_structure TEXT NOT NULL,
      checksum INTEGER NOT NULL
    ) STRICT`,
    'CREATE INDEX email_blob ON email (blob_seq)',

    // Message-ids seen in an account, hashed, and the thread each belongs to. Those of threads that are gone are swept.
    `CREATE TABLE thread_reference (
      account_id INTEGER NOT NULL,
      hash INTEGER NOT NULL,
      thread_id INTEGER NOT NULL,
      PRIMARY KEY (account_id, hash)
    ) STRICT, WITHOUT ROWID`,

    `CREATE TABLE blob (
      seq INTEGER PRIMARY KEY,
      hash BLOB NOT NULL UNIQUE,
      encoding TEXT NOT NULL,
      raw_bytes INTEGER NOT NULL,
      stored_bytes INTEGER NOT NULL,
      data BLOB
    ) STRICT`,
    // Blobs that lost a name: candidates for the sweep. The account is in the key so that no two accounts wait for a row.
    `CREATE TABLE blob_released (
      blob_seq INTEGER NOT NULL,
      account_id INTEGER NOT NULL,
      PRIMARY KEY (blob_seq, account_id)
    ) STRICT, WITHOUT ROWID`,

    `CREATE TABLE queue_message (
      queue_id INTEGER PRIMARY KEY,
      reverse_path TEXT NOT NULL,
      blob_seq INTEGER NOT NULL,
      blob_hash TEXT NOT NULL,
      size_bytes INTEGER NOT NULL,
      account_id INTEGER,
      ret TEXT,
      envelope_id TEXT,
      smtp_utf8 INTEGER NOT NULL,
      eight_bit INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      settled_at INTEGER
    ) STRICT`,
    'CREATE INDEX queue_message_blob ON queue_message (blob_seq)',
    'CREATE INDEX queue_message_settled ON queue_message (settled_at) WHERE settled_at IS NOT NULL',

    // available_at: when it may be leased: at the next attempt, or at the end of the lease it is under; null where it may not.
    `CREATE TABLE queue_recipient (
      recipient_id INTEGER PRIMARY KEY,
      queue_id INTEGER NOT NULL,
      address TEXT NOT NULL,
      destination TEXT NOT NULL,
      status TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      next_attempt_at INTEGER NOT NULL,
      available_at INTEGER,
      notify TEXT,
      original_recipient TEXT,
      delay_notified_at INTEGER,
      lease_owner TEXT,
      lease_until INTEGER,
      last_at INTEGER,
      last_status TEXT,
      last_text TEXT,
      last_remote_host TEXT,
      last_remote_address TEXT
    ) STRICT`,
    'CREATE INDEX queue_recipient_message ON queue_recipient (queue_id)',
    'CREATE INDEX queue_recipient_status ON queue_recipient (status, queue_id)',
    'CREATE INDEX queue_recipient_due ON queue_recipient (available_at, recipient_id, destination) WHERE available_at IS NOT NULL',
    'CREATE INDEX queue_recipient_destination ON queue_recipient (destination, available_at, recipient_id) WHERE available_at IS NOT NULL',
    'CREATE INDEX queue_recipient_lease ON queue_recipient (lease_owner, lease_until, destination) WHERE lease_owner IS NOT NULL',
  ],
  postgres: [
    // Rows whose counters change with every message find room for their next version on their own page, and no index changes.
    'ALTER TABLE account SET (fillfactor = 50)',
    'ALTER TABLE mailbox SET (fillfactor = 50)',
    'ALTER TABLE message SET (fillfactor = 90)',
    // As all others of an account, by its account first: so they can be spread over servers by it.
    'ALTER TABLE email DROP CONSTRAINT email_pkey, ADD PRIMARY KEY (account_id, email_id)',
    'ALTER TABLE blob ALTER COLUMN seq ADD GENERATED BY DEFAULT AS IDENTITY',
    // Compressed already.
    'ALTER TABLE blob ALTER COLUMN data SET STORAGE EXTERNAL',
    // Ids come from sequences, for which nobody waits.
    "DELETE FROM counter WHERE name IN ('account', 'queue_message', 'queue_recipient')",
    'CREATE SEQUENCE counter_account',
    'CREATE SEQUENCE counter_queue_message',
    'CREATE SEQUENCE counter_queue_recipient',
    // A row for each Turn of `transaction.ts`, to be waited for.
    'CREATE TABLE turn (name TEXT COLLATE "C" PRIMARY KEY)',
    "INSERT INTO turn (name) VALUES ('directory'), ('queue-lease'), ('sweep'), ('trace-index'), ('webhooks')",
  ],
}
