/**
 * 250 and OK come after the sync: shown by the system calls of the running service. A page of the log with something of the
 * message in it is written, the log's sync comes back, and only then the answer is sent; for a large message the file, its name and
 * the names of its folders are synced before.
 */
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Service, startService } from '../integration/service.ts'
import { makeAccounts } from './accounts.ts'
import { hashOf } from './ledger.ts'
import { LineClient } from './line-client.ts'
import { attach, whyNoStrace } from './strace.ts'
import { type Call, callsOf, isOn, isSentTo, isSync, pageWith, whyNotSynced, whyNotSyncedBefore } from './trace.ts'

const password = 'correct horse battery'
const traced = 'openat,mkdir,rename,write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync'

const letter = (subject: string, bytes = 0): string => {
  let body = ''
  for (let n = 0; body.length < bytes; n++) body += `${hashOf(`${subject} ${n}`)}\r\n`
  return `From: <alice@example.org>\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.org>\r\n\r\n${body}`
}

const saying =
  (port: number, text: RegExp) =>
  (call: Call): boolean =>
    isSentTo(port)(call) && text.test(call.args)

const whyNot = whyNoStrace()

const title = `what was synced before it was answered${whyNot ? ` (skipped: ${whyNot})` : ''}`

describe.skipIf(whyNot !== null)(title, () => {
  let service: Service

  beforeAll(async () => {
    // No name server answers: what is queued stays.
    service = await startService({ FACTEUR_PLAIN_TEXT_SIGN_IN: 'loopback', FACTEUR_DNS_SERVERS: '127.0.0.1:9' }, data =>
      makeAccounts(data, { users: ['alice'], mailboxes: ['INBOX'], password }),
    )
  })

  afterAll(() => service?.stop())

  const traceOf = async (work: () => Promise<void>): Promise<string> => {
    const file = path.join(tmpdir(), `facteur-trace-${process.pid}-${service.pid}`)
    try {
      const tracer = await attach(service.pid, [
        '-o',
        file,
        '-yy',
        '-s',
        '5000',
        '-e',
        'signal=none',
        '-e',
        `trace=${traced}`,
      ])
      try {
        await work()
      } finally {
        await tracer.detach()
      }
      return readFileSync(file, 'latin1')
    } finally {
      rmSync(file, { force: true })
    }
  }

  const send = async (client: LineClient, { from, to, text }: { from: string; to: string; text: string }) => {
    client.send(`MAIL FROM:<${from}>\r\nRCPT TO:<${to}>\r\nDATA\r\n`)
    for (const expected of ['2', '2', '3'] as const) await client.reply(expected)
    client.send(`${text}.\r\n`)
    expect(await client.reply('2')).toMatch(/^250 /)
    // An answer can be here before its system call has returned, and only then it stands whole in the trace: the next one comes after that.
    client.send('NOOP\r\n')
    await client.reply('2')
  }

  const smtp = async (port: number): Promise<LineClient> => {
    const client = await LineClient.open(port)
    await client.reply('2')
    client.send('EHLO client.example.net\r\n')
    await client.reply('2')
    return client
  }

  const imap = async (): Promise<LineClient> => {
    const client = await LineClient.open(service.ports.imap)
    await client.line()
    client.send(`a LOGIN alice@example.org "${password}"\r\nb SELECT INBOX\r\n`)
    await client.tagged('a')
    await client.tagged('b')
    return client
  }

  it('a delivery', async () => {
    const client = await smtp(service.ports.smtp)
    const subject = 'small-delivery'
    const trace = await traceOf(() =>
      send(client, { from: 'bob@example.net', to: 'alice@example.org', text: letter(subject) }),
    )
    client.close()
    const calls = callsOf(trace)
    const answer = saying(client.port, /"250 2\.6\.0 /)
    expect(whyNotSynced(calls, subject, answer)).toBeNull()

    // What a service would show that answered first, synced nothing, or failed to.
    const first = calls.map(call => (answer(call) ? { ...call, begin: 0, end: 0 } : call))
    expect(whyNotSynced(first, subject, answer)).toBe('the answer was sent before the sync came back')
    const without = calls.filter(call => !isSync(call))
    expect(whyNotSynced(without, subject, answer)).toContain('was not synced')
    const failed = calls.map(call => (isSync(call) ? { ...call, result: '-1 EIO (Input/output error)' } : call))
    expect(whyNotSynced(failed, subject, answer)).toContain('was not synced')
  })

  it('a large delivery, with its file and the names of its folders', async () => {
    const client = await smtp(service.ports.smtp)
    const subject = 'large-delivery'
    const trace = await traceOf(() =>
      send(client, { from: 'bob@example.net', to: 'alice@example.org', text: letter(subject, 400_000) }),
    )
    client.close()
    const calls = callsOf(trace)
    expect(whyNotSynced(calls, subject, saying(client.port, /"250 2\.6\.0 /))).toBeNull()

    const named = calls.find(({ name, args }) => name === 'rename' && args.includes('/blobs/unfinished/'))
    const [, from = '', folder = '', above = ''] =
      /"([^"]*\/blobs\/unfinished\/[^"]*)", "(([^"]*\/blobs\/[0-9a-f]{2})\/[0-9a-f]{2})\/[^"/]*"/.exec(
        named?.args ?? '',
      ) ?? []
    expect(named?.result).toBe('0')
    expect(whyNotSyncedBefore(calls, isOn(from), named!)).toBeNull()

    const row = pageWith(calls, subject)!
    for (const [place, after] of [
      [folder, named!],
      // The folders are new: each has a name in the one above it.
      [above, calls.find(({ name, args }) => name === 'mkdir' && args.startsWith(`"${folder}"`))],
      [path.dirname(above), calls.find(({ name, args }) => name === 'mkdir' && args.startsWith(`"${above}"`))],
    ] as const) {
      const synced = calls.find(call => isSync(call) && isOn(place)(call) && after && call.begin > after.end)
      expect(synced, `the sync of ${place}`).toMatchObject({ result: '0' })
      expect(synced!.end, place).toBeLessThan(row.begin)
    }
  })

  it('a delivery that lies in a pack, which is synced before the row that names it', {
    timeout: 180_000,
  }, async () => {
    const client = await smtp(service.ports.smtp)
    const subject = 'packed-delivery'
    const trace = await traceOf(() =>
      send(client, { from: 'bob@example.net', to: 'alice@example.org', text: letter(subject, 40_000) }),
    )
    client.close()
    const calls = callsOf(trace)
    expect(whyNotSynced(calls, subject, saying(client.port, /"250 2\.6\.0 /))).toBeNull()
    const bytes = calls.filter(call => call.name === 'pwrite64' && isOn('/packs/1')(call))
    const synced = calls.find(call => isSync(call) && isOn('/packs/1')(call))
    const row = calls.find(call => call.name === 'pwrite64' && isOn('-wal')(call) && call.args.includes(subject))!
    expect(bytes.length).toBeGreaterThan(0)
    expect(synced).toMatchObject({ result: '0' })
    for (const { end } of bytes) expect(end).toBeLessThan(synced!.begin)
    expect(synced!.end).toBeLessThan(row.begin)
    // The file is new: so is its name.
    const name = calls.find(call => isSync(call) && isOn('/packs')(call))
    expect(name).toMatchObject({ result: '0' })
    expect(name!.end).toBeLessThan(row.begin)
  })

  it('an APPEND, and a STORE with its FETCH', async () => {
    const client = await imap()
    const text = letter('small-append')
    const trace = await traceOf(async () => {
      client.send(`c APPEND INBOX {${text.length}+}\r\n${text}\r\n`)
      expect((await client.tagged('c')).at(-1)).toMatch(/^c OK/)
      client.send('d STORE 1:* +FLAGS (kept-for-the-trace)\r\n')
      expect((await client.tagged('d')).join()).toContain('kept-for-the-trace')
      // As in `send`.
      client.send('e NOOP\r\n')
      await client.tagged('e')
    })
    client.close()
    const calls = callsOf(trace)
    expect(whyNotSynced(calls, 'small-append', saying(client.port, /c OK /))).toBeNull()
    expect(whyNotSynced(calls, 'kept-for-the-trace', saying(client.port, /d OK /))).toBeNull()
    expect(whyNotSynced(calls, 'kept-for-the-trace', saying(client.port, /FETCH \(.*kept-for-the-trace/))).toBeNull()
  })

  it('a message for elsewhere, which the queue has from then on', async () => {
    const client = await smtp(service.ports.submission)
    client.send(`AUTH PLAIN ${Buffer.from(`\0alice@example.org\0${password}`).toString('base64')}\r\n`)
    await client.reply('2')
    const to = 'queued-recipient@far.test'
    const trace = await traceOf(() => send(client, { from: 'alice@example.org', to, text: letter('submitted') }))
    client.close()
    expect(whyNotSynced(callsOf(trace), to, saying(client.port, /"250 2\.6\.0 /))).toBeNull()
  })
})
