/**
 * Decides whether a message is answered by itself, and with what: for the automatic reply of the panel and for the
 * vacation action of scripts alike (RFC 3834, RFC 5230). Who was answered is remembered in the transaction that keeps the
 * message, so of two that come at once one is answered.
 */
import { createHash, randomUUID } from 'node:crypto'
import { isAscii } from '../../queue/address.ts'
import type { Store } from '../../store/store.ts'
import type { AutoReplyAudience } from '../../store/types/auto-reply.ts'
import type { Language } from '../../store/types/principals.ts'
import type { RuleMemory } from '../../store/types/rules.ts'
import type { AccountRow } from '../../store/types.ts'
import { flattenAddresses, parseAddresses } from '../../wire/mime/address.ts'
import { casemap } from '../../wire/mime/casemap.ts'
import { domainOf } from '../../wire/mime/domain-of.ts'
import { decodeEncodedWords } from '../../wire/mime/encoded-word.ts'
import type { SentByRule } from '../filter.ts'
import { type HeaderTexts, wantsNoAnswer } from './automatic.ts'
import { ADDRESSES_LOOKED_AT, REMEMBERED_REPLIES, REPLY_INTERVAL_MS } from './limits.ts'
import { isRemembered } from './memories.ts'
import { automaticSubject, composeReply } from './reply.ts'
import { type OwnAddresses, senderOfScript } from './script-sender.ts'

export interface WantedReply {
  /** What tells this reply from others of the account: each is given once to a sender in the interval. */
  handle: string
  intervalMs: number
  /** null: made from the subject of what is answered. */
  subject: string | null
  body: { text: string } | { mime: string }
  /** A wish, with or without a name; where it is null or none of the account's: its own, or the alias that was written to. */
  from: string | null
  /** Further addresses that are the owner's (RFC 5230 §4.5 `:addresses`). */
  addresses: readonly string[]
  audience: AutoReplyAudience
}

export interface AnsweredMessage {
  reversePath: string
  header: HeaderTexts
  at: number
  /** What earlier scripts of this message remember. */
  memories: readonly RuleMemory[]
}

/** What answers, and what keeps its sender from another. */
export interface Reply {
  sent: SentByRule
  memory: RuleMemory
}

export interface AutoReplierOptions {
  store: Pick<Store, 'read'>
  senders: OwnAddresses
  hostname: string
  defaultLanguage(): Promise<Language>
}

const ADDRESS_FIELDS = ['to', 'cc', 'bcc', 'resent-to', 'resent-cc', 'resent-bcc']

export class AutoReplier {
  readonly #options: AutoReplierOptions

  constructor(options: AutoReplierOptions) {
    this.#options = options
  }

  /** null where it isn't answered. */
  async reply(account: AccountRow, message: AnsweredMessage, wanted: WantedReply): Promise<Reply | null> {
    const { reversePath, header, at, memories } = message
    const { store, senders } = this.#options
    const { accountId } = account
    if (wantsNoAnswer(reversePath, header)) return null
    const hash = createHash('sha256').update(`${wanted.handle}\0${reversePath.toLowerCase()}`).digest()
    const memory = { accountId, kind: 'reply', at } as const
    if (isRemembered(memories, { kind: 'reply', hash })) return null
    if (await store.read('ruleMemory.has', { ...memory, hash })) return null
    if ((await senders.problemOf(account, reversePath)) === null) return null
    if (wanted.addresses.some(address => address.toLowerCase() === reversePath.toLowerCase())) return null
    const writtenTo = await this.#writtenTo(account, header, wanted.addresses)
    if (writtenTo === null || !(await this.#isInAudience(account, reversePath, wanted.audience))) return null
    if ((await store.read('ruleMemory.count', { ...memory, limit: REMEMBERED_REPLIES })) >= REMEMBERED_REPLIES)
      return null

    const bytes = await this.#compose(account, message, wanted, writtenTo)
    const interval = Math.min(Math.max(wanted.intervalMs, REPLY_INTERVAL_MS.least), REPLY_INTERVAL_MS.most)
    const smtpUtf8 = !isAscii(reversePath)
    const eightBit = smtpUtf8 || bytes.some(octet => octet > 0x7f)
    return {
      // RFC 3834 §3.3: nobody is told that an automatic reply did not arrive.
      sent: { reversePath: '', recipients: [reversePath], originalRecipient: null, bytes, smtpUtf8, eightBit },
      memory: { kind: 'reply', hash, until: at + interval },
    }
  }

  /**
   * Which of the owner's addresses it was sent to; null for none: a list, a group, a blind copy. One that only his script
   * takes for his (`further`) may be forwarded to him, but is not what the service says its mail is from.
   */
  async #writtenTo(account: AccountRow, header: HeaderTexts, further: readonly string[]): Promise<string | null> {
    const addresses = new Set<string>()
    for (const name of ADDRESS_FIELDS)
      for (const text of header(name))
        for (const { mailbox, host } of flattenAddresses(parseAddresses(text)))
          if (host !== '' && addresses.size < ADDRESSES_LOOKED_AT) addresses.add(`${mailbox}@${host}`)
    const written = [...addresses].map(address => address.toLowerCase())
    if (written.includes(account.address)) return account.address
    for (const address of addresses)
      if ((await this.#options.senders.problemOf(account, address)) === null) return address
    return further.some(address => written.includes(address.toLowerCase())) ? account.address : null
  }

  async #isInAudience(account: AccountRow, sender: string, audience: AutoReplyAudience): Promise<boolean> {
    const { store } = this.#options
    const domain = domainOf(sender).toLowerCase()
    switch (audience) {
      case 'everyone':
        return true
      case 'domain': {
        const found = await store.read('address.lookup', { address: sender.toLowerCase(), domain })
        return found.domain?.name === account.domain
      }
      case 'correspondents': {
        const { accountId } = account
        const sent = (await store.read('mailbox.list', { accountId })).find(({ specialUse }) => specialUse === 'sent')
        if (!sent) return false
        const { mailboxId } = sent
        const range = { accountId, mailboxId, from: 1, to: 0xffffffff, limit: 1 }
        const text = casemap(sender)
        for (const field of ['to', 'cc'] as const)
          if ((await store.read('message.containing', { ...range, field, text })).length > 0) return true
        return false
      }
    }
  }

  async #compose(
    account: AccountRow,
    { reversePath, header, at }: AnsweredMessage,
    { subject, body, from }: WantedReply,
    writtenTo: string,
  ): Promise<Buffer> {
    const { store, senders, hostname, defaultLanguage } = this.#options
    const owner = await store.read('principal.byId', { principalId: account.accountId })
    const language = owner?.language ?? (await defaultLanguage())
    return composeReply({
      from: (await senderOfScript(senders, account, from)) ?? { name: owner?.name ?? '', address: writtenTo },
      to: reversePath,
      subject: subject ?? automaticSubject(decodeEncodedWords(header('subject')[0] ?? ''), language),
      body,
      inReplyTo: /<[^<>\s]{1,500}>/.exec(header('message-id')[0] ?? '')?.[0] ?? null,
      references: header('references')[0] ?? onlyMessageId(header('in-reply-to')[0] ?? ''),
      date: at,
      messageId: `${randomUUID()}@${hostname}`,
    })
  }
}

/** RFC 5322 §3.6.4: what has no References but answers a single message belongs to that one's thread. */
function onlyMessageId(text: string): string | null {
  const ids = text.match(/<[^<>\s]{1,500}>/g) ?? []
  return ids.length === 1 ? ids[0] : null
}
