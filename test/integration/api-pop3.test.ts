/** How long a mailbox keeps what was retrieved by POP3, over the API: what it takes, who may set it, what POP3 says then. */
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

it('is for its owner to set, in whole days up to a year', async () => {
  const { owner } = clients
  expect((await owner.get('/mailbox/pop3')).json).toEqual({ address: people.owner, keepDays: null })
  expect((await owner.put('/mailbox/pop3', { keepDays: 14 })).json).toEqual({ address: people.owner, keepDays: 14 })
  for (const keepDays of [0, 366, 1.5, '7']) expect((await owner.put('/mailbox/pop3', { keepDays })).status).toBe(400)
  expect((await owner.get('/mailbox/pop3')).json.keepDays).toBe(14)
})

it('is for who manages its domain too, and is written down', async () => {
  const path = `/mailboxes/${people.owner}/pop3`
  expect((await clients.neighbour.put(path, { keepDays: 1 })).status).toBe(403)
  expect((await clients.otherManager.put(path, { keepDays: 1 })).status).toBe(404)
  expect((await clients.manager.put(path, { keepDays: 3 })).json.keepDays).toBe(3)
  expect((await clients.manager.get(path)).json.keepDays).toBe(3)
  const { json } = await clients.staff.get('/audit?limit=5')
  const change = { action: 'pop3.update', target: people.owner, before: { keepDays: 14 }, after: { keepDays: 3 } }
  expect(json.items[0]).toMatchObject(change)
  expect((await clients.staff.put(path, { keepDays: null })).json.keepDays).toBeNull()
})
