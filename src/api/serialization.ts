/** Answers as their schemas have them, compiled when they are first given: a start doesn't wait for hundreds that may never be. */
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'

type Serialize = (data: unknown) => string

const build = SerializerSelector()()
/** Many routes share a schema, that of problems above all. */
const compiled = new WeakMap<object, Serialize>()

/** @throws {Error} where the schema is wrong */
export function compileSerializer(schema: object): Serialize {
  const known = compiled.get(schema)
  if (known) return known
  // Of a route it takes nothing but the schema.
  const serialize = build({ schema, method: '', url: '', httpStatus: '' })
  compiled.set(schema, serialize)
  return serialize
}

/** What is not in the schema is left out; what does not fit it throws. */
export function serializer(schema: object): Serialize {
  return data => compileSerializer(schema)(data)
}
