/**
 * What was sent lies once among what was sent, whatever mail programs do beside it: they file a copy of their own after they
 * sent, before, or at the same time, with other bytes. In the whole service, with a real IMAP client.
 */
import { ImapFlow } from 'imapflow'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { panelPassword } from './fixtures/panel.ts'
import type { Client } from './fixtures/smtp.ts'
import { panelOf, startTimedService, submitterOf, type TimedService } from './fixtures/timed-service.ts'

const alice = 'alice@example.org'
let service: TimedService
let imap: ImapFlow
let smtp: Client
beforeAll(async () => {
  service = await startTimedService({
    settings: { FACTEUR_DNS_SERVERS: '127.0.0.1:9' },
    async seed(store, add) {
      await store.write('domain.add', { name: 'example.org', at: 1 })
      await add(alice)
      await add('bob@example.org')
    },
  })
  await filing(true)
})
afterAll(() => service?.stop())
beforeEach(async () => {
  imap = new ImapFlow({
    host: '127.0.0.1',
    port: service.ports.imaps,
    secure: true,
    auth: { user: alice, pass: panelPassword },
    logger: false,
    tls: { rejectUnauthorized: false },
  })
  await imap.connect()
  smtp = await submitterOf(service, alice)
})
afterEach(async () => {
  await imap.logout()
  smtp.destroy()
})

async function filing(filesSentCopy: boolean): Promise<void> {
  const client = await panelOf(service, alice)
  const rules = { copiesCc: [], copiesBcc: [], filesSentCopy }
  expect((await client.put('/sending-rules', rules)).status).toBe(200)
}

let sent = 0
interface Written {
  id: string
  submitted: string
  /** As programs file it: with Bcc, another boundary, other fields around. */
  filed: string
}
function written(): Written {
  const id = `<${++sent}.${'a'.repeat(20)}@laptop.test>`
  const common = `From: ${alice}\r\nTo: bob@example.org\r\nSubject: Offer ${sent}\r\nDate: Mon, 23 Nov 2026 20:00:00 +0100\r\n`
  const body = (boundary: string) =>
    `MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n--${boundary}\r\n\r\nhello\r\n--${boundary}--\r\n`
  return {
    id,
    submitted: `${common}Message-ID: ${id}\r\n${body('one')}`,
    filed: `X-Mozilla-Status: 0001\r\nMessage-Id:\r\n ${id}\r\n${common}Bcc: boss@example.org\r\n${body('two')}`,
  }
}
const submit = async ({ submitted }: Written): Promise<void> =>
  expect(await smtp.deliver({ from: alice, to: ['bob@example.org'] }, submitted)).toMatch(/^250/)
const file = async ({ filed }: Written, flags = ['\\Seen']) => {
  const answer = await imap.append('Sent', filed, flags)
  if (!answer) throw new Error('not filed')
  return answer
}

/** UIDs of the messages in Sent that have that Message-ID. */
async function copies({ id }: Written): Promise<number[]> {
  const lock = await imap.getMailboxLock('Sent')
  try {
    return (await imap.search({ header: { 'message-id': id } }, { uid: true })) || []
  } finally {
    lock.release()
  }
}

it.each([
  ['files after it has sent, as Thunderbird does', ['\\Seen']],
  ['files with marks of its own, as Apple Mail does', ['\\Seen', '$NotJunk', 'NotJunk']],
])('a program that %s is told of the copy there is', async (_, flags) => {
  const message = written()
  await submit(message)
  const before = await copies(message)
  expect(before).toHaveLength(1)
  expect((await file(message, flags)).uid).toBe(before[0])
  expect(await copies(message)).toEqual(before)
})

it('a program that has Sent open while it sends sees one message come', async () => {
  const lock = await imap.getMailboxLock('Sent')
  const { exists } = imap.mailbox || { exists: -1 }
  lock.release()
  const message = written()
  await submit(message)
  await file(message)
  await imap.noop()
  expect(imap.mailbox ? imap.mailbox.exists : 0).toBe(exists + 1)
  const found = await imap.fetchOne('*', { flags: true, source: true })
  expect(found && [...(found.flags ?? [])]).toEqual(['\\Seen'])
})

it('a program that files before it sends has its own copy there, alone', async () => {
  const message = written()
  const { uid } = await file(message)
  await submit(message)
  expect(await copies(message)).toEqual([uid])
})

it('a program that files while it sends, on another connection, finds one of them', async () => {
  for (let i = 0; i < 40; i++) {
    const message = written()
    // So that both have their last step before them.
    for (const line of [`MAIL FROM:<${alice}>`, 'RCPT TO:<bob@example.org>', 'DATA']) await smtp.ask(line)
    smtp.send(message.submitted)
    const [answer, { uid }] = await Promise.all([smtp.ask('.'), file(message)])
    expect(answer).toMatch(/^250/)
    expect(await copies(message)).toEqual([uid])
  }
})

it('a program that sends the same again, since the answer was lost, files nothing more', async () => {
  const message = written()
  await Promise.all([submit(message), file(message)])
  await submit(message)
  await file(message)
  expect(await copies(message)).toHaveLength(1)
})

it('another message of the same Message-ID is filed beside the copy of the service', async () => {
  const message = written()
  await submit(message)
  // As a list sent it on, and as one mail program or another got it there.
  const fromList = `Received: from list.test ([192.0.2.1])\r\n by mx.test with ESMTP id 1;\r\n Mon, 23 Nov 2026 19:00:00 +0000\r\n${message.filed}`
  await imap.append('Sent', fromList, ['\\Seen'])
  expect(await copies(message)).toHaveLength(2)
  await imap.append('Sent', fromList, ['\\Seen'])
  await file(message)
  expect(await copies(message)).toHaveLength(2)
})

it('another message of the same Message-ID is filed beside what a mail program filed', async () => {
  const message = written()
  const { uid } = await file(message)
  const other = message.filed.replace('hello', 'what was meant')
  await imap.append('Sent', other, ['\\Seen'])
  expect(await copies(message)).toHaveLength(2)
  expect((await file(message)).uid).toBe(uid)
})

it('what is filed elsewhere, or where the service files nothing, stays what it was', async () => {
  const message = written()
  await submit(message)
  await imap.append('Drafts', message.filed, ['\\Draft'])
  const lock = await imap.getMailboxLock('Drafts')
  expect(await imap.search({ header: { 'message-id': message.id } })).toHaveLength(1)
  lock.release()

  await filing(false)
  const other = written()
  await submit(other)
  expect(await copies(other)).toEqual([])
  await file(other)
  await file(other)
  expect(await copies(other)).toHaveLength(2)
  await filing(true)
})
