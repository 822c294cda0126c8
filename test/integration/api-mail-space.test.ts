/** Space by folder, and emptying Trash and Junk over the API, while an IMAP session looks on. */
import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApiClient } from './api-client.ts'
import { panelPassword, people, signedIn, startPanelService } from './fixtures/panel.ts'
import type { Service } from './service.ts'

let service: Service
let client: ApiClient
let imap: ImapFlow

beforeAll(async () => {
  service = await startPanelService()
  client = await signedIn(service, 'owner')
  imap = new ImapFlow({
    host: '127.0.0.1',
    port: service.ports.imaps,
    secure: true,
    tls: { rejectUnauthorized: false },
    auth: { user: people.owner, pass: panelPassword },
    logger: false,
  })
  await imap.connect()
})
afterAll(async () => {
  await imap?.logout()
  await service?.stop()
})

const message = (size: number): Buffer => Buffer.from(`Subject: x\r\n\r\n${'x'.repeat(size - 14)}`)

it('is told folder by folder, largest first', async () => {
  await imap.append('INBOX', message(1000))
  await imap.append('Trash', message(5000))
  await imap.append('Trash', message(5000))
  await imap.append('Junk', message(2000))
  expect((await client.get('/mailbox/space')).json).toEqual({
    usedBytes: 13_000,
    quotaBytes: 100 * 1024 * 1024,
    messages: 4,
    folders: [
      { name: 'Trash', specialUse: 'trash', messages: 2, sizeBytes: 10_000 },
      { name: 'Junk', specialUse: 'junk', messages: 1, sizeBytes: 2000 },
      { name: 'INBOX', specialUse: null, messages: 1, sizeBytes: 1000 },
    ],
  })
})

it('is given back by emptying, and whoever has the folder open is told', async () => {
  await imap.mailboxOpen('Trash')
  const gone: number[] = []
  const all = new Promise<void>(resolve =>
    imap.on('expunge', ({ vanished, uid, seq }) => {
      gone.push((vanished ? uid : seq) ?? 0)
      if (gone.length === 2) resolve()
    }),
  )
  expect((await client.post('/mailbox/folders/trash/empty', undefined)).json).toEqual({ messages: 2 })
  await imap.noop()
  await all
  expect(gone).toHaveLength(2)
  const { json } = await client.get('/mailbox/space')
  expect(json).toMatchObject({ usedBytes: 3000, messages: 2 })
  expect((await client.post('/mailbox/folders/trash/empty', undefined)).json).toEqual({ messages: 0 })
})

it('is not given back by emptying any other folder, or one that is not there', async () => {
  for (const folder of ['inbox', 'sent', 'INBOX', '..%2f'])
    expect((await client.post(`/mailbox/folders/${folder}/empty`, undefined)).status).toBe(400)
  await imap.mailboxClose()
  await imap.mailboxDelete('Junk')
  expect((await client.post('/mailbox/folders/junk/empty', undefined)).json).toMatchObject({
    status: 404,
    code: 'folder-not-found',
  })
  expect((await client.get('/mailbox/space')).json).toMatchObject({ usedBytes: 1000 })
})
