/** What became of messages, through the whole service: in by SMTP, out to a remote server that takes, defers and refuses, read by POP3. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiClient } from './api-client.ts'
import { type DnsServer, startDns } from './fixtures/dns.ts'
import { openStream } from './fixtures/event-stream.ts'
import { awaitMail } from './fixtures/inbox.ts'
import { panelPassword, people, signedIn, startPanelService } from './fixtures/panel.ts'
import { until } from './fixtures/queue.ts'
import { type RemoteServer, startRemote } from './fixtures/remote-smtp.ts'
import { Client, plainAuth } from './fixtures/smtp.ts'
import type { Service } from './service.ts'

let dns: DnsServer
let remote: RemoteServer
let service: Service
let owner: ApiClient
let neighbour: ApiClient
let manager: ApiClient
let otherManager: ApiClient
let staff: ApiClient

beforeAll(async () => {
  dns = await startDns({ 'there.test': { MX: [[10, 'mx.there.test']] }, 'mx.there.test': { A: ['127.0.0.1'] } })
  remote = await startRemote({
    answer: line =>
      /^RCPT TO:<no/i.test(line)
        ? '550 5.1.1 No such user here'
        : /^RCPT TO:<later/i.test(line)
          ? '451 4.7.1 Greylisted, try again later'
          : null,
  })
  const settings = { FACTEUR_DNS_SERVERS: dns.address, FACTEUR_QUEUE_PORT: String(remote.port) }
  service = await startPanelService({ ...settings, FACTEUR_HOSTNAME: 'mail.example.org' }, async store => {
    await store.write('alias.set', { address: 'team@example.org', targets: [people.owner, people.neighbour], at: 1 })
  })
  owner = await signedIn(service, 'owner')
  neighbour = await signedIn(service, 'neighbour')
  manager = await signedIn(service, 'manager')
  otherManager = await signedIn(service, 'otherManager')
  staff = await signedIn(service, 'staff')
})
afterAll(async () => {
  await service?.stop()
  await remote?.close()
  await dns?.close()
})

const text = (subject: string): string =>
  `From: a@away.test\r\nMessage-ID: <${subject}.message@away.test>\r\nSubject: ${subject}\r\n\r\nhello\r\n`
const accepted = /^250 2\.6\.0 Accepted, id (\S+)$/

async function arrive(subject: string, ...to: string[]): Promise<string> {
  const client = await Client.greeted(service.ports.smtp)
  const answer = await client.deliver({ from: 'a@away.test', to }, text(subject))
  client.destroy()
  return accepted.exec(answer)?.[1] ?? answer
}

interface Submission {
  to: string[]
  password?: string
}

async function submit(subject: string, given: string | Submission, ...more: string[]): Promise<string> {
  const { to, password = panelPassword } = typeof given === 'string' ? { to: [given, ...more] } : given
  const client = await Client.greeted(service.ports.submissions, { tls: true })
  await client.ask(`AUTH PLAIN ${plainAuth(people.owner, password)}`)
  const answer = await client.deliver({ from: people.owner, to }, text(subject).replace('a@away.test', people.owner))
  client.destroy()
  return accepted.exec(answer)?.[1] ?? answer
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Json = any

async function list(client: ApiClient, path: string, query: Record<string, string | number>): Promise<Json[]> {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  const answer = await client.call('GET', `/api/v1${path}?${parameters}`)
  expect(answer, answer.text).toMatchObject({ status: 200 })
  return answer.json.items
}

/** The one trace of that id, as soon as its first recipient has come to `kind`. */
function outcome(client: ApiClient, path: string, id: string, kind: string): Promise<Json> {
  return until(async () => {
    const [found] = await list(client, path, { id })
    return found?.recipients.some((each: Json) => each.outcome.kind === kind) ? found : null
  })
}

const read = async (client: ApiClient, path: string): Promise<Json> => (await client.call('GET', `/api/v1${path}`)).json

