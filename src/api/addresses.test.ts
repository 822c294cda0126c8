import { expect, it } from 'vitest'
import { Addresses } from './addresses.ts'

const addresses = new Addresses()
addresses.add('/api/lists', ['GET'])
addresses.add('/api/lists', ['POST'])
addresses.add('/api/lists/:name', ['PUT', 'DELETE'])
addresses.add('/api/lists/all.json', ['GET'])

it.each([
  ['/api/lists', ['GET', 'POST']],
  ['/api/lists/', ['GET', 'POST']],
  ['/api/lists?name=/x', ['GET', 'POST']],
  ['/api/lists/a%2Fb', ['DELETE', 'PUT']],
  ['/api/lists/all.json', ['DELETE', 'GET', 'PUT']],
  ['/api/lists/all-json', ['DELETE', 'PUT']],
  ['/api/lists/a/b', []],
  ['/api/lists//', []],
  ['/API/lists', []],
  ['/api', []],
])('%s takes %j', (url, methods) => {
  expect(addresses.methodsOf(url)).toEqual(methods)
})
