/**
 * SQL as tagged templates, written once in the subset SQLite and PostgreSQL share.
 *
 * A template is rendered to an engine's text once and its prepared statement kept per connection, found by the identity
 * of the template. So what stands at one place of a template is always of one kind: a value, a `list`, a `row` of one
 * length, so many `rows` of one length, or one fragment.
 */

/** What a row holds and what can be bound. Booleans are 0 and 1; times, sizes and ids are whole numbers below 2^53. */
export type Value = number | string | null | Uint8Array

/** Members of an `IN`: one parameter, however long the list is, so that one prepared statement serves all. */
export class List {
  readonly members: readonly number[] | readonly string[]

  constructor(members: readonly number[] | readonly string[]) {
    this.members = members
  }
}

/** `WHERE uid IN ${list(uids)}` */
export const list = (members: readonly number[] | readonly string[]): List => new List(members)

/** Several values in a row. */
export class Row {
  readonly values: readonly Value[]

  constructor(values: readonly Value[]) {
    this.values = values
  }
}

/** `VALUES (${row(tuple)})` */
export const row = (values: readonly Value[]): Row => new Row(values)

/** Several rows of one length, at one place always as many: `VALUES ${rows(tuples)}` */
export class Rows {
  readonly tuples: readonly (readonly Value[])[]

  constructor(tuples: readonly (readonly Value[])[]) {
    this.tuples = tuples
  }
}

export const rows = (tuples: readonly (readonly Value[])[]): Rows => new Rows(tuples)

/** Constant text: a list of columns that statements share, or a word that the engines spell differently. */
export class Fragment {
  readonly text: string
  readonly onPostgres: string

  constructor(text: string, onPostgres = text) {
    this.text = text
    this.onPostgres = onPostgres
  }
}

export interface Statement {
  readonly parts: TemplateStringsArray
  readonly values: readonly (Value | List | Row | Rows | Fragment)[]
}

export function sql(parts: TemplateStringsArray, ...values: (Value | List | Row | Rows | Fragment)[]): Statement {
  return { parts, values }
}

/** Where the engines' texts differ. Parameters are counted from 1. */
export interface Dialect {
  parameter(position: number): string
  /** That what stands before is among the members of the list bound at `position`, or is none of them. */
  among(position: number, isNone: boolean): string
  fragment(fragment: Fragment): string
}

/** `text` ends with "IN" or "NOT IN". */
function withMembership(text: string, position: number, dialect: Dialect): string {
  const [operator] = /(?:NOT )?IN\s*$/.exec(text) ?? []
  if (operator === undefined) throw new Error(`a list must follow IN: ${text}`)
  return text.slice(0, -operator.length) + dialect.among(position, operator.startsWith('NOT'))
}

export function textOf(statement: Statement, dialect: Dialect): string {
  let text = statement.parts[0] ?? ''
  let position = 0
  const parameters = (values: readonly Value[]): string => values.map(() => dialect.parameter(++position)).join(', ')
  statement.values.forEach((value, index) => {
    if (value instanceof Fragment) text += dialect.fragment(value)
    else if (value instanceof List) text = withMembership(text, ++position, dialect)
    else if (value instanceof Row) text += parameters(value.values)
    else if (value instanceof Rows) text += value.tuples.map(tuple => `(${parameters(tuple)})`).join(', ')
    else text += dialect.parameter(++position)
    text += statement.parts[index + 1]
  })
  return text
}
