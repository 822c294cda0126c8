/** Scopes of tokens against the routes that ask for them: none that opens nothing, none that is missing. */
import { describe, expect, it } from 'vitest'
import { isScope, scopes, scopesOf } from '../../src/accounts/scopes.ts'
import { nameOf, routes } from './fixtures/api-routes.ts'

const roles = ['owner', 'manager', 'staff'] as const

it('opens something with each scope, and asks for no other', () => {
  const asked = new Set(routes.flatMap(({ scope }) => (scope === null ? [] : [scope])))
  expect([...asked].toSorted()).toEqual([...scopes].toSorted())
  for (const scope of asked) expect(isScope(scope)).toBe(true)
})

it('reads with a scope to read, and changes with one to write', () => {
  // They look at what is sent, and write nothing.
  const exceptions = new Set(['previewMailboxes', 'checkFilterScript', 'checkDomainScript', 'checkServiceScript'])
  const wrong = routes.filter(
    ({ scope, method, operationId }) =>
      scope !== null && !exceptions.has(operationId) && (method === 'GET') !== scope.endsWith(':read'),
  )
  expect(wrong.map(route => `${nameOf(route)} ${route.scope}`)).toEqual([])
})

it('has no scope where nobody signs in', () => {
  expect(routes.filter(({ access, scope }) => access === 'public' && scope !== null).map(nameOf)).toEqual([])
})

describe.each(roles)('%s', role => {
  it('can give a token what opens a route to him, and nothing else', () => {
    const open = routes.filter(({ access }) => access !== 'public' && access.some(each => each === role))
    const of = new Set(open.flatMap(({ scope }) => (scope === null ? [] : [scope])))
    expect([...scopesOf(role)].toSorted()).toEqual([...of].toSorted())
  })
})
