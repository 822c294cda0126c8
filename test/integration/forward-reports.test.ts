/**
 * Who writes to a mailbox that sends its mail on is never told where to: not by a report of failure, of success, nor in what
 * the other server says. RFC 3464 §4.2.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { type DnsServer, startDns } from './fixtures/dns.ts'
import { awaitMail } from './fixtures/inbox.ts'
import { people, signedIn, startPanelService } from './fixtures/panel.ts'
import { type RemoteServer, startRemote } from './fixtures/remote-smtp.ts'
import { Client } from './fixtures/smtp.ts'
import { submitterOf } from './fixtures/timed-service.ts'
import type { Service } from './service.ts'

const alice = people.owner
const bob = people.neighbour
let dns: DnsServer
let remote: RemoteServer
let service: Service
let owner: ApiClient

beforeAll(async () => {
  const there = { MX: [[10, 'mx.there.test']] as [number, string][] }
  dns = await startDns({ 'private.test': there, 'away.test': there, 'mx.there.test': { A: ['127.0.0.1'] } })
  remote = await startRemote({
    answer: line =>
      line.startsWith('RCPT TO:<secret@') ? '550 5.1.1 <secret@private.test>: secret is unknown here' : null,
  })
  service = await startPanelService({ FACTEUR_DNS_SERVERS: dns.address, FACTEUR_QUEUE_PORT: String(remote.port) })
  owner = await signedIn(service, 'owner')
})
afterAll(async () => {
  await service?.stop()
  await remote?.close()
  await dns?.close()
})

/** From a stranger, who asks to be told of everything; what he is told then. */
async function write(to: string, parameters = ''): Promise<string> {
  const before = remote.messages.length
  const client = await Client.greeted(service.ports.smtp)
  await client.ask('MAIL FROM:<stranger@away.test>')
  expect(await client.ask(`RCPT TO:<${to}>${parameters}`)).toMatch(/^250/)
  await client.ask('DATA')
  expect(await client.ask('From: stranger@away.test\r\nSubject: Hello\r\n\r\nHello\r\n.')).toMatch(/^250/)
  client.destroy()
  const reports = () => remote.messages.slice(before).filter(({ mail }) => mail.startsWith('MAIL FROM:<>'))
  await expect.poll(() => reports().length, { timeout: 60_000 }).toBe(1)
  expect(reports()[0]!.recipients.join()).toMatch(/^RCPT TO:<stranger@away\.test>/)
  return reports()[0]!.data
}

function expectSecret(report: string, written: string = alice): void {
  expect(report).toContain(`Final-Recipient: rfc822; ${written}\r\n`)
  expect(report).toContain('Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: x-facteur;')
  const words = report.replaceAll(/=\r\n/g, '').replaceAll(/=3D/g, '=')
  expect(words).toContain(`Mail for ${written} is sent on to another address`)
  expect(words).not.toMatch(/secret|private\.test|mx\.there\.test/)
}

const forward = async (targets: string[], keepCopy: boolean): Promise<void> =>
  expect(await owner.put('/mailbox/forward', { targets, keepCopy })).toMatchObject({ status: 200 })

it.each([true, false])('by a forward that fails, whether or not a copy is kept (%s)', async keepCopy => {
  await forward(['secret@private.test'], keepCopy)
  expectSecret(await write(alice))
})

it('by a forward that fails where the sender named whom he wrote to at first', async () => {
  await forward(['secret@private.test'], false)
  expectSecret(await write(alice, ' ORCPT=rfc822;alias@elsewhere.test'), 'alias@elsewhere.test')
})

it('by a forward that succeeds', async () => {
  await forward(['other@private.test'], false)
  const report = await write(alice, ' NOTIFY=SUCCESS,FAILURE')
  expect(report).toContain(`Final-Recipient: rfc822; ${alice}\r\nAction: relayed\r\nStatus: 2.0.0\r\n`)
  expect(report).not.toMatch(/other@|private\.test|mx\.there\.test/)
  // It may still fail: the message waits here.
  expect(report.replaceAll(/=\r\n/g, '')).toContain('whose mail is sent on elsewhere. You will hear of it again')
  const [sent] = remote.commands.filter(line => line.includes('RCPT TO:<other@'))
  expect(sent).toMatch(/NOTIFY=FAILURE ORCPT=rfc822;/)
})

it('by a filter that sends on', async () => {
  await owner.delete('/mailbox/forward')
  const source = 'redirect "secret@private.test";'
  expect(await owner.put('/filters/script', { source })).toMatchObject({ status: 200 })
  expectSecret(await write(alice))
  await owner.put('/filters', { rules: [], replacesScript: true })
})

it('where a neighbour writes; what a group leads to he is told', async () => {
  await forward(['secret@private.test'], false)
  const staff = await signedIn(service, 'staff')
  const group = { address: 'team@example.org', kind: 'group', name: 'Team', targets: ['secret@private.test'] }
  expect((await staff.post('/aliases', group)).status).toBe(201)
  const client = await submitterOf(service, bob)
  for (const to of [alice, 'team@example.org'])
    expect(
      await client.deliver({ from: bob, to: [to] }, `From: ${bob}\r\nTo: ${to}\r\nSubject: to ${to}\r\n\r\nHello\r\n`),
    ).toMatch(/^250/)
  client.destroy()
  const report = async (to: string): Promise<string> =>
    (await awaitMail(service, bob, ({ subject }) => subject.endsWith(`: to ${to}`))).source
  const told = await report(alice)
  expect(told).toContain(`Final-Recipient: rfc822; ${alice}\r\n`)
  expect(told).not.toMatch(/secret|private\.test/)
  const neighbour = await signedIn(service, 'neighbour')
  const { items } = (await neighbour.get('/mailbox/traces?subject=to')).json
  const traces = items.filter(
    ({ recipients }: { recipients: { address: string }[] }) => recipients[0]?.address === alice,
  )
  expect(traces).toMatchObject([{ recipients: [{ outcome: { kind: 'bounced' }, explanation: { class: 'sent-on' } }] }])
  const whole = (await neighbour.get(`/mailbox/traces/${traces[0].traceId}`)).json
  expect(whole.steps).toContainEqual(expect.objectContaining({ kind: 'bounced', status: '5.1.1', remoteAddress: null }))
  expect(JSON.stringify([traces, whole])).not.toMatch(/secret|private\.test|mx\.there\.test/)
  expect(await report('team@example.org')).toContain('Final-Recipient: rfc822; secret@private.test\r\n')
})
