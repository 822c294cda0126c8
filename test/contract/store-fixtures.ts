/** What the store's tests put into it. */
import { randomBytes } from 'node:crypto'
import type { Damage, Store } from '../../src/store/store.ts'
import type { WebhookRow } from '../../src/store/types/webhooks.ts'
import type {
  AccountId,
  Delivery,
  EmailIndex,
  Flags,
  MailboxId,
  MailboxRow,
  NewEmail,
  NewQueueMessage,
  UidRange,
} from '../../src/store/types.ts'

export const all: UidRange[] = [{ from: 1, to: 0xffffffff }]
export const noFlags: Flags = { system: 0, keywords: [] }

export function emailIndex(over: Partial<EmailIndex> = {}): EmailIndex {
  return {
    sentAt: null,
    sentDay: null,
    messageId: '',
    references: [],
    subject: 'HELLO',
    baseSubject: 'HELLO',
    isReplyOrForward: false,
    from: '"ANN" <ANN@ONE.TEST>',
    to: 'BOB@TWO.TEST',
    cc: '',
    bcc: '',
    sortFrom: 'ANN',
    sortTo: 'BOB',
    sortCc: '',
    displayFrom: 'ANN',
    displayTo: 'BOB@TWO.TEST',
    ...over,
  }
}

export async function mailboxAt(
  store: Pick<Store, 'read'>,
  { accountId, mailboxId }: { accountId: AccountId; mailboxId: MailboxId },
): Promise<MailboxRow | null> {
  const mailboxes = await store.read('mailbox.list', { accountId })
  return mailboxes.find(mailbox => mailbox.mailboxId === mailboxId) ?? null
}

/** An email whose size is that of its bytes. */
export async function newEmail(
  store: Store,
  content: string | Uint8Array = randomBytes(16).toString('hex'),
  index: Partial<EmailIndex> = {},
): Promise<NewEmail> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return {
    blob: await store.blobs.stage(bytes),
    sizeBytes: bytes.byteLength,
    envelope: `(envelope of ${bytes.byteLength})`,
    bodyStructure: '("TEXT" "PLAIN")',
    preview: 'é ☃ preview',
    index: emailIndex(index),
    headerFields: `Subject: of ${bytes.byteLength} \xe9\r\n\r\n`,
  }
}

/** Into one mailbox, unread. */
export function delivery(accountId: AccountId, email: NewEmail, mailbox = 'INBOX'): Delivery {
  return { accountId, email, places: [{ mailbox, flags: noFlags }] }
}

export async function newQueueMessage(
  store: Store,
  recipients: { address: string; destination?: string; at?: number }[],
  content = 'queued',
): Promise<NewQueueMessage> {
  const bytes = Buffer.from(content)
  return {
    reversePath: 'ann@one.test',
    blob: await store.blobs.stage(bytes),
    sizeBytes: bytes.byteLength,
    accountId: null,
    ret: null,
    envelopeId: null,
    smtpUtf8: false,
    eightBit: true,
    recipients: recipients.map(({ address, destination, at }) => ({
      address,
      destination: destination ?? address.slice(address.indexOf('@') + 1),
      notify: null,
      originalRecipient: null,
      nextAttemptAt: at ?? 0,
    })),
  }
}

/** A domain and an account in it, with its INBOX. */
export async function newAccount(
  store: Store,
  address = 'ann@one.test',
  quotaBytes: number | null = null,
): Promise<{ accountId: AccountId; inbox: MailboxId }> {
  const domain = address.slice(address.indexOf('@') + 1)
  const known = await store.read('domain.list', {})
  if (!known.some(({ name }) => name === domain)) await store.write('domain.add', { name: domain, at: 1 })
  const { accountId } = await store.write('account.add', {
    address,
    passwordHash: null,
    quotaBytes,
    mailboxes: [],
    at: 1_000_000,
  })
  const inbox = await store.read('mailbox.byName', { accountId, name: 'INBOX' })
  if (!inbox) throw new Error('the account has no INBOX')
  return { accountId, inbox: inbox.mailboxId }
}

/** Appends one message for each of the flags given. */
export async function append(
  store: Store,
  place: { accountId: AccountId; mailboxId: MailboxId },
  flags: Flags[],
): Promise<{ uids: number[]; emailIds: number[]; modseq: number }> {
  const messages = await Promise.all(
    flags.map(async each => ({ email: await newEmail(store), flags: each, internalDate: 5000 })),
  )
  return store.write('message.append', { ...place, messages, at: 9000 })
}

export async function damagesOf(store: Pick<Store, 'verify'>): Promise<Damage[]> {
  const damages: Damage[] = []
  for await (const damage of store.verify()) damages.push(damage)
  return damages
}

/** As staff make it, for all domains. */
export const newWebhook = (webhookId: string, over: Partial<WebhookRow> = {}): WebhookRow => ({
  webhookId,
  domain: null,
  url: 'https://hooks.example/',
  description: '',
  secretEncrypted: Buffer.from('sealed'),
  events: ['plan.changed'],
  isEnabled: true,
  disabledReason: null,
  failingSince: null,
  lastSuccessAt: null,
  createdBy: 'staff@one.test',
  createdAt: 1,
  updatedAt: 1,
  ...over,
})
