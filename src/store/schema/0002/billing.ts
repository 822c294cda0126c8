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

  // Whether owners may choose a larger plan themselves; null: as the service has it.
  'ALTER TABLE domain ADD COLUMN plan_self_service INTEGER',

  // Never changed nor removed. Each entry holds what was agreed then, so that a later change of the plan rewrites no
  // statement; and the day it counts from, as the service's calendar had it then, so that no other time zone does either.
  `CREATE TABLE ledger_entry (
    entry_id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    domain TEXT NOT NULL,
    address TEXT NOT NULL,
    kind TEXT NOT NULL,
    plan_id TEXT,
    plan_name TEXT,
    storage_bytes INTEGER,
    hourly_limit INTEGER,
    monthly_price INTEGER,
    currency TEXT,
    made_by TEXT NOT NULL
  ) STRICT`,
  'CREATE INDEX ledger_entry_domain ON ledger_entry (domain, address, entry_id)',
  'CREATE INDEX ledger_entry_address ON ledger_entry (address, entry_id)',
  // Who managed a domain in a month, so that each finds the statements of his time.
  `CREATE TABLE domain_month (
    month TEXT NOT NULL,
    domain TEXT NOT NULL,
    manager TEXT NOT NULL,
    PRIMARY KEY (month, domain, manager)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX domain_month_manager ON domain_month (manager, month)',
  "INSERT INTO counter (name, value) VALUES ('ledger_entry', 0), ('audit', 0)",

  // domain: of which it is told; null for all. secret: signs what is sent, encrypted. events: JSON. failing_since: of the
  // first try that failed since the last that didn't. disabled_reason: why the service switched it off.
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
    last_success_at INTEGER,
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
  'CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, available_at, event_id) WHERE available_at IS NOT NULL',
  'CREATE INDEX webhook_delivery_created ON webhook_delivery (created_at)',

  // hour: whole hours since 1970. sent: recipients. What the dashboards plot; bills stand on the ledger alone.
  `CREATE TABLE traffic (
    account_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    received INTEGER NOT NULL,
    received_bytes INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    sent_bytes INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    PRIMARY KEY (account_id, hour)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX traffic_hour ON traffic (hour)',
  // The sums of the above by domain, and of the whole service under the empty name; they outlive the mailboxes.
  `CREATE TABLE traffic_domain (
    domain TEXT NOT NULL,
    hour INTEGER NOT NULL,
    received INTEGER NOT NULL,
    received_bytes INTEGER NOT NULL,
    sent INTEGER NOT NULL,
    sent_bytes INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    PRIMARY KEY (domain, hour)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX traffic_domain_hour ON traffic_domain (hour)',
  // day: as YYYY-MM-DD in the service's calendar; the last sample of it. quota_bytes: of the mailboxes that have one.
  `CREATE TABLE space (
    domain TEXT NOT NULL,
    day TEXT NOT NULL,
    used_bytes INTEGER NOT NULL,
    quota_bytes INTEGER NOT NULL,
    mailboxes INTEGER NOT NULL,
    PRIMARY KEY (domain, day)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX space_day ON space (day)',
]
