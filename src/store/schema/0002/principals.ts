/** Whoever signs in. A mailbox's principal has the id of its account, so that one look-up by key leads from one to the other. */
export const principals: string[] = [
  `CREATE TABLE principal (
    principal_id INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT,
    password_changed_at INTEGER,
    language TEXT,
    time_zone TEXT,
    sign_in_enabled INTEGER NOT NULL,
    second_factor_required INTEGER NOT NULL,
    recovery_address TEXT,
    recovery_confirmed_at INTEGER,
    created_at INTEGER NOT NULL
  ) STRICT`,
  'CREATE INDEX principal_role ON principal (role, address)',
  `INSERT INTO principal (principal_id, address, role, name, password_hash, sign_in_enabled, second_factor_required, created_at)
    SELECT account_id, address, 'owner', '', password_hash, 1, 0, created_at FROM account`,
  'ALTER TABLE account DROP COLUMN password_hash',

  // The domains a manager manages.
  `CREATE TABLE principal_domain (
    principal_id INTEGER NOT NULL,
    domain TEXT NOT NULL,
    PRIMARY KEY (principal_id, domain)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX principal_domain_domain ON principal_domain (domain, principal_id)',
]
