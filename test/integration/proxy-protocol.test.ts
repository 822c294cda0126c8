/** Every port behind a load balancer: the client is who the PROXY header names, for all that asks, and for nobody else. */
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LineClient } from '../faults/line-client.ts'
import { BALANCER, balanced, balancedTls } from '../support/balanced.ts'
import { proxyAddresses, proxyLine, proxyLocal } from '../support/proxy-header.ts'
import { ApiClient } from './api-client.ts'
import { addMailboxes, PASSWORD } from './fixtures/nodes.ts'
import { type Service, type ServiceName, startService } from './service.ts'

const user = 'ann@here.test'
const plain = Buffer.from(`\0${user}\0${PASSWORD}`).toString('base64')
const proxied = { family: 4, from: '203.0.113.9', to: '198.51.100.1', fromPort: 51_000, toPort: 25 } as const
const one = proxyLine(proxied)
const other = proxyAddresses({ ...proxied, family: 6, from: '2001:db8::9', to: '2001:db8::1' })

let service: Service
beforeAll(async () => {
  service = await startService({
    FACTEUR_PROXY_PROTOCOL_FROM: `192.0.2.0/24, ${BALANCER}`,
    FACTEUR_PLAIN_TEXT_SIGN_IN: 'loopback',
  })
  await addMailboxes(service, 'here.test', ['ann'])
}, 240_000)
afterAll(() => service?.stop())

const over = async (name: ServiceName, header: Buffer): Promise<LineClient> =>
  LineClient.over(await balanced(service.ports[name], header))
const overTls = async (name: ServiceName, header: Buffer): Promise<LineClient> =>
  LineClient.over(await balancedTls(service.ports[name], header))

