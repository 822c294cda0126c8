/** Settings of the service over the API: what staff set is what everyone gets, and what went before is in the audit log. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { storePath } from '../../src/ops/data-folder.ts'
import { openSqliteReader } from '../../src/store/sqlite/open.ts'
import { ApiClient } from './api-client.ts'
import { people, signedIn, startPanelService } from './fixtures/panel.ts'
import type { Service } from './service.ts'

let service: Service
let client: ApiClient

beforeAll(async () => {
  service = await startPanelService()
  client = await signedIn(service, 'staff')
})
afterAll(() => service.stop())

it('are changed, told to everyone, and put back', async () => {
  const nobody = new ApiClient(service)
  expect((await nobody.get('/service')).json).toMatchObject({ name: 'mail.facteur.test', languages: ['fr', 'en'] })
  const servers = [{ name: 'Deux', url: 'https://mail2.example.org', domains: ['example.org'] }]
  const changed = await client.patch('/service/settings', { name: 'Courrier', defaultLanguage: 'en', servers })
  expect(changed.status).toBe(200)
  expect((await nobody.get('/service')).json).toMatchObject({ name: 'Courrier', languages: ['en', 'fr'], servers })
  await client.patch('/service/settings', { name: null, defaultLanguage: null, servers: null })
  expect((await nobody.get('/service')).json).toMatchObject({
    name: 'mail.facteur.test',
    languages: ['fr', 'en'],
    servers: [],
  })
})

it('are refused by the name of the field, and then none is changed', async () => {
  const wrong = { name: 'Autre', supportAddress: 'nowhere', servers: [] }
  expect((await client.patch('/service/settings', wrong)).json).toMatchObject({
    status: 400,
    code: 'invalid-setting',
    errors: [{ field: 'supportAddress' }],
  })
  expect((await client.patch('/service/settings', { colour: 'red' })).json.errors).toMatchObject([{ field: 'colour' }])
  expect((await new ApiClient(service).get('/service')).json.name).toBe('mail.facteur.test')
})

it('leave what was and what is in the audit log', async () => {
  await client.patch('/service/settings', { linkExpiryDays: 3, minPasswordCharacters: 8 })
  const store = await openSqliteReader({ path: storePath(service) })
  const none = { domains: null, actorId: null, before: null }
  const [entry] = await store.read('audit.list', { ...none, target: 'service', limit: 1 })
  await store.close()
  // Of what was as before, nothing is said.
  expect(entry).toMatchObject({
    action: 'service.settings',
    actor: people.staff,
    via: 'panel',
    before: { linkExpiryDays: 7 },
    after: { linkExpiryDays: 3 },
  })
})
