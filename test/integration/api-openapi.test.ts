/** The documentation of the API: valid OpenAPI, and complete where its schema lets much be left out. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { isUnsafe, nameOf, routes } from './fixtures/api-routes.ts'
import { type Service, startService } from './service.ts'

interface Parameter {
  name: string
  in: string
}
interface Operation {
  operationId: string
  summary?: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: object
  responses: Record<string, { content?: object }>
}

let service: Service
// biome-ignore lint/suspicious/noExplicitAny: a document of any shape is given to the validator
let document: any
const operations: [path: string, method: string, Operation][] = []
beforeAll(async () => {
  service = await startService()
  document = (await new ApiClient(service).get('/openapi.json')).json
  for (const [path, methods] of Object.entries<Record<string, Operation>>(document.paths))
    for (const [method, operation] of Object.entries(methods)) operations.push([path, method, operation])
})
afterAll(() => service.stop())

it('is valid', async () => {
  const { valid, errors } = await new Validator().validate(document)
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
})

it('says of each operation what it does, what it takes and what it answers', () => {
  for (const [path, method, operation] of operations) {
    const { operationId, summary, tags, parameters = [], requestBody, responses } = operation
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect({
      operationId,
      path,
      inPath: parameters.filter(part => part.in === 'path').map(({ name }) => name),
    }).toEqual({
      operationId,
      path,
      inPath: named,
    })
    expect(operationId).toMatch(/^[a-z][A-Za-z0-9]+$/)
    expect(summary?.length, operationId).toBeGreaterThan(5)
    expect(tags, operationId).toHaveLength(1)
    const route = routes.find(known => known.operationId === operationId)
    expect(requestBody !== undefined, operationId).toBe(route?.schemas.body !== undefined)
    expect(method, operationId).toBe(route?.method.toLowerCase())
    const good = Object.keys(responses).filter(status => status.startsWith('2'))
    expect(good, operationId).toHaveLength(1)
    expect(responses['4XX'] ?? responses['4xx'], operationId).toBeDefined()
  }
})

it('has no member that a request may have unsaid', () => {
  const open = routes
    .filter(isUnsafe)
    .filter(({ schemas }) => schemas.body && !isClosed(schemas.body))
    .map(nameOf)
  expect(open).toEqual([])
})

/** Whether every object in the schema refuses members it does not name. */
function isClosed(schema: object): boolean {
  const { type, properties, additionalProperties, patternProperties, items, anyOf, allOf, oneOf } = schema as Record<
    string,
    unknown
  >
  if (type === 'object' && properties !== undefined && additionalProperties === undefined && !patternProperties)
    return false
  const inner = [
    ...Object.values(properties ?? {}),
    ...[anyOf, allOf, oneOf].flatMap(list => (Array.isArray(list) ? list : [])),
    ...(items ? [items] : []),
  ]
  return inner.every(part => typeof part !== 'object' || part === null || isClosed(part))
}