/** The log's line of a session's end. */
async function ended(matches: (entry: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
  for (;;) {
    const found = service.log.find(entry => /session ended$/.test(String(entry.msg)) && matches(entry))
    if (found) return found
    await sleep(20)
  }
}

it('reads who the client is on each port, with TLS and without', async () => {
  for (const [name, header, remote] of [
    ['smtp', one, '203.0.113.9'],
    ['submission', other, '2001:db8::9'],
  ] as const) {
    const client = await over(name, header)
    await client.reply('2')
    client.send('QUIT\r\n')
    await ended(entry => entry.server === name && entry.remote === remote)
  }
  const submissions = await overTls('submissions', other)
  await submissions.reply('2')
  submissions.send(`EHLO me.example\r\nAUTH PLAIN ${plain}\r\n`)
  await submissions.reply('2')
  expect(await submissions.anyReply()).toMatch(/^235/)
  submissions.send('QUIT\r\n')
  expect(await ended(entry => entry.server === 'submission' && entry.user === user)).toMatchObject({
    remote: '2001:db8::9',
  })

  const imaps = await overTls('imaps', one)
  imaps.send(`a AUTHENTICATE PLAIN ${plain}\r\nb LOGOUT\r\n`)
  await imaps.line()
  await imaps.tagged('a')
  expect(await ended(entry => entry.msg === 'imap session ended' && entry.user === user)).toMatchObject({
    remote: '203.0.113.9',
  })

  const pop3s = await overTls('pop3s', other)
  pop3s.send(`AUTH PLAIN ${plain}\r\nQUIT\r\n`)
  await pop3s.line()
  expect(await pop3s.line()).toMatch(/^\+OK/)
  expect(await ended(entry => entry.msg === 'pop3 session ended' && entry.user === user)).toMatchObject({
    remote: '2001:db8::9',
  })

  // Each sign-in is kept, and the panel shows it; it knows its own client likewise.
  const panel = new ApiClient(service, 'panel', () => balancedTls(service.ports.panel, one))
  expect((await panel.signIn(user, PASSWORD)).status).toBe(200)
  // They are written together, some moments later.
  const signIns = async (): Promise<Record<string, string>[]> => (await panel.get('/sign-ins')).json.items
  while ((await signIns()).length < 4) await sleep(50)
  expect(Object.fromEntries((await signIns()).map(item => [item.protocol, item.remoteAddress]))).toEqual({
    panel: '203.0.113.9',
    imap: '203.0.113.9',
    pop3: '2001:db8::9',
    submission: '2001:db8::9',
  })
  const web = new ApiClient(service, 'https', () => balancedTls(service.ports.https, other))
  await web.signIn(user, PASSWORD)
  const sessions = await web.get('/sessions')
  expect(sessions.json.map(({ remoteAddress }: { remoteAddress: string }) => remoteAddress).toSorted()).toEqual([
    '2001:db8::9',
    '203.0.113.9',
  ])
})

it.each([
  ['imap', 'a STARTTLS\r\n', /^a OK/],
  ['pop3', 'STLS\r\n', /^\+OK/],
  ['managesieve', 'STARTTLS\r\n', /^OK/],
  ['smtp', 'STARTTLS\r\n', /^220/],
] as const)('starts TLS in mid-session: %s', async (name, command, answer) => {
  const raw = await balanced(service.ports[name], one)
  const client = LineClient.over(raw)
  // The greeting; ManageSieve's has several lines.
  let line = await client.line()
  while (name === 'managesieve' && !line.startsWith('OK')) line = await client.line()
  if (name === 'smtp') {
    client.send('EHLO me.example\r\n')
    await client.reply('2')
  }
  client.send(command)
  expect(await client.line()).toMatch(answer)
  raw.removeAllListeners('data')
  const secured = connectTls({ socket: raw, rejectUnauthorized: false })
  await once(secured, 'secureConnect')
  secured.end(name === 'imap' ? 'a LOGOUT\r\n' : name === 'managesieve' ? 'LOGOUT\r\n' : 'QUIT\r\n')
  const { remote } = await ended(
    ({ msg, server, tls, user }) =>
      (name === 'smtp' ? server === name : msg === `${name} session ended`) && tls !== null && user === null,
  )
  expect(remote).toBe('203.0.113.9')
  secured.destroy()
})

it('writes the client into the message’s trace, where a stranger’s header changes nothing', async () => {
  const accept = async (client: LineClient, subject: string): Promise<void> => {
    await client.reply('2')
    for (const line of ['EHLO away.test', 'MAIL FROM:<someone@away.test>', `RCPT TO:<${user}>`]) {
      client.send(`${line}\r\n`)
      await client.reply('2')
    }
    client.send('DATA\r\n')
    await client.reply('3')
    client.send(`From: <someone@away.test>\r\nSubject: ${subject}\r\n\r\nHello.\r\n.\r\n`)
    await client.reply('2')
    client.close()
  }
  await accept(await over('smtp', other), 'balanced')
  await accept(await LineClient.open(service.ports.smtp), 'direct')
  const reader = await LineClient.open(service.ports.imap)
  await reader.line()
  reader.send(`a LOGIN ${user} "${PASSWORD}"\r\nb SELECT INBOX\r\nc FETCH 1:2 BODY[HEADER.FIELDS (RECEIVED)]\r\n`)
  const lines = await reader.tagged('c')
  reader.close()
  expect(lines.filter(line => line.startsWith('Received:'))).toEqual([
    'Received: from away.test ([IPv6:2001:db8::9])',
    'Received: from away.test ([127.0.0.1])',
  ])

  const stranger = await LineClient.open(service.ports.smtp)
  stranger.send(one)
  // It is a command like another: too soon before the greeting, unknown behind it.
  expect(await stranger.anyReply()).toMatch(/^(?:220|[45])/)
  stranger.close()
  expect(
    await ended(entry => entry.server === 'smtp' && entry.remote === '127.0.0.1' && entry.messages === 0),
  ).toBeDefined()
})

it('takes no password without TLS from a client elsewhere, though the load balancer is on this machine', async () => {
  const far = await over('imap', one)
  expect(await far.line()).toContain('LOGINDISABLED')
  far.close()
  const near = await LineClient.open(service.ports.imap)
  expect(await near.line()).not.toContain('LOGINDISABLED')
  near.close()
})

it('does not log what load balancers do to see that it is there', async () => {
  const before = service.log.length
  for (const [name, port] of Object.entries(service.ports)) {
    if (name === 'http') continue
    const silent = connect({ port, host: '127.0.0.1', localAddress: BALANCER })
    await once(silent, 'connect')
    silent.destroy()
    const local = await balanced(port, proxyLocal())
    // Those that speak first have greeted by the end of it.
    local.resume().end()
    await once(local, 'close')
  }
  const direct = await LineClient.open(service.ports.pop3)
  await direct.line()
  direct.send('QUIT\r\n')
  await ended(entry => entry.msg === 'pop3 session ended' && entry.remote === '127.0.0.1')
  expect(service.log.slice(before).filter(({ remote, level }) => remote === BALANCER || level !== 'info')).toEqual([])
})

it('asks for no header where load balancers ask for its health', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) =>
    request(
      { port: service.ports.http, host: '127.0.0.1', localAddress: BALANCER, path: '/healthz', agent: false },
      response => resolve(response.resume().statusCode),
    )
      .on('error', reject)
      .end(),
  )
  expect(status).toBe(200)
})
