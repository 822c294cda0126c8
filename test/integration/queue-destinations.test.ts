/** Domains that are named as the queue names what waits for this service itself: their mail leaves, or comes back once. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DnsServer, startDns } from './fixtures/dns.ts'
import { inboxOf, type ReadMail } from './fixtures/inbox.ts'
import { type RemoteServer, startRemote } from './fixtures/remote-smtp.ts'
import { Client } from './fixtures/smtp.ts'
import { panelOf, startTimedService, submitterOf, type TimedService } from './fixtures/timed-service.ts'

const alice = 'alice@here.test'
const bob = 'bob@here.test'

let dns: DnsServer
let remote: RemoteServer
let service: TimedService
beforeAll(async () => {
  dns = await startDns({ mailbox: { MX: [[10, 'mx.far.test']] }, 'mx.far.test': { A: ['127.0.0.1'] } })
  remote = await startRemote()
  service = await startTimedService({
    settings: { FACTEUR_DNS_SERVERS: dns.address, FACTEUR_QUEUE_PORT: String(remote.port) },
    async seed(store, add) {
      await store.write('domain.add', { name: 'here.test', at: 1 })
      for (const address of [alice, bob]) await add(address)
      await store.write('alias.set', { address: 'team@here.test', targets: ['x@ｌocal'], at: 1 })
    },
  })
})
afterAll(async () => {
  await service?.stop()
  await remote?.close()
  await dns?.close()
})

const text = (subject: string): string => `From: ${alice}\r\nTo: y@far.test\r\nSubject: ${subject}\r\n\r\nhello\r\n`
const attemptsOf = (to: string): number =>
  service.log.filter(({ msg, recipient }) => msg === 'delivery attempt' && recipient === to).length
const reportsTo = async (address: string, about: string): Promise<ReadMail[]> =>
  (await inboxOf(service, address)).filter(({ source }) => source.includes(`Final-Recipient: rfc822; ${about}`))

async function submit(...to: string[]): Promise<void> {
  const client = await submitterOf(service, alice)
  expect(await client.deliver({ from: alice, to }, text(to.join()))).toMatch(/^250/)
  client.destroy()
}

it('a recipient at one of them is looked for in DNS, and his sender told once', async () => {
  for (const to of ['one@local', 'two@LOCAL']) {
    await submit(to)
    await expect.poll(async () => (await reportsTo(alice, to)).length).toBe(1)
    const [report] = await reportsTo(alice, to)
    expect(report!.source).toMatch(/^Status: 5\.1\.2\r$/m)
    expect(report!.source).toContain('name=local type=A')
  }
  expect(dns.questions).toContain('MX local')
})

it('a recipient at one that takes mail gets it', async () => {
  await submit('three@mailbox')
  await expect.poll(() => remote.messages.flatMap(({ recipients }) => recipients).join()).toContain('<three@mailbox>')
})

it('an alias, a forward and a redirect to one of them come back once', async () => {
  await submit('team@here.test')
  await expect.poll(() => attemptsOf('x@ｌocal')).toBe(1)
  const panel = await panelOf(service, bob)
  expect((await panel.put('/mailbox/forward', { targets: ['f@local'], keepCopy: false })).status).toBe(200)
  await submit(bob)
  // Where his mail goes is Bob's to tell.
  await expect.poll(async () => (await reportsTo(alice, bob)).length).toBe(1)
  expect((await panel.delete('/mailbox/forward')).status).toBe(204)
  expect((await panel.put('/filters/script', { source: 'redirect "r@local";' })).status).toBe(200)
  await submit(bob)
  await expect.poll(async () => (await reportsTo(alice, bob)).length).toBe(2)
  expect(['f@local', 'r@local'].map(attemptsOf)).toEqual([1, 1])
})

it('a report to a sender at one of them ends with the first try', async () => {
  const client = await Client.greeted(service.ports.smtp)
  await client.ask('MAIL FROM:<s@local>')
  expect(await client.ask(`RCPT TO:<${alice}> NOTIFY=SUCCESS`)).toMatch(/^250/)
  await client.ask('DATA')
  client.send(`${text('asks for a report')}.\r\n`)
  expect(await client.reply()).toMatch(/^250/)
  client.destroy()
  await expect.poll(() => attemptsOf('s@local')).toBe(1)
  // Whatever it set off had begun by the time of what is sent after it.
  await submit('last@local')
  await expect.poll(async () => (await reportsTo(alice, 'last@local')).length).toBe(1)
  expect(attemptsOf('s@local')).toBe(1)
})
