/**
 * What is added to all that an account sends: copies to further addresses (Cc, shown to all, or Bcc), and the account's own
 * copy among what it sent, where its mail programs file none.
 */
import type { Store } from '../../store/store.ts'
import type { SendingRulesRow } from '../../store/types/rules.ts'
import { type AccountId, Flag, type Place } from '../../store/types.ts'
import { flattenAddresses, parseAddresses } from '../../wire/mime/address.ts'
import { foldHeader } from '../../wire/mime/fields.ts'
import { fieldText, readHeader } from '../../wire/mime/header.ts'
import type { EnvelopeRecipient, IncomingMessage } from '../accept.ts'
import type { Outgoing, PreparedMessage } from '../filter.ts'
import { SENT_LOOKED_AT } from './limits.ts'
import { SentCopies } from './sent-copies.ts'

export class OutgoingRules implements Outgoing {
  readonly #store: Pick<Store, 'read'>
  readonly #sentCopies: SentCopies

  constructor(store: Pick<Store, 'read'>) {
    this.#store = store
    this.#sentCopies = new SentCopies(store)
  }

  async prepare(accountId: AccountId, message: IncomingMessage): Promise<PreparedMessage> {
    const rules = await this.#store.read('sendingRules.get', { accountId })
    // A notification of a mail program (RFC 8098) is no message of its owner.
    if (!rules || message.reversePath === '') return { message, sentCopy: null }
    const copied = withCopies(message, rules)
    const sentCopy = rules.filesSentCopy ? await this.#sentCopy(accountId, message, copied.bytes) : null
    return { message: copied, sentCopy }
  }

  async #sentCopy(
    accountId: AccountId,
    { recipients }: IncomingMessage,
    bytes: Uint8Array,
  ): Promise<PreparedMessage['sentCopy']> {
    const sent = (await this.#store.read('mailbox.list', { accountId })).find(({ specialUse }) => specialUse === 'sent')
    const place: Place = { mailbox: sent?.name ?? 'Sent', flags: { system: Flag.Seen, keywords: [] }, create: true }
    // Some programs file their copy before they send.
    if (sent && (await this.#sentCopies.find(sent, bytes)) !== null) return null
    // Or just now: what counts is looked at as it is filed.
    return { bytes: withBcc(bytes, recipients), places: [place], onceAmong: SENT_LOOKED_AT }
  }
}

function withCopies(message: IncomingMessage, { copiesCc, copiesBcc }: SendingRulesRow): IncomingMessage {
  const known = new Set(message.recipients.map(({ address }) => address.toLowerCase()))
  const added = (addresses: readonly string[]): string[] =>
    addresses.filter(address => !known.has(address.toLowerCase()) && known.add(address.toLowerCase()))
  const cc = added(copiesCc)
  const bcc = added(copiesBcc)
  if (cc.length + bcc.length === 0) return message
  // Nobody waits for news of these: the sender did not name them.
  const recipients = [...cc, ...bcc].map(
    (address): EnvelopeRecipient => ({ address, notify: ['NEVER'], originalRecipient: null }),
  )
  return { ...message, recipients: [...message.recipients, ...recipients], bytes: withCc(message.bytes, cc) }
}

/** Those that the header names already stand there. */
function withCc(bytes: Uint8Array, addresses: readonly string[]): Uint8Array {
  const named = addressesIn(bytes)
  const missing = addresses.filter(address => !named.has(address.toLowerCase()))
  if (missing.length === 0) return bytes
  const { fields } = readHeader(bytes)
  const field = fields.findLast(({ name }) => name.toLowerCase() === 'cc')
  const list = missing.join(', ')
  if (!field || fieldText(bytes, field) === '') {
    const without = field ? Buffer.concat([bytes.subarray(0, field.start), bytes.subarray(field.end)]) : bytes
    return Buffer.concat([Buffer.from(foldHeader('Cc', list)), without])
  }
  // RFC 5322 §3.6 allows one Cc field.
  let end = field.end
  while (end > field.valueStart && /[\s,]/.test(String.fromCharCode(bytes[end - 1]!))) end--
  return Buffer.concat([
    bytes.subarray(0, end),
    Buffer.from(`,\r\n ${missing.join(',\r\n ')}\r\n`),
    bytes.subarray(field.end),
  ])
}

/** The copy of the sender shows whom he wrote to without telling the others (RFC 5322 §3.6.3). */
function withBcc(bytes: Uint8Array, recipients: readonly EnvelopeRecipient[]): Uint8Array {
  const named = addressesIn(bytes)
  const hidden = recipients.map(({ address }) => address).filter(address => !named.has(address.toLowerCase()))
  return hidden.length === 0 ? bytes : Buffer.concat([Buffer.from(foldHeader('Bcc', hidden.join(', '))), bytes])
}

function addressesIn(bytes: Uint8Array): Set<string> {
  const named = new Set<string>()
  for (const field of readHeader(bytes).fields)
    if (/^(?:to|cc)$/i.test(field.name))
      for (const { mailbox, host } of flattenAddresses(parseAddresses(fieldText(bytes, field))))
        named.add(`${mailbox}@${host}`.toLowerCase())
  return named
}
