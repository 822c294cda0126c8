/**
 * What webhooks are told of a message that came back: for programs that send and never read the bounce. Only of what an
 * account here submitted itself, since anyone can write our addresses into what he sends from elsewhere; never of a bounce.
 */
import { webhookEvent } from '../accounts/billing/events.ts'
import type { AnyOperation, Store } from '../store/store.ts'
import type { AccountId, AttemptResult } from '../store/types.ts'
import { fieldText, readHeader } from '../wire/mime/header.ts'
import { parseMessageId } from '../wire/mime/message-id.ts'
import { explain } from '../wire/report/explanation/explain.ts'

export interface BouncedMessage {
  /** null where it has none yet. */
  queueId: number | null
  /** As told in the answer to it; null where its trace is not known. */
  traceId: string | null
  reversePath: string
  accountId: AccountId | null
  envelopeId: string | null
  /** At least the header. */
  bytes: Uint8Array
}

export interface BouncedRecipient {
  address: string
  result: AttemptResult
}

/** To be committed with what settles the recipients; whether or not their sender wants a report (NOTIFY). */
export async function bounceEvents(
  store: Pick<Store, 'read'>,
  message: BouncedMessage,
  recipients: readonly BouncedRecipient[],
  at: number,
): Promise<AnyOperation[]> {
  const { queueId, traceId, reversePath, accountId, envelopeId, bytes } = message
  if (accountId === null || reversePath === '' || recipients.length === 0) return []
  const account = await store.read('account.byId', { accountId })
  if (!account) return []
  const messageId = messageIdOf(bytes)
  return recipients.map(({ address: recipient, result: { status, text, remoteHost } }) => {
    const isRemote = remoteHost !== null
    const explanation = explain({ status, text, action: 'failed', address: recipient, isRemote })
    return webhookEvent('message.bounced', {
      at,
      domain: account.domain,
      data: {
        address: account.address,
        id: traceId,
        queueId,
        messageId,
        envelopeId,
        sender: reversePath,
        recipient,
        status,
        answer: text,
        remoteHost,
        class: explanation.class,
        whoActs: explanation.whoActs,
        retryUseful: explanation.retryUseful,
        explanation: explanation.texts,
      },
    })
  })
}

function messageIdOf(bytes: Uint8Array): string | null {
  const field = readHeader(bytes).fields.find(({ name }) => name.toLowerCase() === 'message-id')
  const id = field ? parseMessageId(fieldText(bytes, field)) : ''
  return id === '' ? null : id
}
