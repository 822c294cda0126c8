/** Schemas are compiled when they are first asked for: here all of them are, so that a wrong one is no surprise of a request. */
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import { compileSerializer } from '../../src/api/serialization.ts'
import { nameOf, routes } from '../integration/fixtures/api-routes.ts'

describe('schemas of the API', () => {
  it.each(routes.map(route => ({ name: nameOf(route), route })))('compile: $name', ({ route: { schemas } }) => {
    for (const asked of [schemas.params, schemas.query, schemas.body]) if (asked) expect(Compile(asked)).toBeDefined()
    if (schemas.response) expect(compileSerializer(schemas.response)).toBeTypeOf('function')
  })

  // A store of 64 bits refuses what is beyond: that would be a defect of ours, answered with 500.
  it.each(routes.map(route => ({ name: nameOf(route), route })))(
    'take whole numbers that are held exactly: $name',
    ({ route: { schemas } }) => {
      for (const asked of [schemas.params, schemas.query, schemas.body])
        for (const schema of integersOf(asked)) {
          // A copy of one is no type to whoever reads numbers from the text of an address.
          expect(Type.IsInteger(schema)).toBe(true)
          const { minimum, maximum } = schema
          expect(minimum).toBeGreaterThanOrEqual(Number.MIN_SAFE_INTEGER)
          expect(maximum).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER)
        }
    },
  )
})

type Integer = { type: 'integer'; minimum?: number; maximum?: number }

function integersOf(schema: unknown): Integer[] {
  if (typeof schema !== 'object' || schema === null) return []
  const inner = Object.values(schema).flatMap(integersOf)
  return 'type' in schema && schema.type === 'integer' ? [schema as Integer, ...inner] : inner
}
