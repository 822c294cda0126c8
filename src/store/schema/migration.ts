/** One step of the schema. Never edited once released: a later step changes what it made. */
export interface Migration {
  version: number
  /** Statements, in order; run in one transaction. */
  sqlite: string[]
}
