/** What a request has to look like, checked once, at the edge: the schemas of the routes, compiled. */
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import type { FieldError } from './problem.ts'

export class ValidationError extends Error {
  override name = 'ValidationError'
  readonly errors: FieldError[]
  constructor(errors: FieldError[]) {
    super('the request does not meet its schema')
    this.errors = errors
  }
}

/** Problems told of one request: a client that gets everything wrong learns as much from the first. */
const MAX_ERRORS = 20

/** Query and path hold texts: those are read as the numbers and booleans that the schema wants. Defaults are filled in. */
export function validator(schema: TSchema, part: string): (data: unknown) => { value: unknown } | { error: Error } {
  const compiled = Compile(schema)
  const isText = part !== 'body'
  return data => {
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
  message: string
}

function errorsOf(found: readonly SchemaError[]): FieldError[] {
  const errors = new Map<string, FieldError>()
  for (const { keyword, instancePath, params, message } of found) {
    const at = instancePath.slice(1).split('/').filter(Boolean)
    const named = namedBy(params)
    // "false" is what a schema says of a member that may not be there: the error before it has named it.
    if (keyword === 'boolean') continue
    for (const name of named.length > 0 ? named : [null]) {
      const field = [...at, ...(name === null ? [] : [name])].join('.')
      if (!errors.has(field)) errors.set(field, { field, code: codes[keyword] ?? keyword, message })
    }
    if (errors.size >= MAX_ERRORS) break
  }
  return [...errors.values()]
}

const codes: Record<string, string> = { additionalProperties: 'unknown', minLength: 'too-short', maxLength: 'too-long' }

function namedBy(params: object): string[] {
  for (const key of ['requiredProperties', 'additionalProperties'])
    if (key in params) {
      const names: unknown = Object.getOwnPropertyDescriptor(params, key)?.value
      if (Array.isArray(names)) return names.map(String)
    }
  return []
}
