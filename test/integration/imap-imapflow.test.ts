/** imapflow over a real socket, with all it negotiates by itself: TLS, COMPRESS, ENABLE, CONDSTORE, IDLE, special uses. */
import { ImapFlow, type ImapFlowOptions } from 'imapflow'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ImapServer, PASSWORD, startImapServer, USER } from './fixtures/imap.ts'

let server: ImapServer
const clients: ImapFlow[] = []

beforeAll(async () => {
  server = await startImapServer()
})

afterEach(async () => {
  await Promise.all(clients.splice(0).map(client => client.logout()))
  expect(server.errors).toEqual([])
})

afterAll(() => server.stop())

async function connect(options: Partial<ImapFlowOptions> = {}): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: server.imaps,
    secure: true,
    auth: { user: USER, pass: PASSWORD },
    logger: false,
    tls: { rejectUnauthorized: false },
    ...options,
  })
  await client.connect()
  clients.push(client)
  return client
}

/** Resolves with the next event of a client. */
const next = (client: ImapFlow, event: 'exists' | 'expunge' | 'flags'): Promise<unknown> =>
  new Promise(resolve => client.once(event, resolve))

describe('imapflow', () => {
  it('signs in under STARTTLS, and is refused with a wrong password', async () => {
    const client = await connect({ port: server.imap, secure: false, doSTARTTLS: true })
    expect(client.secureConnection).toBe(true)
    await expect(connect({ auth: { user: USER, pass: 'wrong' } })).rejects.toMatchObject({ authenticationFailed: true })
  })

  it('finds the mailboxes by their uses, and makes, renames, subscribes to and removes others', async () => {
    const client = await connect()
    const listed = await client.list()
    expect(listed.find(({ path }) => path === 'INBOX')).toMatchObject({ specialUse: '\\Inbox', delimiter: '/' })
    expect(listed.map(({ specialUse }) => specialUse)).toEqual(
      expect.arrayContaining(['\\Drafts', '\\Sent', '\\Trash']),
    )
    await client.mailboxCreate(['Été', 'À trier'])
    await client.mailboxSubscribe('Été/À trier')
    await client.mailboxRename('Été', 'Hiver')
    expect((await client.list()).map(({ path }) => path)).toContain('Hiver/À trier')
    expect(await client.status('Hiver/À trier', { messages: true, uidNext: true, highestModseq: true })).toMatchObject({
      messages: 0,
      uidNext: 1,
    })
    await client.mailboxDelete('Hiver/À trier')
    await client.mailboxDelete('Hiver')
  })

  it('reads the structure around a MESSAGE/GLOBAL, which IMAP4rev1 has without what is inside', async () => {
    const client = await connect({ disableIMAP4rev2: true })
    const global =
      'Content-Type: message/global\r\nContent-Disposition: attachment; filename=orig.eml\r\n\r\nSubject: x\r\n\r\ny'
    const parts = `\r\n--b\r\n\r\nSee below\r\n--b\r\n${global}\r\n--b\r\nContent-Type: image/png\r\n\r\nz\r\n--b--\r\n`
    const appended = await client.append('INBOX', `Content-Type: multipart/mixed; boundary=b\r\n${parts}`)
    const lock = await client.getMailboxLock('INBOX')
    try {
      const uid = appended ? `${appended.uid}` : ''
      const message = await client.fetchOne(uid, { bodyStructure: true }, { uid: true })
      if (!message) throw new Error('the message is not there')
      expect(message.bodyStructure).toMatchObject({
        type: 'multipart/mixed',
        childNodes: [
          { type: 'text/plain' },
          { type: 'message/global', disposition: 'attachment', dispositionParameters: { filename: 'orig.eml' } },
          { type: 'image/png' },
        ],
      })
    } finally {
      lock.release()
    }
  })

  it('appends and gets back a message byte for byte, and fetches what it lists', async () => {
    const client = await connect()
    const source =
      'From: Ann <ann@example.com>\r\nTo: bob@example.org\r\nSubject: =?utf-8?q?=C3=89t=C3=A9?=\r\n\r\nÀ bientôt\r\n'
    const appended = await client.append('INBOX', source, ['\\Seen', '$Label'], new Date('2020-02-03T04:05:06Z'))
    expect(appended).toMatchObject({ destination: 'INBOX', uid: expect.any(Number) })
    const lock = await client.getMailboxLock('INBOX')
    try {
      const uid = appended ? `${appended.uid}` : ''
      const message = await client.fetchOne(
        uid,
        {
          source: true,
          envelope: true,
          flags: true,
          internalDate: true,
          size: true,
          bodyStructure: true,
          emailId: true,
        } as never,
        { uid: true },
      )
      if (!message) throw new Error('the message is not there')
      expect(message.source?.toString()).toBe(source)
      expect(message.envelope).toMatchObject({ subject: 'Été', from: [{ name: 'Ann', address: 'ann@example.com' }] })
      expect([...(message.flags ?? [])]).toEqual(['\\Seen', '$Label'])
      expect(message.internalDate).toEqual(new Date('2020-02-03T04:05:06Z'))
      expect(message.size).toBe(Buffer.byteLength(source))
      expect(message.bodyStructure).toMatchObject({ type: 'text/plain' })
      expect(await client.search({ subject: 'été' }, { uid: true })).toContain(message.uid)
      expect(await client.search({ body: 'bientôt', keyword: '$Label' }, { uid: true })).toContain(message.uid)
    } finally {
      lock.release()
    }
  })

  it('changes flags, copies, moves and deletes', async () => {
    const client = await connect()
    await client.mailboxCreate('Work')
    for (let i = 0; i < 4; i++) await server.deliver('Work', `Subject: Work ${i}\r\n\r\n${i}\r\n`)
    const lock = await client.getMailboxLock('Work')
    try {
      expect(await client.messageFlagsAdd('1:2', ['\\Flagged', 'Urgent'])).toBe(true)
      expect(await client.messageFlagsRemove('1', ['Urgent'])).toBe(true)
      const flags = (await client.fetchAll('1:2', { flags: true })).map(({ flags }) => [...(flags ?? [])].sort())
      expect(flags).toEqual([['\\Flagged'], ['Urgent', '\\Flagged']])
      const copied = await client.messageCopy('2', 'INBOX')
      expect(copied).toMatchObject({ uidMap: new Map([[2, expect.any(Number)]]) })
      const moved = await client.messageMove('1', 'Trash')
      expect(moved).toMatchObject({ uidMap: new Map([[1, expect.any(Number)]]) })
      expect(await client.messageDelete('1')).toBe(true)
      expect(client.mailbox).toMatchObject({ exists: 2 })
    } finally {
      lock.release()
    }
  })

  it('is woken from IDLE by what comes, changes and goes', async () => {
    const watcher = await connect()
    await watcher.mailboxCreate('Watched')
    await watcher.mailboxOpen('Watched')
    const idling = watcher.idle()
    const arrived = next(watcher, 'exists')
    await server.deliver('Watched', 'Subject: News\r\n\r\nHello\r\n')
    expect(await arrived).toMatchObject({ path: 'Watched', count: 1, prevCount: 0 })
    const other = await connect()
    await other.mailboxOpen('Watched')
    const flagged = next(watcher, 'flags')
    await other.messageFlagsAdd('1', ['\\Flagged'])
    expect(await flagged).toMatchObject({ seq: 1, flags: new Set(['\\Flagged']) })
    const gone = next(watcher, 'expunge')
    await other.messageDelete('1')
    expect(await gone).toMatchObject({ path: 'Watched', seq: 1 })
    await watcher.noop()
    await idling
  })

  it('resynchronises with QRESYNC and CHANGEDSINCE', async () => {
    const first = await connect({ qresync: true })
    await first.mailboxCreate('Kept')
    for (let i = 0; i < 3; i++) await server.deliver('Kept', `Subject: ${i}\r\n\r\n${i}\r\n`)
    // The client goes on updating what it returned.
    const { highestModseq: before = 0n } = await first.mailboxOpen('Kept')
    await first.messageFlagsAdd('2', ['\\Seen'])
    await first.messageDelete('1')
    const again = await connect({ qresync: true })
    await again.mailboxOpen('Kept')
    const changed = await again.fetchAll('1:*', { flags: true, uid: true }, { changedSince: before })
    expect(changed.map(({ uid }) => uid)).toEqual([2])
    expect(changed[0]?.modseq).toBeGreaterThan(before)
  })
})
