/** Plans, what was sold from when to when, webhooks, and what the dashboards plot. Prices in the currency's smallest unit. */
export const billing: string[] = [
  `CREATE TABLE plan (
    plan_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    storage_bytes INTEGER NOT NULL,
    hourly_limit INTEGER,
    monthly_price INTEGER NOT NULL,
    currency TEXT NOT NULL,
    is_offered INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,

  // Never changed nor removed. Each entry holds what was agreed then, so that a later change of the plan rewrites no statement.
  `CREATE TABLE ledger_entry (
    entry_id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    domain TEXT NOT NULL,
    address TEXT NOT NULL,
    kind TEXT NOT NULL,
    plan_id TEXT,
    plan_name TEXT,
    storage_bytes INTEGER,
    monthly_price INTEGER,
    currency TEXT,
    made_by TEXT NOT NULL
  ) STRICT`,
  'CREATE INDEX ledger_entry_domain ON ledger_entry (domain, at, entry_id)',
  'CREATE INDEX ledger_entry_address ON ledger_entry (address, at, entry_id)',
  "INSERT INTO counter (name, value) VALUES ('ledger_entry', 0), ('audit', 0)",

  // domain: of which it is told; null for all. secret: signs what is sent, encrypted. events: JSON.
  `CREATE TABLE webhook (
    webhook_id TEXT NOT NULL PRIMARY KEY,
    domain TEXT,
    url TEXT NOT NULL,
    secret_encrypted BLOB NOT NULL,
    events TEXT NOT NULL,
    is_enabled INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE webhook_delivery (
    delivery_id TEXT NOT NULL PRIMARY KEY,
    webhook_id TEXT NOT NULL,
    event TEXT NOT NULL,
    payload TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at INTEGER,
    status TEXT NOT NULL,
    last_status INTEGER,
    last_problem TEXT,
    last_at INTEGER,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX webhook_delivery_webhook ON webhook_delivery (webhook_id, created_at)',
  'CREATE INDEX webhook_delivery_due ON webhook_delivery (next_attempt_at) WHERE next_attempt_at IS NOT NULL',
  'CREATE INDEX webhook_delivery_created ON webhook_delivery (created_at)',

  // hour: whole hours since 1970. What the dashboards plot; bills stand on the ledger alone.
  `CREATE TABLE traffic (
    address TEXT NOT NULL,
    hour INTEGER NOT NULL,
    domain TEXT NOT NULL,
    received INTEGER NOT NULL,
    received_bytes INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    sent_bytes INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    PRIMARY KEY (address, hour)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX traffic_domain ON traffic (domain, hour)',
  'CREATE INDEX traffic_hour ON traffic (hour)',
  `CREATE TABLE space (
    domain TEXT NOT NULL,
    day INTEGER NOT NULL,
    used_bytes INTEGER NOT NULL,
    mailboxes INTEGER NOT NULL,
    PRIMARY KEY (domain, day)
  ) STRICT, WITHOUT ROWID`,
]