describe('the trace', () => {
  it('tells the owner what came, to a manager without subject and folder, and nothing to others', async () => {
    const id = await arrive('came in', people.owner)
    const [own] = await list(owner, '/mailbox/traces', { id })
    expect(own).toMatchObject({
      id,
      direction: 'in',
      from: 'a@away.test',
      subject: 'came in',
      recipients: [{ address: people.owner, outcome: { kind: 'stored', mailboxes: ['INBOX'] }, explanation: null }],
    })
    expect(own.recipients[0].text).toMatch(/^Arrived in the mailbox on /)
    const [managed] = await list(manager, '/traces', { id })
    expect(managed).toMatchObject({ id, subject: null, recipients: [{ outcome: { kind: 'stored', mailboxes: [] } }] })
    expect(await list(staff, '/traces', { id })).toHaveLength(1)
    for (const [client, path] of [
      [otherManager, '/traces'],
      [neighbour, '/mailbox/traces'],
    ] as const) {
      expect(await list(client, path, { id })).toEqual([])
      expect(await client.call('GET', `/api/v1${path}/${own.traceId}`)).toMatchObject({ status: 404 })
    }
    expect(await owner.call('GET', '/api/v1/traces')).toMatchObject({ status: 403 })
  })

  it('is found by what is remembered: a domain, a piece of a name, about a time, a piece of the Message-ID', async () => {
    const id = await arrive('remembered', people.owner)
    const ids = async (query: Record<string, string | number>) =>
      (await list(owner, '/mailbox/traces', query)).map(trace => trace.id)
    expect(await ids({ sender: 'away.test' })).toContain(id)
    expect(await ids({ sender: 'a@' })).toContain(id)
    expect(await ids({ recipient: 'lic@example.org' })).toContain(id)
    expect(await ids({ around: Date.now() - 20 * 60_000, sender: 'a@away.test' })).toContain(id)
    expect(await ids({ around: Date.now() - 24 * 60 * 60_000 })).toEqual([])
    expect(await ids({ id: 'remembered.mess' })).toEqual([id])
    expect(await ids({ id: 'membered.mess' })).toEqual([id])
    expect(await ids({ sender: 'b@away.test' })).not.toContain(id)
  })

  it('tells what the remote server said: taken, refused with a reason, put off until a time', async () => {
    const id = await submit('goes out', 'yes@there.test', 'no@there.test', 'later@there.test')
    await outcome(owner, '/mailbox/traces', id, 'bounced')
    await outcome(owner, '/mailbox/traces', id, 'delivered')
    const trace = await until(async () => {
      const [found] = await list(owner, '/mailbox/traces', { id })
      return found.recipients.every((each: Json) => each.outcome.attempts === 1) ? found : null
    })
    const by = (address: string): Json => trace.recipients.find((each: Json) => each.address === address)
    expect(trace).toMatchObject({ direction: 'out', from: people.owner, subject: 'goes out' })
    expect(by('yes@there.test')).toMatchObject({ outcome: { kind: 'delivered', host: 'mx.there.test' } })
    expect(by('no@there.test')).toMatchObject({
      outcome: { kind: 'bounced', answer: expect.stringContaining('550 5.1.1 No such user here') },
      explanation: { class: expect.any(String), todo: expect.any(String) },
    })
    expect(by('later@there.test')).toMatchObject({
      outcome: { kind: 'waiting', nextAttemptAt: expect.any(Number) },
      explanation: { whoActs: 'nobody' },
    })
    const detail = await read(owner, `/mailbox/traces/${trace.traceId}`)
    expect(detail.steps.map(({ kind, address }: Json) => `${kind} ${address}`)).toEqual(
      expect.arrayContaining([
        'accepted null',
        'queued yes@there.test',
        'delivered yes@there.test',
        'bounced no@there.test',
        'deferred later@there.test',
      ]),
    )
    expect(detail.queue).toEqual([])
    // The bounce is a message of its own, which the owner got.
    const bounces = await until(async () => {
      const found = (await list(owner, '/mailbox/traces', {})).filter(({ from }) => from === '')
      return found.length > 0 ? found : null
    })
    expect(bounces[0]).toMatchObject({ recipients: [{ address: people.owner, outcome: { kind: 'stored' } }] })
    // It names the message by the id of the answer, and leads there.
    const bounce = await awaitMail(service, people.owner, ({ subject }) => subject.endsWith('goes out'))
    expect(bounce.source).toContain(`\r\nX-Facteur-Id: ${id}\r\n`)
    expect(bounce.text).toContain(`/mailbox/traces/${id}`)
  })

  it('names the rule of the panel that filed it, the line of a script that sent it on, and says so to nobody else', async () => {
    const rule = (name: string, mailbox: string) => ({
      name,
      isEnabled: true,
      match: 'all',
      conditions: [{ kind: 'subject', comparison: 'contains', texts: ['ruled'], isNegated: false }],
      actions: [{ kind: 'move', mailbox }],
    })
    const rules = [{ ...rule('Others', 'Nowhere'), isEnabled: false }, rule('Ruled ones', 'Ruled')]
    expect(await owner.call('PUT', '/api/v1/filters', { body: { rules } })).toMatchObject({ status: 200 })
    const ruledSteps = async (client: ApiClient, path: string, id: string): Promise<Json[]> => {
      const [{ traceId, recipients }] = (await list(client, path, { id })) as [Json]
      const { steps } = await read(client, `${path}/${traceId}`)
      return [
        recipients[0].text,
        ...steps.filter(({ kind }: Json) => kind === 'filtered').map(({ text: said }: Json) => said),
      ]
    }
    const filed = await arrive('ruled', people.owner)
    const said = [
      expect.stringMatching(/filed in “Ruled” by the rule “Ruled ones”\.$/),
      'The rule “Ruled ones”: filed in “Ruled”',
    ]
    expect(await ruledSteps(owner, '/mailbox/traces', filed)).toEqual(said)
    expect(await ruledSteps(staff, '/traces', filed)).toEqual(said)
    expect(await ruledSteps(manager, '/traces', filed)).toEqual([expect.stringMatching(/filed in a folder\.$/)])

    const source = '# by hand\r\nredirect "yes@there.test";\r\n'
    expect((await owner.call('PUT', '/api/v1/filters/script', { body: { source } })).status).toBe(200)
    const sentOn = await arrive('sent on', people.owner)
    expect(await ruledSteps(owner, '/mailbox/traces', sentOn)).toEqual([
      expect.stringMatching(/then sent on to yes@there\.test without a copy here, by the script “Script”, line 2\.$/),
      'The script “Script”, line 2: sent on to yes@there.test',
    ])
    const marks = {
      ...rule('Marked ones', ''),
      conditions: [],
      actions: [{ kind: 'mark-read' }, { kind: 'keyword', keyword: 'Later' }],
    }
    const marked = { rules: [marks], replacesScript: true }
    expect((await owner.call('PUT', '/api/v1/filters', { body: marked })).status).toBe(200)
    expect(await ruledSteps(owner, '/mailbox/traces', await arrive('marked', people.owner))).toEqual([
      expect.stringMatching(/^Arrived in the mailbox/),
      'The rule “Marked ones”: marked as read, label “Later” put on it',
    ])
    const none = { rules: [], replacesScript: true }
    expect((await owner.call('PUT', '/api/v1/filters', { body: none })).status).toBe(200)
  })

  it('tells what was added to what was sent, and the label of the app password', async () => {
    const rules = { copiesCc: [], copiesBcc: ['yes@there.test'], filesSentCopy: true }
    expect((await owner.call('PUT', '/api/v1/sending-rules', { body: rules })).status).toBe(200)
    const body = { label: 'Billing', protocols: ['submission'] }
    const made = await owner.call('POST', '/api/v1/app-passwords', { body })
    expect(made.status, made.text).toBe(201)
    const id = await submit('with copies', { to: ['yes2@there.test'], password: made.json.secret })
    const [{ traceId }] = (await list(owner, '/mailbox/traces', { id })) as [Json]
    const detail = await read(owner, `/mailbox/traces/${traceId}`)
    expect(detail.origin).toMatchObject({ credential: people.owner, appPassword: 'Billing' })
    expect(detail.steps.slice(0, 3)).toMatchObject([
      { kind: 'accepted' },
      { kind: 'copied', address: 'yes@there.test' },
      { kind: 'filed', mailboxes: ['Sent'] },
    ])
    const none = { copiesCc: [], copiesBcc: [], filesSentCopy: false }
    expect((await owner.call('PUT', '/api/v1/sending-rules', { body: none })).status).toBe(200)
  })

  it('lets staff see what waits, hold, release, read and drop it, all on record', async () => {
    const id = await submit('handled', 'later2@there.test')
    const { traceId } = await outcome(staff, '/traces', id, 'waiting')
    const shown = await until(async () => {
      const found = await read(staff, `/traces/${traceId}`)
      return found.queue[0]?.attempts === 1 ? found : null
    })
    expect(shown).toMatchObject({ subject: 'handled', queue: [{ status: 'queued' }] })
    const act = async (action: string) =>
      (await staff.call('POST', `/api/v1/traces/${traceId}/queue`, { body: { action, recipientId: null } })).status
    expect(await act('hold')).toBe(200)
    expect(await outcome(owner, '/mailbox/traces', id, 'held')).toBeTruthy()
    expect(await act('hold')).toBe(409)
    expect(await act('release')).toBe(200)
    const source = await staff.call('GET', `/api/v1/traces/${traceId}/source`)
    expect(source.text).toContain('Subject: handled')
    expect(await act('drop')).toBe(200)
    expect(await outcome(owner, '/mailbox/traces', id, 'dropped')).toBeTruthy()
    expect((await staff.call('GET', `/api/v1/traces/${traceId}/source`)).status).toBe(409)
    const audit = (await staff.call('GET', '/api/v1/audit?action=queue.')).json.items
    expect(audit.map(({ action }: Json) => action)).toEqual([
      'queue.drop',
      'queue.source',
      'queue.release',
      'queue.hold',
    ])
    expect(
      await manager.call('POST', `/api/v1/traces/${traceId}/queue`, { body: { action: 'retry', recipientId: null } }),
    ).toMatchObject({ status: 403 })
  })

  it('shows the fan-out of an alias to staff, its own part to each, and nobody behind it to the sender', async () => {
    const id = await submit('to the team', 'team@example.org')
    const addresses = async (client: ApiClient, path: string) =>
      (await list(client, path, { id }))[0].recipients.map(({ address, via }: Json) => `${address} ${via}`)
    expect((await addresses(staff, '/traces')).sort()).toEqual([
      `${people.owner} team@example.org`,
      `${people.neighbour} team@example.org`,
    ])
    expect(await addresses(owner, '/mailbox/traces')).toEqual(['team@example.org null', 'team@example.org null'])
    expect(await addresses(neighbour, '/mailbox/traces')).toEqual([`${people.neighbour} team@example.org`])
    expect(await list(neighbour, '/mailbox/traces', { id, recipient: people.owner })).toEqual([])
  })

  it('tells of refusals, with the sentence', async () => {
    expect(await arrive('refused', 'nobody@example.org')).toMatch(/^550 5\.1\.1 /)
    const [refused] = await until(async () => {
      const found = await list(manager, '/traces', { recipient: 'nobody@example.org' })
      return found.length > 0 ? found : null
    })
    expect(refused).toMatchObject({
      id: '',
      recipients: [
        {
          outcome: {
            kind: 'refused',
            answer: '550 5.1.1 <nobody@example.org>: Recipient address rejected: User unknown',
          },
          explanation: { class: expect.any(String) },
        },
      ],
    })
  })

  it('notes once what was fetched by POP3', async () => {
    const id = await arrive('fetched', people.neighbour)
    for (let turn = 0; turn < 2; turn++) {
      const client = await Client.connect(service.ports.pop3s, { tls: true })
      for (const line of [`USER ${people.neighbour}`, `PASS ${panelPassword}`]) client.send(`${line}\r\n`)
      for (let message = 1; message <= 3; message++) client.send(`RETR ${message}\r\n`)
      client.send('QUIT\r\n')
      await client.ended()
    }
    const [found] = await until(async () => {
      const traces = await list(neighbour, '/mailbox/traces', { id })
      return traces[0]?.recipients[0].outcome.readAt === null ? null : traces
    })
    const { steps } = await read(neighbour, `/mailbox/traces/${found.traceId}`)
    expect(steps.filter(({ kind }: Json) => kind === 'read')).toHaveLength(1)
  })

  it('can be shown by a link, without the subject, to whoever has it', async () => {
    const id = await arrive('shared', people.owner, people.neighbour)
    const [{ traceId }] = (await list(owner, '/mailbox/traces', { id })) as [Json]
    const made = await owner.call('POST', `/api/v1/mailbox/traces/${traceId}/links`)
    expect(made.status).toBe(201)
    const token = /\/trace#(.+)$/.exec(made.json.url)![1]
    const anyone = new ApiClient(service)
    const opened = await anyone.call('POST', '/api/v1/trace-links/open', { body: { token } })
    expect(opened.json).toMatchObject({ id, subject: null, recipientCount: 1, recipients: [{ address: people.owner }] })
    expect(opened.json.steps.length).toBeGreaterThan(0)
    const wrong = await anyone.call('POST', '/api/v1/trace-links/open', { body: { token: `${token}x` } })
    expect(wrong).toMatchObject({ status: 404, json: { code: 'trace-link-gone' } })
    expect(await neighbour.call('POST', '/api/v1/traces/1/links')).toMatchObject({ status: 403 })
  })

  it('is shown by a link no further than to whoever made it: what others do with their mail stays theirs', async () => {
    const otherOwner = await signedIn(service, 'otherOwner')
    const source = 'if header :contains "subject" "unwanted" { discard; }\r\n'
    for (const client of [neighbour, otherOwner])
      expect((await client.call('PUT', '/api/v1/filters/script', { body: { source } })).status).toBe(200)
    const id = await submit('unwanted', people.owner, people.neighbour, people.otherOwner)
    const shown = async (client: ApiClient, path: string): Promise<Json> => {
      const [{ traceId }] = (await list(client, path, { id })) as [Json]
      const made = await client.call('POST', `/api/v1${path}/${traceId}/links`)
      const token = /\/trace#(.+)$/.exec(made.json.url)![1]
      const opened = await new ApiClient(service).call('POST', '/api/v1/trace-links/open', { body: { token } })
      const { recipients, steps } = opened.json
      const step = (address: string) =>
        steps.filter((each: Json) => each.address === address).map(({ kind }: Json) => kind)
      return Object.fromEntries(
        recipients.map(({ address, outcome }: Json) => [address, [outcome.kind, ...step(address)]]),
      )
    }
    const stored = ['stored', 'stored']
    const discarded = ['discarded', 'discarded']
    const { owner: sender, neighbour: inDomain, otherOwner: elsewhere } = people
    expect(await shown(owner, '/mailbox/traces')).toEqual({
      [sender]: stored,
      [inDomain]: stored,
      [elsewhere]: stored,
    })
    expect(await shown(manager, '/traces')).toEqual({ [sender]: stored, [inDomain]: discarded, [elsewhere]: stored })
    expect(await shown(staff, '/traces')).toEqual({ [sender]: stored, [inDomain]: discarded, [elsewhere]: discarded })
    for (const client of [neighbour, otherOwner]) {
      const none = { rules: [], replacesScript: true }
      expect((await client.call('PUT', '/api/v1/filters', { body: none })).status).toBe(200)
    }
  })

  it('is followed as it comes', async () => {
    const follow = (after: number | null) =>
      staff.call('GET', `/api/v1/traces/live${after === null ? '' : `?after=${after}`}`)
    const begun = (await follow(null)).json
    expect(begun.items).toEqual([])
    const id = await arrive('live', people.owner)
    const page = (await follow(begun.next)).json
    expect(page.items.map((each: Json) => each.id)).toEqual([id])
    expect((await follow(page.next)).json).toEqual({ items: [], next: page.next })
    expect((await manager.call('GET', '/api/v1/traces/live')).status).toBe(403)
  })

  it('is streamed as it comes, with what keeps proxies awake, until the session ends', async () => {
    const other = await signedIn(service, 'staff')
    const stream = await openStream(service, other, '/traces/live/stream')
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    const begun = await stream.next()
    expect(begun).toEqual({ items: [], next: expect.any(Number), skipped: false })
    const id = await arrive('streamed', people.owner)
    const page = await stream.next()
    expect(page.items.map((each: Json) => each.id)).toEqual([id])
    expect(page.next).toBeGreaterThan(begun.next)
    const again = await openStream(service, other, `/traces/live/stream?after=${begun.next}`)
    expect((await again.next()).items.map((each: Json) => each.id)).toEqual([id])
    // As many as some tabs need, and no more.
    const more = [
      await openStream(service, other, '/traces/live/stream'),
      await openStream(service, other, '/traces/live/stream'),
    ]
    expect((await openStream(service, other, '/traces/live/stream')).status).toBe(429)
    for (const each of more) each.close()
    expect((await openStream(service, manager, '/traces/live/stream')).status).toBe(403)
    expect((await other.call('DELETE', '/api/v1/session')).status).toBe(204)
    for (const each of [stream, again]) await expect(each.next()).rejects.toThrow('the stream has ended')
  })

  it('is told on the command line, of a running service and of a stopped one', async () => {
    const id = await arrive('on the command line', people.owner)
    const expected = expect.arrayContaining([expect.objectContaining({ id })])
    const running = await service.cli(['trace', '--id', id, '--json'])
    expect(JSON.parse(running.stdout)).toEqual(expected)
    const [{ traceId, at }] = JSON.parse(running.stdout)
    expect(new Date(at).toISOString()).toBe(at)
    for (const named of [String(traceId), id])
      expect((await service.cli(['trace', named])).stdout).toMatch(/stored {2}alice@example\.org {2}in INBOX/)
    expect(await service.cli(['trace', 'nothing-of-that-name'])).toMatchObject({ exitCode: 3 })
    expect(await service.cli(['trace', '--to', 'stranger@nowhere.test'])).toMatchObject({ exitCode: 3 })
    expect(await service.cli(['trace', '--since', 'yesterday'])).toMatchObject({ exitCode: 2 })
  })

  it('survives the end of the process between taking a message and delivering it', async () => {
    const id = await submit('before the end', 'later3@there.test')
    await service.kill('SIGKILL')
    const stopped = await service.cli(['trace', '--id', id, '--json'])
    expect(JSON.parse(stopped.stdout)).toMatchObject([{ id, recipients: [{ address: 'later3@there.test' }] }])
    expect(await service.cli(['verify'])).toMatchObject({ exitCode: 0, stderr: '' })
    remote.script = {}
    await service.start()
    staff = await signedIn(service, 'staff')
    const { traceId } = await until(async () => (await list(staff, '/traces', { id }))[0] ?? null)
    await staff.call('POST', `/api/v1/traces/${traceId}/queue`, { body: { action: 'retry', recipientId: null } })
    expect(await outcome(staff, '/traces', id, 'delivered')).toBeTruthy()
  })
})
