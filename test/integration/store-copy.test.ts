/**
 * A whole service moved from SQLite and files to PostgreSQL and an object store, and back: it is the same over IMAP. The long
 * way: FACTEUR_TEST_COPY_MESSAGES=20000.
 */
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeEmail } from '../../src/mail/describe.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { NewMessage } from '../../src/store/types.ts'
import { type Cluster, postgresPrograms, startCluster } from '../support/postgres.ts'
import { bucketKeys, type ObjectServer, startObjectServer } from '../support/s3.ts'
import { makeStore } from './fixtures/empty-store.ts'
import { cleanEnvironment, runCli, type Service, startService } from './service.ts'

const mailboxes = 20
const messages = Number(process.env.FACTEUR_TEST_COPY_MESSAGES ?? 600)
const password = 'correct horse battery'
const addressOf = (number: number): string => `box${number}@here.test`
const program = path.resolve(import.meta.dirname, '../../bin/facteur.js')

function newBytes(number: number): Buffer {
  // Most fit in a row, some into a pack, with one as large as a pack takes; every fiftieth is a file. Every third is that of another mailbox too.
  const random = { 7: 200_000, 22: 5000, 35: 122_000 }[number % 50]
  const text =
    random === undefined ? `text ${number}` : randomBytes(random).toString('base64').replace(/.{76}/g, '$&\r\n')
  return Buffer.from(
    [
      `From: Sender ${number % 7} <s${number % 7}@away.test>`,
      'To: someone@here.test',
      `Subject: =?utf-8?q?num=C3=A9ro_${number % 3 === 0 ? 'common' : number}?=`,
      `Message-ID: <${number}@away.test>`,
      ...(number > 9 ? [`In-Reply-To: <${number - 9}@away.test>`] : []),
      '',
      number % 3 === 0 ? 'the same in many' : text,
      '',
    ].join('\r\n'),
  )
}

/** Mail with flags, keywords, gaps and folders that were renamed. */
async function seed(data: string): Promise<void> {
  const store = await openSqliteStore({ path: path.join(data, 'facteur.db'), clock: { now: Date.now } })
  try {
    const each = Math.ceil(messages / mailboxes)
    for (let box = 0; box < mailboxes; box++) {
      const account = await store.read('account.byAddress', { address: addressOf(box) })
      const accountId = account!.accountId
      const archive = await store.write('mailbox.create', { accountId, name: 'Archive/Été', specialUse: null, at: 1 })
      const inbox = (await store.read('mailbox.byName', { accountId, name: 'INBOX' }))!
      for (let from = 0; from < each; from += 100) {
        const some: NewMessage[] = []
        for (let number = from; number < Math.min(from + 100, each); number++) {
          const bytes = newBytes(box * each + number)
          const email = { ...describeEmail(bytes), blob: await store.blobs.stage(bytes) }
          some.push({
            email,
            flags: { system: number % 5, keywords: number % 4 === 0 ? ['$Label1', 'Été'] : [] },
            internalDate: number * 1000,
          })
        }
        await store.write('message.append', { accountId, mailboxId: inbox.mailboxId, messages: some, at: 2 })
      }
      const inInbox = { accountId, mailboxId: inbox.mailboxId }
      await store.write('message.flags', {
        ...inInbox,
        uids: [{ from: 3, to: 9 }],
        mode: 'add',
        flags: { system: 1, keywords: ['seen-twice'] },
        unchangedSince: null,
      })
      await store.write('message.expunge', { ...inInbox, uids: [{ from: 2, to: 2 }], onlyDeleted: false, at: 3 })
      await store.write('message.move', { ...inInbox, uids: [{ from: 4, to: 12 }], target: archive.mailboxId, at: 3 })
      await store.write('mailbox.rename', { accountId, mailboxId: archive.mailboxId, name: 'Archive/Hiver', at: 4 })
    }
  } finally {
    await store.close()
  }
}

