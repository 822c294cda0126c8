/** The nodes that share the store, and what they tell each other through it. A store of one process has none of it. */
export const cluster: string[] = [
  // beats: how often it said that it lives. Whoever watches sees it rise, without comparing clocks.
  `CREATE TABLE node (
    node_id TEXT NOT NULL PRIMARY KEY,
    hostname TEXT NOT NULL,
    version TEXT NOT NULL,
    pid INTEGER NOT NULL,
    roles TEXT NOT NULL,
    state TEXT NOT NULL,
    notices TEXT NOT NULL,
    key_print TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    write_ms INTEGER NOT NULL,
    beats INTEGER NOT NULL
  ) STRICT`,
  // What one node alone does, until it lets go of it or is dead.
  `CREATE TABLE work_lease (
    name TEXT NOT NULL PRIMARY KEY,
    node_id TEXT NOT NULL,
    since INTEGER NOT NULL
  ) STRICT`,
  'CREATE INDEX work_lease_node ON work_lease (node_id)',
  // That something changed which nodes keep in memory; another stamp with each change.
  `CREATE TABLE node_notice (
    topic TEXT NOT NULL PRIMARY KEY,
    stamp TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT`,
  'CREATE INDEX node_notice_at ON node_notice (at)',
]
