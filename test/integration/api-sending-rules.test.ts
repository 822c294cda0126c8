/** What is added to all that a mailbox sends, over the API: what it takes, who may set it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { type Person, people, signedIn, startPanelService } from './fixtures/panel.ts'
import type { Service } from './service.ts'

let service: Service
const clients = {} as Record<Person, ApiClient>
beforeAll(async () => {
  service = await startPanelService()
  for (const person of Object.keys(people) as Person[]) clients[person] = await signedIn(service, person)
})
afterAll(() => service.stop())

const content = { copiesCc: ['Boss@example.net'], copiesBcc: ['archive@example.net'], filesSentCopy: true }

it('is nothing until it is set, then as it was set', async () => {
  const { owner } = clients
  const empty = { address: people.owner, copiesCc: [], copiesBcc: [], filesSentCopy: false, updatedAt: null }
  expect((await owner.get('/sending-rules')).json).toEqual(empty)
  const set = await owner.put('/sending-rules', content)
  expect(set.json).toEqual({ address: people.owner, ...content, updatedAt: expect.any(Number) })
  expect((await owner.get('/sending-rules')).json).toEqual(set.json)
})

it('names each address once, those that all see first', async () => {
  const lists = { copiesCc: ['a@example.net', 'A@example.net'], copiesBcc: ['a@example.net', 'b@example.net'] }
  const set = await clients.owner.put('/sending-rules', { ...content, ...lists })
  expect(set.json).toMatchObject({ copiesCc: ['a@example.net'], copiesBcc: ['b@example.net'] })
})

it('refuses what is no address, the mailbox itself, and more than five', async () => {
  const put = (over: object) => clients.owner.put('/sending-rules', { ...content, ...over })
  expect(await put({ copiesCc: ['nobody'] })).toMatchObject({ status: 400, json: { code: 'invalid-copy-address' } })
  expect(await put({ copiesBcc: [people.owner] })).toMatchObject({ status: 400, json: { code: 'copy-to-itself' } })
  const many = ['a', 'b', 'c', 'd', 'e'].map(name => `${name}@example.net`)
  expect(await put({ copiesBcc: many })).toMatchObject({ status: 400, json: { code: 'too-many-copies' } })
  expect(await put({ copiesBcc: ['a@example.net\r\nBcc: x@example.net'] })).toMatchObject({ status: 400 })
})

it('of a mailbox is for who manages its domain, and is written down', async () => {
  const path = `/mailboxes/${people.owner}/sending-rules`
  expect((await clients.manager.put(path, { ...content, copiesCc: [] })).status).toBe(200)
  expect((await clients.manager.get(path)).json).toMatchObject({ copiesCc: [] })
  const { json } = await clients.staff.get('/audit?limit=5')
  expect(json.items[0]).toMatchObject({ action: 'sendingRules.update', target: people.owner, after: { copiesCc: [] } })
})
