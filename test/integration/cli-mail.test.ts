/** Commands that see mail: import, the queue with something in it, verify where there is damage. Real child processes. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LineClient } from '../faults/line-client.ts'
import { type DnsServer, startDns } from './fixtures/dns.ts'
import { withImap } from './fixtures/imap-client.ts'
import { type Service, startService } from './service.ts'

const password = 'correct horse battery'
let service: Service
let dns: DnsServer
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-mail-'))
  // Its only host refuses nothing and accepts nothing: port 1 of loopback is closed.
  dns = await startDns({ 'away.test': { MX: [[10, 'mx.away.test']] }, 'mx.away.test': { A: ['127.0.0.1'] } })
  service = await startService({
    FACTEUR_PLAIN_TEXT_SIGN_IN: 'loopback',
    FACTEUR_DNS_SERVERS: dns.address,
    FACTEUR_QUEUE_PORT: '1',
  })
  await service.cli(['domain', 'add', 'example.org'])
  for (const user of ['alice', 'small'])
    await service.cli(['mailbox', 'add', `${user}@example.org`, '--password-stdin'], { stdin: `${password}\n` })
})
afterAll(async () => {
  await service?.stop()
  await dns?.close()
  rmSync(folder, { recursive: true, force: true })
})

const asAlice = <T>(act: (client: ImapFlow) => Promise<T>): Promise<T> =>
  withImap({ port: service.ports.imaps, user: 'alice@example.org', pass: password }, act)

async function messagesOf(mailbox: string) {
  return asAlice(async client => {
    await client.mailboxOpen(mailbox, { readOnly: true })
    const found = []
    for await (const { flags, internalDate, source } of client.fetch('1:*', {
      flags: true,
      internalDate: true,
      source: true,
    }))
      found.push({
        flags: [...(flags ?? [])].sort(),
        internalDate: new Date(internalDate ?? 0).toISOString(),
        source: source?.toString('latin1'),
      })
    return found
  })
}

describe('import', () => {
  it('brings an mbox file into the folder that is asked for, while the service runs', async () => {
    const file = path.join(folder, 'old.mbox')
    writeFileSync(
      file,
      'From a@b.test Fri Jul  8 12:08:34 2011\nSubject: one\nStatus: RO\nX-Status: F\n\n>From here\n\nFrom a@b.test Sat Jul  9 12:08:34 2011\nSubject: two\n\nbody\n',
    )
    const done = await service.cli(['import', 'alice@example.org', '--mbox', file, '--into', 'Archive/2011'])
    expect(done).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: 'imported 2 messages into 1 folder of alice@example.org\n',
    })
    expect(await messagesOf('Archive/2011')).toEqual([
      {
        flags: ['\\Flagged', '\\Seen'],
        internalDate: '2011-07-08T12:08:34.000Z',
        source: 'Subject: one\r\nStatus: RO\r\nX-Status: F\r\n\r\nFrom here\r\n',
      },
      { flags: [], internalDate: '2011-07-09T12:08:34.000Z', source: 'Subject: two\r\n\r\nbody\r\n' },
    ])
  })

  it('brings a Maildir with its folders, flags and dates, while the service is stopped', async () => {
    const root = path.join(folder, 'Maildir')
    const put = (file: string, content: string): void => {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
      writeFileSync(path.join(root, file), content)
      utimesSync(path.join(root, file), 1_500_000_000, 1_500_000_000)
    }
    for (let n = 0; n < 50; n++) put(`cur/${1_500_000_000 + n}.M${n}.host:2,S`, `Subject: message ${n}\n\n${n}\n`)
    put('.Sent.R&AOk-union/cur/1.host:2,RS', 'Subject: sent\n\n')
    put('.Sent.R&AOk-union/cur/2.host:2,', '')
    await service.end()
    const done = await service.cli(['import', 'alice@example.org', '--maildir', root])
    await service.start()
    expect(done.stdout).toBe('imported 51 messages into 2 folders of alice@example.org\n')
    expect(done.stderr).toBe('Sent/Réunion: cur/2.host:2,: empty\nfacteur: 1 could not be imported\n')
    expect(done.exitCode).toBe(1)
    expect((await messagesOf('INBOX')).map(({ source }) => Number(/(\d+)\r\n$/.exec(source ?? '')?.[1]))).toEqual(
      Array.from({ length: 50 }, (_, n) => n),
    )
    expect(await messagesOf('Sent/Réunion')).toEqual([
      { flags: ['\\Answered', '\\Seen'], internalDate: '2017-07-14T02:40:00.000Z', source: 'Subject: sent\r\n\r\n' },
    ])
    expect((await asAlice(client => client.list())).find(({ path: name }) => name === 'Sent/Réunion')?.subscribed).toBe(
      true,
    )
  })

  it('passes over what a folder has already, and says so', async () => {
    const root = path.join(folder, 'Twice')
    const put = (file: string, content: string): void => {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
      writeFileSync(path.join(root, file), content)
    }
    const run = async (): Promise<string> => {
      const done = await service.cli(['import', 'alice@example.org', '--maildir', root, '--into', 'Moved/'])
      expect(done).toMatchObject({ exitCode: 0, stderr: '' })
      return done.stdout
    }
    for (const n of [1, 2, 3]) put(`cur/${n}.host:2,S`, `Subject: message ${n}\n\n`)
    put('.Sent/cur/1.host:2,S', 'Subject: message 1\n\n')
    expect(await run()).toBe('imported 4 messages into 2 folders of alice@example.org\n')
    put('new/4.host', 'Subject: message 4\n\n')
    expect(await run()).toBe('imported 1 message into 1 folder of alice@example.org; 4 were there already\n')
    expect(await run()).toBe('imported 0 messages into 0 folders of alice@example.org; 5 were there already\n')
    expect((await messagesOf('Moved')).map(({ source }) => source?.trim())).toEqual(
      [1, 2, 3, 4].map(n => `Subject: message ${n}`),
    )

    await service.end()
    const database = new DatabaseSync(path.join(service.data, 'facteur.db'))
    database.exec("UPDATE blob SET data = x'00' WHERE data = CAST('Subject: message 2' || x'0d0a0d0a' AS BLOB)")
    database.close()
    await service.start()
    expect(await run()).toBe(
      'imported 0 messages into 0 folders of alice@example.org; 5 were there already\n1 was damaged or missing in the store, and is whole again\n',
    )
    expect(await messagesOf('Moved/Sent')).toHaveLength(1)
  })

  it('says where an mbox file could be read no further, and how much came of it', async () => {
    // Its first page is never there.
    const done = await service.cli(['import', 'alice@example.org', '--mbox', '/proc/self/mem'])
    expect(done).toEqual({
      exitCode: 1,
      stdout: 'imported 0 messages into 0 folders of alice@example.org\n',
      stderr: "line 1: all from here on can't be read: EIO: i/o error, read\nfacteur: 1 could not be imported\n",
    })
  })

  it.each([
    [
      'a mailbox that is not there',
      ['nobody@example.org', '--mbox', 'old.mbox'],
      'there is no mailbox nobody@example.org',
    ],
    ['a file that is not there', ['alice@example.org', '--mbox', 'missing'], "missing can't be read: no such file"],
    ['a folder for a file', ['alice@example.org', '--mbox', 'Maildir'], 'Maildir is a folder; --mbox takes a file'],
    ['a folder that is no Maildir', ['alice@example.org', '--maildir', '.'], '. is no Maildir'],
    [
      'a file that is no mbox',
      ['alice@example.org', '--mbox', 'Maildir/cur/1500000000.M0.host:2,S'],
      'not an mbox file',
    ],
  ])('refuses %s', async (_, args, message) => {
    const { exitCode, stderr } = await service.cli(['import', ...args], { folder })
    expect(stderr).toContain(message)
    expect(exitCode).toBe(1)
  })

  it.each([
    ['sdbox', ['mailboxes/INBOX/dbox-Mails']],
    ['mdbox', ['mailboxes/INBOX/dbox-Mails', 'storage']],
  ])('says of %s what it is, and how it comes to be a Maildir', async (format, folders) => {
    for (const each of folders) mkdirSync(path.join(folder, format, each), { recursive: true })
    expect(await service.cli(['import', 'alice@example.org', '--maildir', format], { folder })).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `facteur: ${format} is no Maildir, but ${format}, a format of Dovecot’s own: let Dovecot write a Maildir first, and import that: doveadm backup -u ADDRESS maildir:FOLDER\n`,
    })
  })

  it('stops where the mailbox is full, and says how far it came', async () => {
    await service.cli(['mailbox', 'quota', 'small@example.org', '1kB'])
    const file = path.join(folder, 'large.mbox')
    const message = (n: number): string =>
      `From a@b.test Fri Jul  8 12:08:34 2011\nSubject: ${n + 100}\n\n${'y'.repeat(400)}\n\n`
    writeFileSync(file, Array.from({ length: 500 }, (_, n) => message(n)).join(''))
    const { exitCode, stdout, stderr } = await service.cli(['import', 'small@example.org', '--mbox', file])
    expect(exitCode).toBe(1)
    expect(stdout).toBe('imported 2 messages into 1 folder of small@example.org\n')
    expect(stderr).toContain('facteur: stopped: the mailbox is full')
    expect(stderr.split('\n').length).toBeLessThan(50)
  })
})

describe('the queue', () => {
  async function send(): Promise<void> {
    const client = await LineClient.open(service.ports.submission)
    const say = async (line: string, expected: '2' | '3'): Promise<void> => {
      client.send(`${line}\r\n`)
      await client.reply(expected)
    }
    await client.reply('2')
    await say('EHLO client.test', '2')
    await say(`AUTH PLAIN ${Buffer.from(`\0alice@example.org\0${password}`).toString('base64')}`, '2')
    await say('MAIL FROM:<alice@example.org>', '2')
    await say('RCPT TO:<bob@away.test>', '2')
    await say('RCPT TO:<carl@away.test>', '2')
    await say('DATA', '3')
    await say('From: alice@example.org\r\nSubject: hello\r\n\r\nhello\r\n.', '2')
    client.close()
  }

  const queue = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await service.cli(['queue', ...args])
    expect({ args, exitCode, stderr }).toEqual({ args, exitCode: 0, stderr: '' })
    return stdout
  }

  it('shows what waits and why; holds, releases, retries and removes it', async () => {
    await send()
    const list = async () => JSON.parse(await queue('list', '--json'))
    await expect
      .poll(async () => (await list())[0]?.recipients.map((r: { attempts: number }) => r.attempts), {
        interval: 500,
      })
      .toEqual([1, 1])
    const [entry] = await list()
    expect(entry).toMatchObject({
      from: 'alice@example.org',
      recipients: [
        {
          address: 'bob@away.test',
          destination: 'away.test',
          status: 'queued',
          last: { status: expect.stringMatching(/^4\./) },
        },
        { address: 'carl@away.test' },
      ],
    })
    const id = String(entry.id)
    const carl = String(entry.recipients[1].id)
    expect(await queue('list')).toMatch(/bob@away\.test +queued +1 +in \d+ min/)
    expect(await queue('show', id)).toMatch(/^to {9}carl@away\.test\nstatus {5}queued\ntries {6}1$/m)
    expect(await queue('hold', id)).toBe(`message ${id}: 2 recipients held\n`)
    expect((await list())[0].recipients.map((r: { status: string }) => r.status)).toEqual(['held', 'held'])
    expect(await queue('release', id, '--recipient', carl)).toBe(`message ${id}: 1 recipient released\n`)
    expect(await queue('retry', id, '--recipient', carl)).toBe(`message ${id}: 1 recipient due now\n`)
    await expect.poll(async () => (await list())[0].recipients[1].attempts, { interval: 500 }).toBe(2)
    expect(await queue('remove', id)).toBe(`message ${id}: 2 recipients removed\n`)
    expect(await list()).toEqual([])
    expect((await service.cli(['queue', 'hold', id])).stderr).toBe(
      `facteur: message ${id} has no recipient for that: bob@away.test is removed, carl@away.test is removed\n`,
    )
    expect(JSON.parse(await queue('show', id, '--json')).recipients[0].status).toBe('removed')
  })

  it('takes all of a sender, for a recipient or a domain, or all that waits', async () => {
    await send()
    await send()
    const addresses = async (...args: string[]): Promise<string[]> =>
      [...(await queue('list', ...args)).matchAll(/\S+@away\.test/g)].map(([address]) => address)
    expect(await queue('hold', '--to', 'AWAY.test')).toBe('2 messages: 4 recipients held\n')
    expect(await queue('release', '--from', 'Alice@example.org', '--to', 'carl@away.test')).toBe(
      '2 messages: 2 recipients released\n',
    )
    expect(await addresses('--status', 'held')).toEqual(['bob@away.test', 'bob@away.test'])
    expect(await addresses('--to', 'carl@away.test')).toEqual(['carl@away.test', 'carl@away.test'])
    expect(await addresses('--from', 'elsewhere.test')).toEqual([])
    expect(await queue('retry', '--from', '<>')).toBe('0 messages: 0 recipients due now\n')
    expect(await queue('retry', '--from', 'example.org')).toBe('2 messages: 4 recipients due now\n')
    const vague = ['', '42 --all', '--recipient 3 --to away.test', '--all --from example.org', '--to a@b@c']
    for (const args of vague)
      expect({ args, ...(await service.cli(['queue', 'remove', ...args.split(' ').filter(Boolean)])) }).toMatchObject({
        args,
        exitCode: 2,
        stdout: '',
      })
    expect(await queue('remove', '--all')).toBe('2 messages: 4 recipients removed\n')
    expect(await addresses()).toEqual([])
  })
})

describe('verify', () => {
  it('lists damage of a store and ends with exit code 1, beside the running service', async () => {
    const file = path.join(folder, 'blob.mbox')
    const lines = Array.from({ length: 20_000 }, () => Math.random().toString(36).slice(2)).join('\n')
    writeFileSync(file, `From a@b.test Fri Jul  8 12:08:34 2011\nSubject: large\n\n${lines}\n`)
    await service.cli(['import', 'alice@example.org', '--mbox', file])
    const blobs = await readdir(path.join(service.data, 'blobs'), { recursive: true, withFileTypes: true })
    const blob = blobs.find(entry => /^[0-9a-f]{64}/.test(entry.name))
    expect(blob).toBeDefined()
    truncateSync(path.join(blob?.parentPath ?? '', blob?.name ?? ''), 10)
    const { exitCode, stdout, stderr } = await service.cli(['verify'])
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^blob [0-9a-f]{64}: .* \(alice@example\.org INBOX UID \d+\)$/m)
    expect(stderr).toMatch(/^facteur: damaged in \d+ places?\n$/)
    const listed = JSON.parse((await service.cli(['verify', '--json'])).stdout)
    expect(listed).toMatchObject({
      ok: false,
      damage: [{ table: 'blob', named: { messages: [{ address: 'alice@example.org', mailbox: 'INBOX' }] } }],
    })
  })
})