/** Everything of a mailbox that IMAP tells, folder by folder. */
async function seenOverImap(service: Service, box: number): Promise<unknown[]> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: service.ports.imaps,
    secure: true,
    tls: { rejectUnauthorized: false },
    auth: { user: addressOf(box), pass: password },
    logger: false,
  })
  await client.connect()
  const seen: unknown[] = []
  for (const { path: name } of await client.list()) {
    const opened = await client.mailboxOpen(name)
    const digest = createHash('sha256')
    let count = 0
    const all = {
      uid: true,
      flags: true,
      internalDate: true,
      size: true,
      envelope: true,
      bodyStructure: true,
      source: true,
    }
    if (opened.exists > 0)
      for await (const message of client.fetch('1:*', { ...all, threadId: true })) {
        const { uid, modseq, flags, source, envelope, bodyStructure, internalDate, size, emailId, threadId } = message
        expect(modseq).toBeGreaterThan(0n)
        const known = [
          uid,
          String(modseq),
          [...(flags ?? [])].sort(),
          envelope,
          bodyStructure,
          internalDate,
          size,
          emailId,
          threadId,
        ]
        digest.update(JSON.stringify(known)).update(source ?? '')
        count++
      }
    const { uidValidity, uidNext, highestModseq } = opened
    seen.push([name, String(uidValidity), uidNext, String(highestModseq), count, digest.digest('hex')])
  }
  client.close()
  return seen
}

async function allSeen(service: Service): Promise<unknown[]> {
  const seen: unknown[] = []
  for (let box = 0; box < mailboxes; box++) seen.push(await seenOverImap(service, box))
  return seen
}

