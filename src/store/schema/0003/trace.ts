/**
 * What became of each message, in and out.
 *
 * A delivery writes one row at the end of one table, and no index: what was known at once stands in the row. What comes
 * later (an attempt, a read) is a row of `trace_event`. The index follows, some dozen traces at a time: hashes of addresses,
 * domains, accounts and ids. Some thousand traces are a segment, a stretch of its own; the last one grows up to its
 * `last_id`, in pages that stay in memory meanwhile. A search asks each segment of its time and looks through the few
 * traces that are behind. What is too old goes by segments.
 */
export const trace: string[] = [
  // Ids of traces and of events, so that one cursor follows both.
  `INSERT INTO counter (name, value) VALUES ('trace', 0)`,

  `CREATE TABLE trace (
    trace_id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    direction TEXT NOT NULL,
    account_id INTEGER,
    queue_ids TEXT,
    size_bytes INTEGER NOT NULL,
    id TEXT NOT NULL,
    sender TEXT NOT NULL,
    message_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    origin TEXT NOT NULL,
    recipients TEXT NOT NULL
  ) STRICT`,

  `CREATE TABLE trace_event (
    event_id INTEGER PRIMARY KEY,
    trace_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    detail TEXT NOT NULL
  ) STRICT`,
  'CREATE INDEX trace_event_trace ON trace_event (trace_id)',

  `CREATE TABLE trace_segment (
    segment INTEGER PRIMARY KEY,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE TABLE trace_key (
    segment INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    trace_id INTEGER NOT NULL,
    PRIMARY KEY (segment, hash, trace_id)
  ) STRICT, WITHOUT ROWID`,

  // Links by which anyone may read one trace.
  `CREATE TABLE trace_link (
    token_hash TEXT NOT NULL PRIMARY KEY,
    trace_id INTEGER NOT NULL,
    recipients TEXT,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,

  // null: from before there were traces.
  'ALTER TABLE queue_message ADD COLUMN trace_id INTEGER',
]
