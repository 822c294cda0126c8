/** Filters over the API: rules put together in the panel, scripts written by hand, and what becomes of the mail. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { awaitMail, inboxOf } from './fixtures/inbox.ts'
import { type Person, people, signedIn, startPanelService } from './fixtures/panel.ts'
import { until } from './fixtures/queue.ts'
import { Client } from './fixtures/smtp.ts'
import type { Service } from './service.ts'

let service: Service
const clients = {} as Record<Person, ApiClient>
beforeAll(async () => {
  service = await startPanelService()
  for (const person of Object.keys(people) as Person[]) clients[person] = await signedIn(service, person)
})
afterAll(() => service.stop())

const rule = {
  name: 'Newsletters',
  isEnabled: true,
  match: 'any',
  conditions: [
    { kind: 'sender', comparison: 'contains', texts: ['news', 'été'], isNegated: false },
    { kind: 'size', comparison: 'over', bytes: 1_000_000 },
  ],
  actions: [{ kind: 'move', mailbox: 'News' }, { kind: 'mark-read' }],
}

it('are none until rules are set, which then read back as they were', async () => {
  const { owner } = clients
  expect((await owner.get('/filters')).json).toEqual({
    address: people.owner,
    rules: [],
    script: null,
    contradictions: [],
    warnings: [],
    failure: null,
    before: { service: false, domain: null },
    revision: expect.any(Number),
  })
  const set = await owner.put('/filters', { rules: [rule, { ...rule, name: 'Off', isEnabled: false }] })
  expect(set.status).toBe(200)
  expect(set.json.rules).toEqual([rule, { ...rule, name: 'Off', isEnabled: false }])
  expect(set.json.script).toMatchObject({ name: 'Facteur', source: expect.stringContaining('fileinto') })
  expect((await owner.get('/filters')).json).toEqual(set.json)
})

it('that somebody else has changed meanwhile are not overwritten unseen', async () => {
  const { owner, manager } = clients
  const path = `/mailboxes/${people.owner}/filters`
  const { rules, revision } = (await owner.get('/filters')).json
  const added = [...rules, { ...rule, name: 'Of the manager' }]
  expect((await manager.put(path, { rules: added, revision })).json.rules).toEqual(added)
  const changed = { status: 409, json: { code: 'script-changed' } }
  expect(await owner.put('/filters', { rules: [], revision })).toMatchObject(changed)
  expect(await owner.put('/filters/script', { source: 'keep;', revision })).toMatchObject(changed)
  const now = (await owner.get('/filters')).json
  expect(now.rules).toEqual(added)
  const both = await Promise.all(
    ['One', 'Two'].map(name => owner.put('/filters', { rules: [{ ...rule, name }], revision: now.revision })),
  )
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
  expect((await owner.put('/filters', { rules: added })).status).toBe(200)
})

it('written by hand are shown as they are, and replaced only where that is said', async () => {
  const { owner } = clients
  const source = 'require "fileinto";\r\n# mine\r\nfileinto "INBOX";\r\n'
  expect((await owner.put('/filters/script', { source })).json).toMatchObject({ rules: null, script: { source } })
  expect(await owner.put('/filters', { rules: [rule] })).toMatchObject({
    status: 409,
    json: { code: 'filters-by-hand' },
  })
  expect((await owner.get('/filters')).json.script.source).toBe(source)
  const replaced = await owner.put('/filters', { rules: [rule], replacesScript: true })
  expect(replaced.json.rules).toEqual([rule])
})

it('that are wrong are refused where they are wrong', async () => {
  const { owner } = clients
  const wrong = await owner.put('/filters/script', { source: 'keep;\r\nfileinto "x";\r\n' })
  expect(wrong).toMatchObject({ status: 400, json: { code: 'script-wrong' } })
  expect(wrong.json.title).toContain('line 2, column 1')
  for (const conditions of [
    [{ kind: 'none' }],
    [{ ...rule.conditions[0], texts: [] }],
    [{ ...rule.conditions[0], extra: 1 }],
  ])
    expect((await owner.put('/filters', { rules: [{ ...rule, conditions }] })).status).toBe(400)
  expect((await owner.put('/filters', { rules: [{ ...rule, actions: [] }] })).status).toBe(400)
})

it('that refuse what others file are told, and refused where they are one rule', async () => {
  const { owner } = clients
  const reject = { ...rule, name: 'No', actions: [{ kind: 'reject', reason: 'No' }] }
  const both = await owner.put('/filters', { rules: [rule, reject], replacesScript: true })
  expect(both).toMatchObject({ status: 200, json: { contradictions: [{ rule: 1, earlier: 0 }] } })
  const one = { ...rule, name: 'Both', actions: [...rule.actions, ...reject.actions] }
  expect(await owner.put('/filters', { rules: [one] })).toMatchObject({
    status: 400,
    json: { code: 'rule-contradicts', title: expect.stringContaining('Both') },
  })
  const source = 'require ["fileinto", "reject"];\r\nfileinto "a";\r\nreject "b";'
  const script = await owner.put('/filters/script', { source })
  expect(script.json).toMatchObject({ rules: null, warnings: [{ line: 3, column: 1, earlier: { line: 2 } }] })
  expect((await owner.put('/filters', { rules: [], replacesScript: true })).status).toBe(200)
})

it('that stop at an error keep the message; their owner is told once, by mail, in the panel and in the trace', async () => {
  const { owner, manager } = clients
  const source = 'require ["fileinto", "copy", "reject"];\r\nfileinto :copy "a";\r\n  reject "b";'
  expect((await owner.put('/filters/script', { source })).json).toMatchObject({ failure: null })
  const failure = { script: 'Script', rule: null, line: 3, column: 3, problem: '"reject" after "fileinto"' }
  const client = await Client.greeted(service.ports.smtp)
  const message = 'From: z@away.test\r\nSubject: stopped\r\n\r\nhello\r\n'
  const answer = await client.deliver({ from: 'z@away.test', to: [people.owner] }, message)
  const [, id] = /^250 2\.6\.0 Accepted, id (\S+)$/.exec(answer) ?? []
  const notice = await awaitMail(service, people.owner, ({ subject }) => subject.startsWith('Vos filtres'))
  for (const said of ['boîte de réception', 'ligne 3, colonne 3', '"reject" after "fileinto"', 'z@away.test'])
    expect(notice.text).toContain(said)
  expect(notice.text).toContain('/filters')
  expect((await owner.get('/filters')).json.failure).toMatchObject({ ...failure, sender: 'z@away.test' })
  expect((await manager.get(`/mailboxes/${people.owner}/filters`)).json.failure).toMatchObject(failure)
  const [{ traceId }] = (await owner.get(`/mailbox/traces?id=${id}`)).json.items
  const { steps } = (await owner.get(`/mailbox/traces/${traceId}`)).json
  expect(
    steps.flatMap(({ rule, text }: { rule: { did: string } | null; text: string }) =>
      rule?.did === 'failed' ? [text] : [],
    ),
  ).toEqual(['The script “Script”, line 3: stopped by an error, message kept ("reject" after "fileinto")'])
  // The notice was stopped too, and so is the next one: no mail of that.
  await client.deliver({ from: 'z@away.test', to: [people.owner] }, message)
  client.destroy()
  await until(async () => ((await owner.get('/filters')).json.failure.messages === 3 ? true : null))
  expect((await inboxOf(service, people.owner)).map(({ subject }) => subject)).toEqual([
    'stopped',
    notice.subject,
    'stopped',
  ])
  expect((await owner.put('/filters', { rules: [], replacesScript: true })).json.failure).toBeNull()
})

it('of a mailbox are for who manages its domain', async () => {
  const path = `/mailboxes/${people.owner}/filters`
  expect((await clients.manager.put(path, { rules: [rule] })).json.rules).toEqual([rule])
  expect((await clients.otherManager.get(path)).status).toBe(404)
  expect((await clients.owner.get('/filters')).json.rules).toEqual([rule])
})
