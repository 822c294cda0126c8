/**
 * The schema as PostgreSQL has it. It is written once, for SQLite; what differs is said here and nowhere else.
 *
 * Text is compared by its bytes, as SQLite does and whatever the database's own order is: names and addresses are sorted by
 * the program where people see them sorted. SQLite clusters rows by their key; here a key is an index.
 */
const spellings: readonly [RegExp, string][] = [
  [/\)\s*STRICT(?:,\s*WITHOUT ROWID)?\s*$/, ')'],
  [/\bINTEGER\b/g, 'BIGINT'],
  [/\bBLOB\b/g, 'BYTEA'],
  [/\bTEXT\b/g, 'TEXT COLLATE "C"'],
]

export function onPostgres(statement: string): string {
  return spellings.reduce((text, [pattern, spelling]) => text.replace(pattern, spelling), statement)
}
