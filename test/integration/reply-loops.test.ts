/**
 * Two that answer by themselves, over real SMTP: they must end, whatever the other does. In two services that send to each other,
 * and against a robot that says nothing of being one.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { type DnsServer, startDns } from './fixtures/dns.ts'
import { inboxOf } from './fixtures/inbox.ts'
import { type RemoteServer, startRemote } from './fixtures/remote-smtp.ts'
import { Client } from './fixtures/smtp.ts'
import { panelOf, startTimedService, submitterOf, type TimedService } from './fixtures/timed-service.ts'

const DAY = 24 * 60 * 60_000
const alice = 'alice@one.test'
const carol = 'carol@one.test'
const bob = 'bob@two.test'

let dns: DnsServer
let robot: RemoteServer
let one: TimedService
let two: TimedService
beforeAll(async () => {
  const here = { A: ['127.0.0.1'] }
  dns = await startDns({
    'one.test': { MX: [[10, 'mx.one.test']] },
    'two.test': { MX: [[10, 'mx.two.test']] },
    'far.test': { MX: [[10, 'mx.far.test']] },
    'mx.one.test': here,
    'mx.two.test': here,
    'mx.far.test': here,
  })
  robot = await startRemote()
  // Each sends to the other's port: the first has to know it before the second is there.
  const port = await freePort()
  one = await startService('one.test', [alice, carol], { FACTEUR_QUEUE_PORT: String(port) })
  two = await startService('two.test', [bob], {
    FACTEUR_QUEUE_PORT: String(one.ports.smtp),
    FACTEUR_LISTEN_SMTP: `127.0.0.1:${port}`,
  })
})
afterAll(async () => {
  await one?.stop()
  await two?.stop()
  await robot?.close()
  await dns?.close()
})

function startService(domain: string, people: string[], settings: Record<string, string>): Promise<TimedService> {
  return startTimedService({
    // Of one name each would take what comes from the other for what comes round.
    settings: { FACTEUR_DNS_SERVERS: dns.address, FACTEUR_HOSTNAME: `mx.${domain}`, ...settings },
    async seed(store, add) {
      await store.write('domain.add', { name: domain, at: 1 })
      for (const address of people) await add(address)
    },
  })
}

/** Written by hand, as short between two as may be. */
const script = (subject: string): string =>
  `require ["vacation", "vacation-seconds"]; vacation :seconds 60 :subject "${subject}" "Away.";`
async function answers(service: TimedService, address: string, subject: string): Promise<void> {
  const owner = await panelOf(service, address)
  expect((await owner.put('/filters/script', { source: script(subject) })).status).toBe(200)
}
async function send(service: TimedService, from: string, to: string, subject: string): Promise<void> {
  const client = await submitterOf(service, from)
  const text = `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nhello\r\n`
  expect(await client.deliver({ from, to: [to] }, text)).toMatch(/^250/)
  client.destroy()
}
const subjectsOf = async (service: TimedService, address: string): Promise<string[]> =>
  (await inboxOf(service, address)).map(({ subject }) => subject)

it('of two services end with the first answer', async () => {
  await answers(one, alice, 'Alice is away')
  await answers(two, bob, 'Bob is away')
  await send(one, alice, bob, 'First')
  await expect.poll(() => subjectsOf(one, alice)).toEqual(['Bob is away'])
  // What alice's would have set off had come by the time of what is sent after it.
  for (let round = 0; round < 3; round++) {
    one.time.advance(60_000)
    two.time.advance(60_000)
    await send(one, carol, bob, `Marker ${round}`)
    await expect.poll(() => subjectsOf(two, bob)).toContain(`Marker ${round}`)
  }
  expect(await subjectsOf(one, alice)).toEqual(['Bob is away'])
  expect(await subjectsOf(two, bob)).toEqual(['First', 'Marker 0', 'Marker 1', 'Marker 2'])
  // Whom bob answers again: his minute was over each time.
  await expect.poll(() => subjectsOf(one, carol)).toEqual(Array(3).fill('Bob is away'))
})

it('of a robot that answers all it gets, and says nothing of it, end with one', async () => {
  const service = await startService('here.test', ['dora@here.test', 'eve@here.test'], {
    FACTEUR_QUEUE_PORT: String(robot.port),
  })
  try {
    await answers(service, 'dora@here.test', 'Dora is away')
    let written = 0
    const robotWrites = async (to: string): Promise<void> => {
      const client = await Client.greeted(service.ports.smtp)
      const text = `From: robot@far.test\r\nTo: ${to}\r\nSubject: Ticket ${++written}\r\nMessage-ID: <${written}@far.test>\r\n\r\nhello\r\n`
      expect(await client.deliver({ from: 'robot@far.test', to: [to] }, text)).toMatch(/^250/)
      client.destroy()
    }
    /** It answers what came since, as long as there is any; how much that was. */
    let answered = 0
    const converse = async (): Promise<number> => {
      for (; answered < robot.messages.length && answered < 20; answered++) await robotWrites('dora@here.test')
      return answered
    }
    await robotWrites('dora@here.test')
    await expect.poll(converse).toBe(1)
    // Were there another, it would leave before what eve sends.
    await send(service, 'eve@here.test', 'person@far.test', 'Marker')
    await expect.poll(() => robot.messages.at(-1)?.data ?? '').toContain('Subject: Marker')
    expect(robot.messages.map(({ data }) => /^Subject: (.*)\r$/m.exec(data)?.[1])).toEqual(['Dora is away', 'Marker'])
    expect(robot.messages[0]!.mail).toMatch(/^MAIL FROM:<>/)
    expect(await subjectsOf(service, 'dora@here.test')).toEqual(['Ticket 1', 'Ticket 2'])
    // A day later it is answered again, once, since it writes again; not by itself.
    service.time.advance(DAY)
    await robotWrites('dora@here.test')
    answered = 2
    await expect.poll(converse).toBe(3)
    await send(service, 'eve@here.test', 'person@far.test', 'Marker')
    await expect.poll(() => robot.messages.length).toBe(4)
    expect(robot.messages.at(-1)!.data).toContain('Subject: Marker')
  } finally {
    await service.stop()
  }
})
