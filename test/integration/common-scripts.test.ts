/** Scripts for a domain and for the whole service: who may set them, what they may do, what becomes of the mail. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { type Person, people, signedIn, startPanelService } from './fixtures/panel.ts'
import { Client } from './fixtures/smtp.ts'
import type { Service } from './service.ts'

let service: Service
let folder: string
const clients = {} as Record<Person, ApiClient>
beforeAll(async () => {
  service = await startPanelService()
  folder = await mkdtemp(path.join(tmpdir(), 'facteur-scripts-'))
  for (const person of Object.keys(people) as Person[]) clients[person] = await signedIn(service, person)
})
afterAll(async () => {
  await service.stop()
  await rm(folder, { recursive: true })
})

const ofDomain = '/domains/example.org/script'
const rule = {
  name: 'Offers',
  isEnabled: true,
  match: 'all',
  conditions: [{ kind: 'subject', comparison: 'contains', texts: ['offer'], isNegated: false }],
  actions: [{ kind: 'move', mailbox: 'Offers' }],
}

async function answerTo(subject: string): Promise<string> {
  const client = await Client.greeted(service.ports.smtp)
  try {
    const text = `From: a@away.test\r\nSubject: ${subject}\r\n\r\nhello\r\n`
    return await client.deliver({ from: 'a@away.test', to: [people.owner] }, text)
  } finally {
    client.destroy()
  }
}

it('of a domain is set by who manages it, and told to the owners of its mailboxes', async () => {
  const { manager, owner, otherManager, otherOwner, staff } = clients
  const none = { domain: 'example.org', rules: [], contradictions: [], script: null, warnings: [], failure: null }
  expect((await manager.get(ofDomain)).json).toEqual(none)
  const set = await manager.put(ofDomain, { rules: [rule], revision: null })
  expect(set).toMatchObject({ status: 200, json: { rules: [rule], script: { isActive: true } } })
  expect((await staff.get(ofDomain)).json).toEqual(set.json)
  expect(await otherManager.get(ofDomain)).toMatchObject({ status: 404, json: { code: 'domain-not-found' } })
  expect(await manager.get('/domains/nowhere.test/script')).toMatchObject({ status: 404 })
  const before = { service: false, domain: { name: 'example.org', rules: [rule] } }
  expect((await owner.get('/filters')).json.before).toMatchObject(before)
  expect((await otherOwner.get('/filters')).json.before).toEqual({ service: false, domain: null })
})

it('of a domain sends nobody’s mail elsewhere', async () => {
  const { manager, staff } = clients
  const { revision } = (await manager.get(ofDomain)).json.script
  for (const [source, command] of [
    ['require "copy";\r\nredirect :copy "boss@example.net";', 'redirect'],
    ['require "enotify";\r\nnotify "mailto:boss@example.net";', 'notify'],
  ] as const)
    for (const client of [manager, staff]) {
      const refused = await client.put(ofDomain, { source, revision })
      expect(refused).toMatchObject({ status: 400, json: { code: 'script-wrong' } })
      expect(refused.json.title).toContain(`line 2, column 1: "${command}" is not allowed here`)
      expect((await client.post(`${ofDomain}/check`, { source })).json.problems).toMatchObject([{ line: 2, column: 1 }])
    }
  const forward = { ...rule, actions: [{ kind: 'forward', address: 'boss@example.net', keepsCopy: true }] }
  expect((await manager.put(ofDomain, { rules: [forward], revision })).json.code).toBe('script-wrong')
  expect((await staff.post('/service/script/check', { source: 'redirect "a@example.net";' })).json.problems).toEqual([])
})

it('is checked with positions, and with what may go wrong', async () => {
  const { manager } = clients
  const check = async (source: string) => (await manager.post(`${ofDomain}/check`, { source })).json
  expect(await check('keep;\r\n  bogus;\r\nstop "x";')).toEqual({
    problems: [
      { line: 2, column: 3, message: 'unknown command "bogus"' },
      { line: 3, column: 6, message: expect.any(String) },
    ],
    warnings: [],
  })
  const both = 'require ["reject", "fileinto"];\nfileinto "a";\nreject "b";'
  expect(await check(both)).toMatchObject({ problems: [], warnings: [{ line: 3, column: 1, earlier: { line: 2 } }] })
})

it('is not changed by who saw another', async () => {
  const { manager, staff } = clients
  const { revision, source } = (await manager.get(ofDomain)).json.script
  const changed = await staff.put(ofDomain, { source: `${source}# x\r\n`, revision })
  expect(changed).toMatchObject({ status: 200, json: { rules: null } })
  const conflict = { status: 409, json: { code: 'script-changed' } }
  expect(await manager.put(ofDomain, { rules: [], revision })).toMatchObject(conflict)
  expect(await manager.put(ofDomain, { rules: [], revision: null })).toMatchObject(conflict)
  expect(await manager.call('PATCH', `/api/v1${ofDomain}`, { body: { isActive: false, revision } })).toMatchObject(
    conflict,
  )
  expect(await manager.call('DELETE', `/api/v1${ofDomain}?revision=${revision}`)).toMatchObject(conflict)
  const again = await manager.put(ofDomain, { rules: [rule], revision: changed.json.script.revision })
  expect(again.json.rules).toEqual([rule])
})

it('of the service is for staff, and comes first; owners are told that there is one', async () => {
  const { manager, staff, owner } = clients
  expect((await manager.get('/service/script')).status).toBe(403)
  const source = 'require "reject"; if header :is "subject" "offer refused" { reject "Not here"; }'
  const set = await staff.put('/service/script', { source, revision: null })
  expect(set).toMatchObject({ status: 200, json: { domain: null, rules: null, script: { source } } })
  const seen = (await owner.get('/filters')).json
  expect(seen.before.service).toBe(true)
  expect(JSON.stringify(seen)).not.toContain('Not here')
  expect(await answerTo('offer refused')).toBe('550 5.7.1 Not here')
  expect(await answerTo('offer')).toMatch(/^250 /)
  const folders = (await owner.get('/mailbox/space')).json.folders as { name: string; messages: number }[]
  expect(folders.find(({ name }) => name === 'Offers')).toMatchObject({ messages: 1 })
  const { revision } = set.json.script
  const off = await staff.call('PATCH', '/api/v1/service/script', { body: { isActive: false, revision } })
  expect(off.json.script).toMatchObject({ isActive: false, source })
  expect((await owner.get('/filters')).json.before.service).toBe(false)
  const gone = await staff.call('DELETE', `/api/v1/service/script?revision=${off.json.script.revision}`)
  expect(gone.status).toBe(204)
  expect(await staff.call('DELETE', '/api/v1/service/script?revision=1')).toMatchObject({
    status: 404,
    json: { code: 'script-not-found' },
  })
})

it('is in the log of changes with its text, for managers that of their domains', async () => {
  const actions = async (client: ApiClient) =>
    ((await client.get('/audit?limit=100')).json.items as { action: string; target: string; after: unknown }[]).filter(
      ({ action }) => action.startsWith('commonScript.'),
    )
  const all = await actions(clients.staff)
  expect(all.map(({ action, target }) => `${action} ${target}`)).toEqual([
    'commonScript.remove service',
    'commonScript.set service',
    'commonScript.set service',
    'commonScript.set example.org',
    'commonScript.set example.org',
    'commonScript.set example.org',
  ])
  expect(all[2]!.after).toMatchObject({ isActive: true, source: expect.stringContaining('Not here') })
  expect(await actions(clients.manager)).toHaveLength(3)
  expect(await actions(clients.otherManager)).toEqual([])
})

it('is set from the command line, beside the running service and without it', async () => {
  const file = path.join(folder, 'rules.sieve')
  await writeFile(file, 'require "fileinto";\nfileinto "A";\n')
  const cli = (...args: string[]) => service.cli(['script', ...args])
  const right = { exitCode: 0, stderr: '' }
  expect(await cli('check', file)).toMatchObject({ ...right, stdout: 'the script is valid\n' })
  expect(await cli('set', '--domain', 'example.com', '--inactive', file)).toMatchObject({
    ...right,
    stdout: 'example.com has a script that is not run\n',
  })
  expect(await cli('set', '--replaces', 'none', '--domain', 'example.com', file)).toMatchObject({ exitCode: 1 })
  expect(await cli('activate', '--domain', 'example.com')).toMatchObject(right)
  const shown = JSON.parse((await cli('show', '--domain', 'example.com', '--json')).stdout)
  expect(shown).toMatchObject({ domain: 'example.com', isActive: true, source: 'require "fileinto";\nfileinto "A";\n' })
  await service.end()
  const wrong = await service.cli(['script', 'set', '-'], { stdin: 'keep;\n bogus;\n' })
  expect(wrong).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'script:2:2: unknown command "bogus"\nfacteur: the script is wrong, and was not set\n',
  })
  expect(await service.cli(['script', 'set'], { stdin: 'keep;' })).toMatchObject(right)
  expect((await cli('list')).stdout).toMatch(
    /^OF +STATE .*\nthe service +active .*\nexample\.com +active .*\nexample\.org/,
  )
  const json = await service.cli(['script', 'check', '--json', '--domain', 'example.com'], {
    stdin: 'redirect "a@example.net";',
  })
  expect(json.exitCode).toBe(1)
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, problems: [{ line: 1, column: 1 }], warnings: [] })
  expect(await cli('remove')).toMatchObject({ ...right, stdout: 'removed the script of the service\n' })
  expect(await cli('remove')).toMatchObject({ exitCode: 1, stderr: 'facteur: there is no script\n' })
  expect(await cli('show')).toMatchObject({ exitCode: 1, stderr: 'facteur: the service has no script\n' })
  expect(await cli('set', '--domain', 'nowhere.test', file)).toMatchObject({ exitCode: 1 })
  expect(await cli('bogus')).toMatchObject({ exitCode: 2 })
  expect(await service.cli(['verify'])).toMatchObject({ exitCode: 0 })
})
