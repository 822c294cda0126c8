/**
 * The whole service with its large messages in an object store (a stand-in: see test/support/s3.ts): two nodes on PostgreSQL where
 * that is installed, else one on SQLite.
 */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LineClient } from '../faults/line-client.ts'
import { type Cluster, postgresPrograms, startCluster } from '../support/postgres.ts'
import { bucketKeys, type ObjectServer, startObjectServer } from '../support/s3.ts'
import { ask, imapClient, type Nodes, PASSWORD as password, startNodes } from './fixtures/nodes.ts'
import type { Service } from './service.ts'

/** Longer than anyone tries; the long way takes FACTEUR_TEST_REFUSAL_MS=30000. */
const refusalMs = Number(process.env.FACTEUR_TEST_REFUSAL_MS ?? 13_500)

/** Too large for a row, also compressed. */
const largeBody = (word: string): string =>
  `${word}\r\n${randomBytes(250_000).toString('base64').replace(/.{76}/g, '$&\r\n')}`

describe('a service whose large messages are objects', () => {
  let server: ObjectServer
  let cluster: Cluster | null = null
  let nodes: Nodes
  let service: Service
  beforeAll(async () => {
    server = await startObjectServer()
    if (postgresPrograms !== null) cluster = await startCluster({ tcp: true })
    nodes = await startNodes(cluster ? 2 : 1, {
      ...(cluster && { FACTEUR_STORE: await cluster.createDatabase('objects') }),
      FACTEUR_BLOBS: server.url,
      FACTEUR_S3_ACCESS_KEY_ID: bucketKeys.accessKeyId,
      FACTEUR_S3_SECRET_ACCESS_KEY: bucketKeys.secretAccessKey,
    })
    service = nodes.all[0]!
    await service.cli(['domain', 'add', 'here.test'])
    await service.cli(['mailbox', 'add', 'alice@here.test', '--password-stdin'], { stdin: `${password}\n` })
  }, 120_000)
  afterAll(async () => {
    await nodes?.stop()
    await server?.dispose()
    await cluster?.dispose()
  })

  const objectRequests = (method: string): number =>
    server.requests.filter(request => request.method === method && /^\/mail\/..\/../.test(request.path)).length
  const dropCopies = (node: Service): void =>
    rmSync(path.join(node.data, 'blob-cache'), { recursive: true, force: true })

  /** The last line of the answer to the message. */
  async function deliver(subject: string, body: string, node = service): Promise<string> {
    const client = await LineClient.open(node.ports.smtp)
    try {
      let answer = ''
      const hear = async (): Promise<void> => {
        do answer = await client.line()
        while (answer[3] === '-')
      }
      await hear()
      for (const line of ['EHLO mx.away.test', 'MAIL FROM:<dave@away.test>', 'RCPT TO:<alice@here.test>', 'DATA']) {
        client.send(`${line}\r\n`)
        await hear()
      }
      client.send(`Subject: ${subject}\r\n\r\n${body}\r\n.\r\n`)
      await hear()
      return answer
    } finally {
      client.close()
    }
  }

  async function imap<T>(use: (client: ImapFlow) => Promise<T>, node = service): Promise<T> {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: node.ports.imaps,
      secure: true,
      tls: { rejectUnauthorized: false },
      auth: { user: 'alice@here.test', pass: password },
      logger: false,
    })
    await client.connect()
    try {
      await client.mailboxOpen('INBOX')
      return await use(client)
    } finally {
      client.close()
    }
  }
  const subjects = (node: Service): Promise<string[]> =>
    imap(
      async client => (await client.fetchAll('1:*', { envelope: true })).map(({ envelope }) => envelope?.subject ?? ''),
      node,
    )

  it('keeps, reads and searches them there', async () => {
    const body = largeBody('Quokkas')
    expect(await deliver('a large one', body)).toMatch(/^250 /)
    expect(objectRequests('PUT')).toBe(1)
    expect(await deliver('a small one', 'small')).toMatch(/^250 /)
    expect(objectRequests('PUT')).toBe(1)
    // With the copy of what was delivered, nothing is asked for; without, it comes from the bucket.
    for (const gets of [0, 1]) {
      await service.end()
      if (gets === 1) dropCopies(service)
      await service.start()
      const before = objectRequests('GET')
      await imap(async client => {
        const fetched = await client.fetchOne('1', { source: true })
        expect(fetched ? fetched.source?.toString() : null).toContain(body)
        expect(await client.search({ body: 'quokkas' })).toEqual([1])
      })
      expect(objectRequests('GET') - before).toBe(gets)
    }
    expect(await service.cli(['verify'])).toMatchObject({ exitCode: 0 })
    const check = await service.cli(['check'])
    expect(check.stdout).toMatch(/ok +store +s3:\/\/mail\?endpoint=\S+: objects can be put, got, listed and removed/)
    expect(check.stdout + JSON.stringify(service.log)).not.toContain(bucketKeys.secretAccessKey)
  })

  it('loses nothing it acknowledged while the bucket refuses, and asks to come back', async () => {
    for (const node of nodes.all) {
      await node.end()
      dropCopies(node)
      await node.start()
    }
    const acknowledged = new Map<string, string>()
    const refused: string[] = []
    let running = true
    const senders = [1, 2, 3].map(async sender => {
      for (let count = 0; running; count++) {
        const subject = `load ${sender} ${count}`
        const body = largeBody('load')
        const answer = await deliver(subject, body, nodes.all[count % nodes.all.length])
        if (answer.startsWith('250 ')) acknowledged.set(subject, body)
        else refused.push(answer)
        await wait(100)
      }
    })
    const sessions = await Promise.all(nodes.all.map(node => imapClient(node, 'alice@here.test')))
    for (const session of sessions) await ask(session, 'SELECT INBOX')
    await wait(1000)
    const began = performance.now()
    server.gate = () => 'refuse'
    // What is small goes on, on each node.
    for (const [index, node] of nodes.all.entries()) {
      expect(await deliver(`small meanwhile ${index}`, 'small', node)).toMatch(/^250 /)
      acknowledged.set(`small meanwhile ${index}`, 'small')
    }
    // What is large is neither read nor taken, and nobody says that it is damaged or gone; the session goes on.
    const text = `Subject: appended\r\n\r\n${largeBody('appended')}\r\n`
    await Promise.all(
      sessions.map(async session => {
        session.send('r FETCH 1 BODY.PEEK[]\r\n')
        expect((await session.completion('r')).line).toMatch(/^NO \[UNAVAILABLE\]/)
        session.send(`w APPEND INBOX {${text.length}}\r\n`)
        await session.line()
        session.send(`${text}\r\n`)
        expect((await session.completion('w')).line).toMatch(/^NO \[UNAVAILABLE\]/)
      }),
    )
    await wait(refusalMs - (performance.now() - began))
    await expect.poll(() => refused.length).toBeGreaterThan(0)
    server.gate = () => 'pass'
    await wait(2000)
    running = false
    await Promise.all(senders)
    for (const session of sessions) {
      expect((await ask(session, 'FETCH 1 BODY.PEEK[]')).join('\n')).toContain('Quokkas')
      session.close()
    }
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) expect(answer).toMatch(/^4\d\d /)
    for (const node of nodes.all) {
      const found = (await subjects(node)).filter(subject => !/^a (large|small) one$/.test(subject))
      expect(found.sort()).toEqual([...acknowledged.keys()].sort())
    }
    // Each has its own bytes.
    await imap(async client => {
      for await (const { envelope, source } of client.fetch('3:*', { envelope: true, source: true }))
        expect(source?.toString().includes(acknowledged.get(envelope?.subject ?? '') ?? '?'), envelope?.subject).toBe(
          true,
        )
    }, nodes.all.at(-1))
    expect(await service.cli(['verify'])).toMatchObject({ exitCode: 0 })
    if (process.env.FACTEUR_TEST_REFUSAL_MS)
      console.info(`${acknowledged.size} acknowledged, ${refused.length} refused in ${refusalMs} ms`)
  })
})
