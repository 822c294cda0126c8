/** Copies of all that an account sends, to further addresses and among what it sent: whatever its mail program does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SendingRulesRow } from '../../src/store/types/rules.ts'
import { Flag, type MailboxRow } from '../../src/store/types.ts'
import { Client, plainAuth, type SmtpService, startSmtp } from './fixtures/smtp.ts'

let service: SmtpService
let client: Client
let accountId: number
beforeEach(async () => {
  service = await startSmtp()
  accountId = service.accounts.get('anna@here.test')!
  client = await Client.greeted(service.ports.submissions, { tls: true })
  await client.ask(`AUTH PLAIN ${plainAuth('anna@here.test', 'secret')}`)
})
afterEach(async () => {
  client.destroy()
  await service.close()
})

const rules = (over: Partial<SendingRulesRow>) =>
  service.store.write('sendingRules.set', {
    accountId,
    copiesCc: [],
    copiesBcc: [],
    filesSentCopy: false,
    updatedAt: 1,
    ...over,
  })

const head = 'From: anna@here.test\r\nDate: Mon, 23 Nov 2026 20:00:00 +0000\r\nMessage-ID: <one@here.test>\r\n'
async function send(header = 'To: far@away.test\r\n', to = ['far@away.test']): Promise<void> {
  const answer = await client.deliver({ from: 'anna@here.test', to }, `${head}${header}\r\nhello\r\n`)
  expect(answer).toMatch(/^250 2\.6\.0 /)
}

async function sent(): Promise<{ mailbox: MailboxRow; texts: string[]; flags: number[] }> {
  const mailbox = await service.store.read('mailbox.byName', { accountId, name: 'Sent' })
  if (!mailbox) throw new Error('nothing was filed')
  const page = { accountId, mailboxId: mailbox.mailboxId, from: 1, to: 0xffffffff, limit: 100 }
  const rows = await service.store.read('message.withEmail', page)
  const texts = await Promise.all(
    rows.map(async ({ blobHash }) => Buffer.from(await service.store.blobs.read(blobHash)).toString()),
  )
  return { mailbox, texts, flags: rows.map(({ flags }) => flags.system) }
}

describe('an automatic copy', () => {
  it('goes to its addresses, those of Cc named to all, those of Bcc to nobody', async () => {
    await rules({ copiesCc: ['boss@else.test'], copiesBcc: ['archive@else.test', 'bob@here.test'] })
    await send()
    const queued = await service.queue()
    expect(queued.map(({ address, notify }) => [address, notify])).toEqual([
      ['far@away.test', null],
      ['boss@else.test', ['NEVER']],
      ['archive@else.test', ['NEVER']],
    ])
    expect(await service.inbox('bob@here.test')).toHaveLength(1)
    expect(queued[0]!.text).toMatch(/^Cc: boss@else\.test\r$/m)
    expect(queued[0]!.text).not.toContain('archive@else.test')
    expect(queued[0]!.text).not.toContain('bob@here.test')
  })

  it('joins the Cc field there is, and goes to nobody twice', async () => {
    await rules({ copiesCc: ['boss@else.test', 'far@away.test'], copiesBcc: ['Boss@else.test'] })
    await send('To: Far@away.test\r\nCc: One <one@else.test>,\r\n two@else.test\r\nSubject: x\r\n', ['far@away.test'])
    const queued = await service.queue()
    expect(queued.map(({ address }) => address)).toEqual(['far@away.test', 'boss@else.test'])
    expect(queued[0]!.text).toContain(
      '\r\nCc: One <one@else.test>,\r\n two@else.test,\r\n boss@else.test\r\nSubject: x\r\n',
    )
  })

  it('takes the place of an empty Cc field', async () => {
    await rules({ copiesCc: ['boss@else.test'] })
    await send('To: far@away.test\r\nCc: \r\n')
    const [{ text } = { text: '' }] = await service.queue()
    expect(text.match(/^Cc:.*$/gm)).toEqual(['Cc: boss@else.test'])
  })

  it('is not made of what a mail program notifies, nor of what others send', async () => {
    await rules({ copiesBcc: ['archive@else.test'] })
    await client.deliver({ from: '', to: ['far@away.test'] }, `${head}\r\nread\r\n`)
    const inbound = await Client.greeted(service.ports.inbound)
    await inbound.deliver({ from: 'far@away.test', to: ['anna@here.test'] }, 'From: far@away.test\r\n\r\nhello\r\n')
    inbound.destroy()
    expect((await service.queue()).map(({ address }) => address)).toEqual(['far@away.test'])
  })
})

describe('the copy among what was sent', () => {
  it('is filed as read, with those it went to unseen by the others', async () => {
    await rules({ filesSentCopy: true, copiesBcc: ['archive@else.test'] })
    await send('To: far@away.test\r\n', ['far@away.test', 'secret@away.test', 'bob@here.test'])
    const { mailbox, texts, flags } = await sent()
    expect(mailbox).toMatchObject({ messages: 1, unseen: 0, subscribed: true })
    expect(flags).toEqual([Flag.Seen])
    expect(texts[0]).toMatch(/^Bcc: secret@away\.test, bob@here\.test\r\nReceived: /)
    expect(texts[0]).not.toContain('Return-Path')
    for (const { text } of await service.queue()) expect(text).not.toContain('secret@away.test')
  })

  it('goes where the account keeps what it sent, whatever its name', async () => {
    await service.store.write('mailbox.create', { accountId, name: 'Envoyés', specialUse: 'sent', at: 1 })
    await rules({ filesSentCopy: true })
    await send()
    expect(await service.store.read('mailbox.byName', { accountId, name: 'Envoyés' })).toMatchObject({ messages: 1 })
    expect(await service.store.read('mailbox.byName', { accountId, name: 'Sent' })).toBeNull()
  })

  it('is not filed after the one that the mail program has filed, nor twice', async () => {
    const mailbox = await service.store.write('mailbox.create', { accountId, name: 'Sent', specialUse: 'sent', at: 1 })
    await rules({ filesSentCopy: true })
    await service.append(mailbox, `${head}To: far@away.test\r\n\r\nhello\r\n`)
    await send()
    await send()
    expect((await sent()).texts).toHaveLength(1)
    expect(await service.queue()).toHaveLength(2)
  })

  it('is left out where there is no room for it: the message goes all the same', async () => {
    await rules({ filesSentCopy: true })
    await service.store.write('account.setQuota', { accountId, quotaBytes: 10 })
    await send()
    expect((await service.queue()).map(({ address }) => address)).toEqual(['far@away.test'])
    expect(service.log.some(({ message }) => message === 'no room for the copy in Sent')).toBe(true)
  })

  it('and what arrives are two, where one writes to oneself', async () => {
    await rules({ filesSentCopy: true })
    await send('To: anna@here.test\r\n', ['anna@here.test'])
    expect((await sent()).texts).toHaveLength(1)
    expect(await service.inbox('anna@here.test')).toHaveLength(1)
  })
})
