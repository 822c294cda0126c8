/** One step of the schema. Never edited once released: a later step changes what it made. */
export interface Migration {
  version: number
  /** In order; run in one transaction. Written as SQLite has it: `postgres/schema-text.ts` says it to PostgreSQL. */
  statements: string[]
  /** What PostgreSQL needs beside, afterwards. */
  postgres?: string[]
}
