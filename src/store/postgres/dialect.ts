import { createHash } from 'node:crypto'
import { type Dialect, Fragment, List, Row, Rows, type Statement, textOf, type Value } from '../sql.ts'

/** As the driver takes them: text, but for bytes. */
export type Parameter = string | Uint8Array | null

export interface Prepared {
  /** Of the statement on each connection. */
  name: string
  text: string
}

interface PreparedOne extends Prepared {
  /** Adds rows without a look at others. */
  isAddition: boolean
}

const addition = /^\s*INSERT INTO \w+ \((?!.*\b(?:SELECT|RETURNING|UPDATE)\b)/s

/** `before`: parameters of statements that stand before it. */
const dialectAfter = (before: number): Dialect => ({
  parameter: position => `$${before + position}`,
  among: (position, isNone) => `${isNone ? '<> ALL' : '= ANY'}($${before + position})`,
  fragment: ({ onPostgres }) => onPostgres,
})
const dialect = dialectAfter(0)

const prepared = new WeakMap<TemplateStringsArray, PreparedOne>()

/**
 * By the text. A pooler that was set to transactions while nodes run lets a process meet what another has prepared: under the same
 * name it must never be another statement.
 */
function nameOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12)
}

export function prepare(statement: Statement): PreparedOne {
  let found = prepared.get(statement.parts)
  if (!found) {
    const text = textOf(statement, dialect)
    prepared.set(statement.parts, (found = { name: nameOf(text), text, isAddition: addition.test(text) }))
  }
  return found
}

const together = new Map<string, Prepared>()

/** More would be many combinations, each prepared on each connection. */
const mostTogether = 8

/**
 * Statements that rest on nothing of each other as few: each costs a tenth of a millisecond to send, bind and answer, whatever
 * it does. Rows that are added without a look at others are added by one.
 */
export function groupsOf(statements: readonly Statement[]): Statement[][] {
  const groups: Statement[][] = []
  let open: Statement[] | null = null
  for (const statement of statements) {
    const { isAddition } = prepare(statement)
    if (isAddition && open && open.length < mostTogether) open.push(statement)
    else groups.push((open = [statement]))
    if (!isAddition) open = null
  }
  return groups
}

/** Of one of the groups. */
export function prepareGroup(statements: readonly Statement[]): Prepared {
  const [first, second] = statements
  if (first && !second) return prepare(first)
  const key = statements.map(statement => prepare(statement).name).join()
  let found = together.get(key)
  if (!found) {
    let before = 0
    const texts = statements.map(statement => {
      const text = textOf(statement, dialectAfter(before))
      before += parametersOf(statement).length
      return text
    })
    const last = texts.pop()
    const text = `WITH ${texts.map((each, index) => `added_${index} AS (${each})`).join(', ')} ${last}`
    together.set(key, (found = { name: nameOf(text), text }))
  }
  return found
}

export function parametersOf(statement: Statement): Parameter[] {
  const parameters: Parameter[] = []
  const add = (value: Value): void => void parameters.push(parameterOf(value))
  for (const value of statement.values) {
    if (value instanceof List) parameters.push(arrayOf(value.members))
    else if (value instanceof Row) value.values.forEach(add)
    else if (value instanceof Rows) for (const tuple of value.tuples) tuple.forEach(add)
    else if (!(value instanceof Fragment)) add(value)
  }
  return parameters
}

export function parameterOf(value: Value): Parameter {
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? escaped(value) : value
}

/**
 * Of all characters, U+0000 is the only one that PostgreSQL does not keep. It is written as U+FFFE, which is no character,
 * and a zero; U+FFFE itself as two of them.
 */
const escapeSign = '\ufffe'

function escaped(text: string): string {
  if (!text.includes('\0') && !text.includes(escapeSign)) return text
  return text.replaceAll(escapeSign, escapeSign + escapeSign).replaceAll('\0', `${escapeSign}0`)
}

export function unescaped(text: string): string {
  if (!text.includes(escapeSign)) return text
  return text.replace(/\ufffe(.)/gs, (_, kind: string) => (kind === '0' ? '\0' : kind))
}

/** PostgreSQL's text form of an array. */
function arrayOf(members: List['members']): string {
  const texts = members.map(member =>
    typeof member === 'number' ? String(member) : `"${escaped(member).replace(/["\\]/g, '\\$&')}"`,
  )
  return `{${texts.join(',')}}`
}
