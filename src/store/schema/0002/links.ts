/** What is handed out as a link: the token itself is known to the link alone, here stands its hash. */
export const links: string[] = [
  // secret_encrypted: what is revealed, under a key that only the link holds; gone once it is revealed, expired or revoked.
  // code_hash: of the code given by phone, where one was asked for. domain: the mailbox's; null for who has none.
  `CREATE TABLE credential_link (
    link_id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    principal_id INTEGER NOT NULL,
    domain TEXT,
    secret_encrypted BLOB,
    code_hash TEXT,
    code_attempts INTEGER NOT NULL,
    sent_to TEXT,
    sent_at INTEGER,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    opened_at INTEGER,
    opened_address TEXT,
    opened_count INTEGER NOT NULL,
    revealed_at INTEGER,
    revealed_address TEXT,
    revoked_at INTEGER
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX credential_link_principal ON credential_link (principal_id, created_at)',
  'CREATE INDEX credential_link_created ON credential_link (created_at, link_id)',
  'CREATE INDEX credential_link_domain ON credential_link (domain, created_at, link_id)',
  'CREATE INDEX credential_link_secret ON credential_link (expires_at) WHERE secret_encrypted IS NOT NULL',

  // purpose: see TokenPurpose. principal_id: 0 where it is nobody's yet. data: JSON of what the purpose needs.
  `CREATE TABLE one_time_token (
    token_hash TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    principal_id INTEGER NOT NULL,
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX one_time_token_principal ON one_time_token (principal_id, purpose, created_at)',
  'CREATE INDEX one_time_token_expires ON one_time_token (expires_at)',
]
