/**
 * One step of the schema. Never edited once released: a later step changes what it made. Programs of the step before run beside it
 * while nodes are upgraded one after the other, so it only widens (test/structure/migrations.test.ts).
 */
export interface Migration {
  version: number
  /** In order; run in one transaction. Written as SQLite has it: `postgres/schema-text.ts` says it to PostgreSQL. */
  statements: string[]
  /** What PostgreSQL needs beside, afterwards. */
  postgres?: string[]
  /** Where it takes something away: the step since which no program uses it. Nodes that know only older ones must be gone first. */
  contracts?: number
}
