/** Second factors, app passwords, sessions of the panel, and who signed in from where. Secrets stand here hashed or encrypted. */
export const signIn: string[] = [
  // last_step: a code is good once (RFC 6238 §5.2). confirmed_at: null until a first code was given.
  `CREATE TABLE totp (
    principal_id INTEGER PRIMARY KEY,
    secret_encrypted BLOB NOT NULL,
    confirmed_at INTEGER,
    last_step INTEGER NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT`,
  // rp_id: the host it was made for, which is the only one it opens (WebAuthn §5.4.2).
  `CREATE TABLE passkey (
    credential_id TEXT NOT NULL PRIMARY KEY,
    principal_id INTEGER NOT NULL,
    rp_id TEXT NOT NULL,
    public_key BLOB NOT NULL,
    sign_count INTEGER NOT NULL,
    transports TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX passkey_principal ON passkey (principal_id)',
  `CREATE TABLE recovery_code (
    principal_id INTEGER NOT NULL,
    code_hash TEXT NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (principal_id, code_hash)
  ) STRICT, WITHOUT ROWID`,

  // account_id: the mailbox it opens; principal_id: whose it is (a member's, where the mailbox is shared). protocols, networks: JSON.
  `CREATE TABLE app_password (
    app_password_id TEXT NOT NULL PRIMARY KEY,
    account_id INTEGER NOT NULL,
    principal_id INTEGER NOT NULL,
    label TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    protocols TEXT NOT NULL,
    networks TEXT NOT NULL,
    expires_at INTEGER,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    last_used_protocol TEXT,
    last_used_address TEXT
  ) STRICT, WITHOUT ROWID`,
  'CREATE UNIQUE INDEX app_password_secret ON app_password (account_id, secret_hash)',
  'CREATE INDEX app_password_principal ON app_password (principal_id, created_at)',

  `CREATE TABLE web_session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL UNIQUE,
    principal_id INTEGER NOT NULL,
    remembered INTEGER NOT NULL,
    second_factor_at INTEGER,
    confirmed_at INTEGER NOT NULL,
    remote_address TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX web_session_principal ON web_session (principal_id, created_at)',
  'CREATE INDEX web_session_expires ON web_session (expires_at)',

  // One row for what is alike in a day, with its first and last time: a program that signs in every minute is one row a day.
  // label: of the app password. client: what the program says it is.
  `CREATE TABLE sign_in (
    sign_in_id INTEGER PRIMARY KEY,
    principal_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    protocol TEXT NOT NULL,
    remote_address TEXT NOT NULL,
    outcome TEXT NOT NULL,
    credential TEXT NOT NULL,
    label TEXT NOT NULL,
    client TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    count INTEGER NOT NULL
  ) STRICT`,
  `CREATE UNIQUE INDEX sign_in_alike ON sign_in
    (principal_id, day, protocol, remote_address, outcome, credential, label, client)`,
  'CREATE INDEX sign_in_last ON sign_in (principal_id, last_at)',
  'CREATE INDEX sign_in_protocol ON sign_in (principal_id, protocol, last_at)',
  'CREATE INDEX sign_in_day ON sign_in (day)',
  "INSERT INTO counter (name, value) VALUES ('sign_in', 0)",
]
