/** What can be told of domains and mailboxes beside their names. Null: what the domain, the plan or the service says. */
export const directory: string[] = [
  // kind: personal, or shared, which members read and nobody signs in to. removed_at: in the bin until it is purged.
  "ALTER TABLE account ADD COLUMN kind TEXT NOT NULL DEFAULT 'personal'",
  'ALTER TABLE account ADD COLUMN sending_enabled INTEGER NOT NULL DEFAULT 1',
  'ALTER TABLE account ADD COLUMN receiving_enabled INTEGER NOT NULL DEFAULT 1',
  // forward: JSON; null for none.
  'ALTER TABLE account ADD COLUMN forward TEXT',
  'ALTER TABLE account ADD COLUMN removed_at INTEGER',
  'ALTER TABLE account ADD COLUMN plan_id TEXT',
  'ALTER TABLE account ADD COLUMN hourly_limit INTEGER',
  'CREATE INDEX account_removed ON account (removed_at) WHERE removed_at IS NOT NULL',

  // accounts and sold_bytes: of those that are not in the bin. quota_bytes: how much may be sold of it.
  'ALTER TABLE domain ADD COLUMN sold_bytes INTEGER NOT NULL DEFAULT 0',
  `UPDATE domain SET sold_bytes =
    (SELECT COALESCE(SUM(a.quota_bytes), 0) FROM account AS a WHERE a.domain = domain.name)`,
  'ALTER TABLE domain ADD COLUMN default_plan_id TEXT',
  'ALTER TABLE domain ADD COLUMN default_quota_bytes INTEGER',
  'ALTER TABLE domain ADD COLUMN quota_bytes INTEGER',
  'ALTER TABLE domain ADD COLUMN max_mailboxes INTEGER',
  'ALTER TABLE domain ADD COLUMN mailbox_hourly_limit INTEGER',
  'ALTER TABLE domain ADD COLUMN domain_hourly_limit INTEGER',

  // Each address of the alias is the same address of the domain.
  'CREATE TABLE domain_alias (name TEXT NOT NULL PRIMARY KEY, domain TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  'CREATE INDEX domain_alias_domain ON domain_alias (domain, name)',

  // kind: alias, or group, whose name people see.
  "ALTER TABLE alias ADD COLUMN kind TEXT NOT NULL DEFAULT 'alias'",
  "ALTER TABLE alias ADD COLUMN name TEXT NOT NULL DEFAULT ''",

  `CREATE TABLE shared_member (
    account_id INTEGER NOT NULL,
    principal_id INTEGER NOT NULL,
    may_send INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, principal_id)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX shared_member_principal ON shared_member (principal_id, account_id)',

  // Days as YYYY-MM-DD in the time zone, inclusive.
  `CREATE TABLE auto_reply (
    account_id INTEGER PRIMARY KEY,
    enabled INTEGER NOT NULL,
    from_day TEXT,
    until_day TEXT,
    time_zone TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    audience TEXT NOT NULL,
    interval_days INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT`,
]
