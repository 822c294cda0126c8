/** What belongs to the service itself: who changed what, tokens of programs, answers to be repeated, brands. */
export const service: string[] = [
  // domain: of what was changed, so that managers see their own; null for what belongs to none. before, after: JSON.
  `CREATE TABLE audit (
    audit_id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    actor_id INTEGER,
    actor_role TEXT NOT NULL,
    via TEXT NOT NULL,
    remote_address TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    domain TEXT,
    before TEXT,
    after TEXT
  ) STRICT`,
  'CREATE INDEX audit_domain ON audit (domain, audit_id)',
  'CREATE INDEX audit_target ON audit (target, audit_id)',
  'CREATE INDEX audit_actor ON audit (actor_id, audit_id)',

  `CREATE TABLE api_token (
    token_id TEXT NOT NULL PRIMARY KEY,
    principal_id INTEGER NOT NULL,
    label TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    expires_at INTEGER,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    last_used_address TEXT
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX api_token_principal ON api_token (principal_id, created_at)',

  // What a POST with an Idempotency-Key answered. request_hash: the same key with another request is a mistake.
  `CREATE TABLE idempotency_key (
    principal_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER,
    body TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (principal_id, key)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX idempotency_key_created ON idempotency_key (created_at)',

  // principal_id: the manager whose customers see it; 0 for the service's own. logo_hash: of the logo's bytes, names it in URLs.
  `CREATE TABLE brand (
    principal_id INTEGER PRIMARY KEY,
    name TEXT,
    logo BLOB,
    logo_type TEXT,
    logo_hash TEXT,
    primary_colour TEXT,
    support_address TEXT,
    updated_at INTEGER NOT NULL
  ) STRICT`,
  'CREATE INDEX brand_logo ON brand (logo_hash)',
  'CREATE TABLE brand_host (host TEXT NOT NULL PRIMARY KEY, principal_id INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  'CREATE INDEX brand_host_principal ON brand_host (principal_id, host)',
]
