/** The whole service with its large messages in an object store (a stand-in: see test/support/s3.ts). */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LineClient } from '../faults/line-client.ts'
import { bucketKeys, type ObjectServer, startObjectServer } from '../support/s3.ts'
import { type Service, startService } from './service.ts'

const password = 'correct horse battery'
/** Longer than anyone tries; the long way takes FACTEUR_TEST_REFUSAL_MS=30000. */
const refusalMs = Number(process.env.FACTEUR_TEST_REFUSAL_MS ?? 13_500)

/** Too large for a row, also compressed. */
const largeBody = (word: string): string =>
  `${word}\r\n${randomBytes(250_000).toString('base64').replace(/.{76}/g, '$&\r\n')}`

describe('a service whose large messages are objects', () => {
  let server: ObjectServer
  let service: Service
  beforeAll(async () => {
    server = await startObjectServer()
    service = await startService({
      FACTEUR_BLOBS: server.url,
      FACTEUR_S3_ACCESS_KEY_ID: bucketKeys.accessKeyId,
      FACTEUR_S3_SECRET_ACCESS_KEY: bucketKeys.secretAccessKey,
    })
    await service.cli(['domain', 'add', 'here.test'])
    await service.cli(['mailbox', 'add', 'alice@here.test', '--password-stdin'], { stdin: `${password}\n` })
  })
  afterAll(async () => {
    await service?.stop()
    await server?.dispose()
  })

  const objectRequests = (method: string): number =>
    server.requests.filter(request => request.method === method && /^\/mail\/..\/../.test(request.path)).length
  const dropCopies = (): void => rmSync(path.join(service.data, 'blob-cache'), { recursive: true, force: true })

  /** The last line of the answer to the message. */
  async function deliver(subject: string, body: string): Promise<string> {
    const client = await LineClient.open(service.ports.smtp)
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

  async function imap<T>(use: (client: ImapFlow) => Promise<T>): Promise<T> {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: service.ports.imaps,
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
  const subjects = (): Promise<string[]> =>
    imap(async client =>
      (await client.fetchAll('1:*', { envelope: true })).map(({ envelope }) => envelope?.subject ?? ''),
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
      if (gets === 1) dropCopies()
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
    await service.end()
    dropCopies()
    await service.start()
    const acknowledged: string[] = []
    const refused: string[] = []
    let running = true
    const senders = [1, 2, 3].map(async sender => {
      for (let count = 0; running; count++) {
        const subject = `load ${sender} ${count}`
        const answer = await deliver(subject, largeBody('load'))
        if (answer.startsWith('250 ')) acknowledged.push(subject)
        else refused.push(answer)
        await wait(100)
      }
    })
    await wait(1000)
    const began = performance.now()
    server.gate = () => 'refuse'
    // What is small goes on.
    expect(await deliver('small meanwhile', 'small')).toMatch(/^250 /)
    acknowledged.push('small meanwhile')
    const fetched = await imap(async client => {
      const failed = await client.fetchOne('1', { source: true }).catch((error: unknown) => error)
      return (failed as { responseText?: string; serverResponseCode?: string; response?: unknown }) ?? {}
    })
    expect(JSON.stringify(fetched)).toContain('UNAVAILABLE')
    await wait(refusalMs - (performance.now() - began))
    await expect.poll(() => refused.length).toBeGreaterThan(0)
    server.gate = () => 'pass'
    await wait(2000)
    running = false
    await Promise.all(senders)
    expect(refused.length).toBeGreaterThan(0)
    for (const answer of refused) expect(answer).toMatch(/^4\d\d /)
    const found = (await subjects()).filter(subject => !/^a (large|small) one$/.test(subject))
    expect(found.sort()).toEqual(acknowledged.sort())
    expect(await service.cli(['verify'])).toMatchObject({ exitCode: 0 })
  })
})
