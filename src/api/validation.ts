/** What a request has to look like, checked once, at the edge: the schemas of the routes, compiled. */
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { MAX_ERRORS } from './limits.ts'

/** A member that does not meet its schema. */
export interface Mismatch {
  field: string
  code: string
  /** What the schema allows, where that is a number; else 0. */
  limit: number
}

export class ValidationError extends Error {
  override name = 'ValidationError'
  readonly errors: Mismatch[]
  constructor(errors: Mismatch[]) {
    super('the request does not meet its schema')
    this.errors = errors
  }
}

/** Query and path hold texts: those are read as the numbers and booleans that the schema wants. Defaults are filled in. */
export function validator(schema: TSchema, part: string): (data: unknown) => { value: unknown } | { error: Error } {
  let compiled: ReturnType<typeof Compile> | undefined
  const isText = part !== 'body'
  return data => {
    // At the first request, as answers are (serialization.ts).
    compiled ??= Compile(schema)
    const filled = Value.Default(schema, data ?? (isText ? {} : data))
    const value = isText ? Value.Convert(schema, filled) : filled
    if (compiled.Check(value)) return { value }
    return { error: new ValidationError(errorsOf(compiled.Errors(value))) }
  }
}

interface SchemaError {
  keyword: string
  instancePath: string
  params: object
}

function errorsOf(found: readonly SchemaError[]): Mismatch[] {
  const errors = new Map<string, Mismatch>()
  for (const { keyword, instancePath, params } of found) {
    const at = instancePath.slice(1).split('/').filter(Boolean)
    const named = namedBy(params)
    // "false" is what a schema says of a member that may not be there: the error before it has named it.
    if (keyword === 'boolean') continue
    for (const name of named.length > 0 ? named : [null]) {
      const field = [...at, ...(name === null ? [] : [name])].join('.')
      if (!errors.has(field)) errors.set(field, { field, code: codes[keyword] ?? keyword, limit: limitOf(params) })
    }
    if (errors.size >= MAX_ERRORS) break
  }
  return [...errors.values()]
}

const codes: Record<string, string> = { additionalProperties: 'unknown', minLength: 'too-short', maxLength: 'too-long' }

function limitOf(params: object): number {
  const limit: unknown = 'limit' in params ? params.limit : 0
  return typeof limit === 'number' ? limit : 0
}

function namedBy(params: object): string[] {
  for (const key of ['requiredProperties', 'additionalProperties'])
    if (key in params) {
      const names: unknown = Object.getOwnPropertyDescriptor(params, key)?.value
      if (Array.isArray(names)) return names.map(String)
    }
  return []
}
