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

  // domain: of which it is told; null for all. secret: signs what is sent, encrypted. events: JSON. failing_since: of the
  // first try that failed since the last that didn't. disabled_reason: null where somebody switched it off.
  `CREATE TABLE webhook (
    webhook_id TEXT NOT NULL PRIMARY KEY,
    domain TEXT,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    secret_encrypted BLOB NOT NULL,
    events TEXT NOT NULL,
    is_enabled INTEGER NOT NULL,
    disabled_reason TEXT,
    failing_since INTEGER,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  // available_at: when it may be leased, at the next try or at the end of the lease it is under; null where it may not.
  `CREATE TABLE webhook_delivery (
    webhook_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event TEXT NOT NULL,
    payload TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    available_at INTEGER,
    lease_owner TEXT,
    retry_until INTEGER NOT NULL,
    last_at INTEGER,
    last_status INTEGER,
    last_problem TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (webhook_id, event_id)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook_id, created_at, event_id)',
  'CREATE INDEX webhook_delivery_due ON webhook_delivery (available_at, webhook_id) WHERE available_at IS NOT NULL',
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