describe.skipIf(postgresPrograms === null)(
  'a service that moves (skipped without PostgreSQL)',
  { timeout: 1_800_000 },
  () => {
    let cluster: Cluster
    let objects: ObjectServer
    let keys: Record<string, string>
    let url: string
    let first: Service
    const back = mkdtempSync(path.join(tmpdir(), 'facteur-back-'))
    let before: unknown[]

    beforeAll(async () => {
      cluster = await startCluster({ tcp: true })
      objects = await startObjectServer()
      url = await cluster.createDatabase('facteur')
      keys = {
        FACTEUR_S3_ACCESS_KEY_ID: bucketKeys.accessKeyId,
        FACTEUR_S3_SECRET_ACCESS_KEY: bucketKeys.secretAccessKey,
      }
      first = await startService({}, async data => {
        const environment = { FACTEUR_DATA: data }
        await makeStore(data)
        await runCli(['domain', 'add', 'here.test'], { environment })
        // One Argon2id is enough of it.
        const made = await runCli(['mailbox', 'add', addressOf(0), '--password-stdin'], {
          environment,
          stdin: `${password}\n`,
        })
        expect(made).toMatchObject({ exitCode: 0 })
        const store = await openSqliteStore({ path: path.join(data, 'facteur.db'), clock: { now: Date.now } })
        const passwordHash = (await store.read('principal.byAddress', { address: addressOf(0) }))!.passwordHash
        for (let box = 1; box < mailboxes; box++)
          await store.write('account.add', {
            address: addressOf(box),
            passwordHash,
            quotaBytes: null,
            mailboxes: [],
            at: 1,
          })
        await store.close()
        await seed(data)
      })
    }, 600_000)
    afterAll(async () => {
      await first?.stop()
      await objects?.dispose()
      await cluster?.dispose()
      rmSync(back, { recursive: true, force: true })
    })

    const copyOut = (): string[] => ['store', 'copy', '--from', first.data, '--to', url, '--to-blobs', objects.url]
    const copyBack = (): string[] => ['store', 'copy', '--from', url, '--from-blobs', objects.url, '--to', back]

    it('is refused while the service runs, and where the target can not be', async () => {
      before = await allSeen(first)
      expect(statSync(path.join(first.data, 'packs', '1')).size).toBeGreaterThan(500_000)
      const used = await runCli(copyOut(), { environment: keys })
      expect(used).toMatchObject({ exitCode: 1 })
      expect(used.stderr).toMatch(/in use by process \d+/)
      expect(await runCli(['store', 'copy', '--to', url], { environment: keys })).toMatchObject({ exitCode: 2 })
      expect(await runCli(['store', 'copy', '--to', 'mysql://x/y'], { environment: keys })).toMatchObject({
        exitCode: 2,
      })
      await first.end()
      const none = await runCli(['store', 'copy', '--from', back, '--to', url, '--to-blobs', objects.url], {
        environment: keys,
      })
      expect(none.stderr).toContain('there is no store')
    })

    it('goes on where it was killed, and no service starts on the half of it', async () => {
      for (const step of ['copy', 'blobs', 'verify']) {
        const child = spawn(process.execPath, [program, ...copyOut(), '--json'], { env: cleanEnvironment(keys) })
        const closed = new Promise(resolve => child.once('close', resolve))
        let events = 0
        for await (const line of createInterface({ input: child.stdout })) {
          const event = JSON.parse(line) as { event: string; step?: string; table?: string }
          // Somewhere among the rows of the largest tables.
          if (event.step === step && (step !== 'copy' || (event.table === 'email' && ++events > 1)))
            child.kill('SIGKILL')
        }
        await closed
      }
      const environment = { ...keys, FACTEUR_STORE: url, FACTEUR_BLOBS: objects.url, FACTEUR_DATA: back }
      const half = await runCli(['verify'], { environment })
      expect(half.stderr).toContain('has not ended')
      const done = await runCli([...copyOut(), '--json'], { environment: keys })
      expect(done).toMatchObject({ exitCode: 0, stderr: '' })
      const events = done.stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as Record<string, unknown>)
      expect(events[0]).toMatchObject({ event: 'resume' })
      expect(events.at(-1)).toMatchObject({ event: 'end', blobs: expect.any(Number) })
      const rows = events.filter(({ event }) => event === 'verified').reduce((sum, { rows }) => sum + Number(rows), 0)
      expect(events.at(-1)).toMatchObject({ rows })
      const again = await runCli(copyOut(), { environment: keys })
      expect(again.stderr).toContain('is not empty')
    })

    it('is the same over IMAP on PostgreSQL and an object store', async () => {
      const moved = await startService({ ...keys, FACTEUR_STORE: url, FACTEUR_BLOBS: objects.url }, async data => {
        copyFileSync(path.join(first.data, 'secret.key'), path.join(data, 'secret.key'))
      })
      try {
        expect(await allSeen(moved)).toEqual(before)
        expect(await moved.cli(['verify'])).toMatchObject({ exitCode: 0 })
        const used = await runCli(copyBack(), { environment: keys })
        expect(used.stderr).toMatch(/the store is in use: nodes have \d+ connections/)
        // Its data folder is in use as well, though its store is elsewhere.
        const into = await runCli(['store', 'copy', '--from', first.data, '--to', moved.data])
        expect(into).toEqual({
          exitCode: 1,
          stdout: '',
          stderr: `facteur: the data folder ${moved.data} is in use: a service runs on it\n`,
        })
        expect(readdirSync(moved.data)).not.toContain('facteur.db')
      } finally {
        await moved.stop()
      }
    })

    it('has its source for itself until it ends, or is killed', async () => {
      const data = mkdtempSync(path.join(tmpdir(), 'facteur-kept-out-'))
      const environment = { ...keys, FACTEUR_STORE: url, FACTEUR_BLOBS: objects.url, FACTEUR_DATA: data }
      const child = spawn(process.execPath, [program, ...copyBack(), '--json'], { env: cleanEnvironment(keys) })
      const closed = new Promise(resolve => child.once('close', resolve))
      try {
        await new Promise(resolve => child.stdout.once('data', resolve))
        child.kill('SIGSTOP')
        for (const command of [['serve'], ['domain', 'list'], ['verify']]) {
          const refused = await runCli(command, { environment })
          expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^facteur: .*is under way.*\n$/) })
        }
      } finally {
        child.kill('SIGKILL')
        await closed
      }
      await expect.poll(() => runCli(['domain', 'list'], { environment })).toMatchObject({ exitCode: 0 })
      rmSync(data, { recursive: true, force: true })
    })

    it('is the same again on SQLite and files', async () => {
      const copied = await runCli(copyBack(), { environment: keys })
      expect(copied).toMatchObject({ exitCode: 0, stderr: '' })
      expect(copied.stdout).toMatch(
        /copied and proved \d+ rows of \d+ tables, \d+ large messages: the two are the same/,
      )
      const returned = await startService({}, async data => cpSync(back, data, { recursive: true }))
      try {
        expect(await allSeen(returned)).toEqual(before)
        expect(await returned.cli(['verify'])).toMatchObject({ exitCode: 0 })
      } finally {
        await returned.stop()
      }
    })
  },
)
