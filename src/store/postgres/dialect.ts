import { type Dialect, Fragment, List, Row, Rows, type Statement, textOf, type Value } from '../sql.ts'

/** As the driver takes them: text, but for bytes. */
export type Parameter = string | Uint8Array | null

export interface Prepared {
  /** Of the statement on each connection. */
  name: string
  text: string
}

const dialect: Dialect = {
  parameter: position => `$${position}`,
  among: (position, isNone) => (isNone ? `<> ALL($${position})` : `= ANY($${position})`),
  fragment: ({ onPostgres }) => onPostgres,
}

const prepared = new WeakMap<TemplateStringsArray, Prepared>()
let count = 0

export function prepare(statement: Statement): Prepared {
  let found = prepared.get(statement.parts)
  if (!found) prepared.set(statement.parts, (found = { name: `f${++count}`, text: textOf(statement, dialect) }))
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
