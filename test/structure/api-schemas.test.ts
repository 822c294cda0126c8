/** Schemas are compiled when they are first asked for: here all of them are, so that a wrong one is no surprise of a request. */
import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import { compileSerializer } from '../../src/api/serialization.ts'
import { nameOf, routes } from '../integration/fixtures/api-routes.ts'

describe('schemas of the API', () => {
  it.each(routes.map(route => ({ name: nameOf(route), route })))('compile: $name', ({ route: { schemas } }) => {
    for (const asked of [schemas.params, schemas.query, schemas.body]) if (asked) expect(Compile(asked)).toBeDefined()
    if (schemas.response) expect(compileSerializer(schemas.response)).toBeTypeOf('function')
  })
})
