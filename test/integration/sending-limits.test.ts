/** Limits of sending through real sockets: the sentence, when it is said, and that the count is exact. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isInstalled, run } from './fixtures/programs.ts'
import { Client, plainAuth, type SmtpService, startSmtp } from './fixtures/smtp.ts'

const sentence =
  '554 5.7.0 Your message could not be sent. The limit on the number of allowed outgoing messages was exceeded.'
const text = 'From: anna@here.test\r\nDate: x\r\nMessage-ID: <1@away.test>\r\n\r\nhello\r\n'
const HOUR = 60 * 60_000

let service: SmtpService
const clients: Client[] = []
beforeEach(async () => {
  service = await startSmtp({ limitsSending: true, limits: { limitLoopback: false } })
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await service.close()
})

async function signedIn(user = 'anna@here.test'): Promise<Client> {
  const client = await Client.greeted(service.ports.plain)
  clients.push(client)
  await client.ask(`AUTH PLAIN ${plainAuth(user, 'secret')}`)
  return client
}
const limitTo = (hourlyLimit: number) =>
  service.store.write('account.update', { accountId: service.accounts.get('anna@here.test')!, hourlyLimit })
const send = (client: Client, count: number) =>
  client.deliver(
    { from: 'anna@here.test', to: Array.from({ length: count }, (_, index) => `r${index}@far.test`) },
    text,
  )

describe('a limit of sending', () => {
  it('counts recipients, refuses the message that is over, and then all of them for an hour', async () => {
    await limitTo(10)
    const client = await signedIn()
    expect(await send(client, 7)).toMatch(/^250/)
    expect(await send(client, 4)).toBe(sentence)
    await client.ask('RSET')
    expect(await client.ask('MAIL FROM:<anna@here.test>')).toBe(sentence)
    service.clock.time += HOUR - 1
    expect(await client.ask('MAIL FROM:<anna@here.test>')).toBe(sentence)
    service.clock.time += 1
    expect(await send(client, 10)).toMatch(/^250/)
    expect(await service.queue()).toHaveLength(17)
  })

  it('is refused at the recipient that is one too many', async () => {
    await limitTo(2)
    const client = await signedIn()
    expect(await client.ask('MAIL FROM:<anna@here.test>')).toMatch(/^250/)
    expect(await client.ask('RCPT TO:<a@far.test>')).toMatch(/^250/)
    expect(await client.ask('RCPT TO:<b@far.test>')).toMatch(/^250/)
    expect(await client.ask('RCPT TO:<c@far.test>')).toBe(sentence)
  })

  it('counts a group as the addresses outside that it leads to, each once', async () => {
    await limitTo(10)
    const set = (name: string, targets: string[]) =>
      service.store.write('alias.set', { address: `${name}@here.test`, targets, at: 1 })
    const outside = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => `g${from + index}@far.test`)
    await set('team', ['anna@here.test', ...outside(0, 4)])
    await set('friends', ['team@here.test', ...outside(2, 6)])
    await set('crowd', outside(0, 11))
    await set('at-home', ['anna@here.test'])
    const client = await signedIn()
    const to = (...names: string[]) =>
      client.deliver({ from: 'anna@here.test', to: names.map(name => `${name}@here.test`) }, text)
    const subject = { kind: 'mailbox', accountId: service.accounts.get('anna@here.test')! } as const
    const used = async () => {
      const defaults = { mailbox: null, domain: null }
      return (await service.store.read('sending.gauge', { subject, defaults, at: service.clock.time }))?.used
    }
    expect(await to('team', 'friends', 'at-home')).toMatch(/^250/)
    expect(await used()).toBe(7)
    expect(await service.queue()).toHaveLength(6)
    expect(await to('team')).toBe(sentence)
    expect(await client.ask('MAIL FROM:<anna@here.test>')).toBe(sentence)
    service.clock.time += HOUR
    expect(await to('crowd')).toBe(sentence)
    expect(await service.queue()).toHaveLength(6)
  })

  it('does not count what the forward of a recipient leads to, be it a group', async () => {
    await limitTo(10)
    const targets = Array.from({ length: 11 }, (_, index) => `g${index}@far.test`)
    await service.store.write('alias.set', { address: 'crowd@here.test', targets, at: 1 })
    const accountId = service.accounts.get('bob@here.test')!
    const client = await signedIn()
    for (const forward of [targets, ['crowd@here.test']]) {
      await service.store.write('account.update', { accountId, forward: { targets: forward, keepCopy: true } })
      expect(await client.deliver({ from: 'anna@here.test', to: ['bob@here.test'] }, text)).toMatch(/^250/)
    }
    expect(await service.queue()).toHaveLength(22)
  })

  it('counts what one’s own forward leads to, and a group that somebody’s forward led to before', async () => {
    await limitTo(10)
    const targets = Array.from({ length: 11 }, (_, index) => `g${index}@far.test`)
    await service.store.write('alias.set', { address: 'crowd@here.test', targets, at: 1 })
    await service.store.write('alias.set', {
      address: 'both@here.test',
      targets: ['bob@here.test', 'crowd@here.test'],
      at: 1,
    })
    const toCrowd = { targets: ['crowd@here.test'], keepCopy: true }
    for (const owner of ['anna@here.test', 'bob@here.test'])
      await service.store.write('account.update', { accountId: service.accounts.get(owner)!, forward: toCrowd })
    for (const to of ['anna@here.test', 'both@here.test']) {
      const client = await signedIn()
      expect(await client.deliver({ from: 'anna@here.test', to: [to] }, text)).toBe(sentence)
      service.clock.time += HOUR
    }
    expect(await service.queue()).toEqual([])
  })

  it('is refused at the end of the data where others were quicker', async () => {
    await limitTo(1)
    const [first, second] = [await signedIn(), await signedIn()]
    for (const client of [first, second])
      for (const line of ['MAIL FROM:<anna@here.test>', 'RCPT TO:<a@far.test>', 'DATA']) await client.ask(line)
    first.send(`${text}.\r\n`)
    expect(await first.reply()).toMatch(/^250/)
    second.send(`${text}.\r\n`)
    expect(await second.reply()).toBe(sentence)
  })

  it('does not hold for what others send to the mailbox', async () => {
    await limitTo(0)
    const client = await Client.greeted(service.ports.inbound)
    clients.push(client)
    expect(await client.deliver({ from: 'a@away.test', to: ['anna@here.test'] }, text)).toMatch(/^250/)
  })

  it('holds for the domain as a whole', async () => {
    await service.store.write('domain.update', { name: 'here.test', domainHourlyLimit: 3 })
    const [anna, bob] = [await signedIn(), await signedIn('bob@here.test')]
    expect(await send(anna, 2)).toMatch(/^250/)
    expect(await bob.deliver({ from: 'bob@here.test', to: ['a@far.test', 'b@far.test'] }, text)).toBe(sentence)
    expect(await send(anna, 1)).toBe(sentence)
  })

  it('is exact among two thousand submissions at once: none over, none refused that was within', {
    timeout: 180_000,
  }, async () => {
    await limitTo(1_500)
    const answers = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const client = await signedIn()
        const own: string[] = []
        for (let i = 0; i < 50; i++) {
          own.push(await send(client, 1))
          await client.ask('RSET')
        }
        return own
      }),
    )
    const all = answers.flat()
    expect(all.filter(answer => answer.startsWith('250'))).toHaveLength(1_500)
    expect(all.filter(answer => answer === sentence)).toHaveLength(500)
    const counts = await service.store.read('queue.counts', {})
    expect(counts).toEqual([{ status: 'queued', recipients: 1_500 }])
    expect(await service.store.read('sending.news', { limit: 10 })).toHaveLength(2)
  })

  it.skipIf(!isInstalled('swaks'))('is told by swaks in those words (skipped where it is not installed)', async () => {
    await limitTo(1)
    const login = ['--auth', 'PLAIN', '--auth-user', 'anna@here.test', '--auth-password', 'secret']
    const args = ['--server', `127.0.0.1:${service.ports.submissions}`, '--tls-on-connect', ...login]
    const { code, output } = await run('swaks', [...args, '--from', 'anna@here.test', '--to', 'a@far.test,b@far.test'])
    // swaks goes on with the recipient that was taken, which is then refused too.
    expect(code).not.toBe(0)
    expect(output).toContain(sentence)
    expect(await service.queue()).toEqual([])
  })
})
