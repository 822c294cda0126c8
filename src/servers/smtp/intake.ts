/** The end of the data: what the rules say of the message, its trace field, and the way through the door. */
import { DeliveryRefused } from '../../mail/accept.ts'
import { loopTurns } from '../../mail/loop-turns.ts'
import type { ReasonCode } from '../../policy/inbound/verdict.ts'
import { StoreError } from '../../store/store.ts'
import type { TraceOrigin } from '../../store/types/trace.ts'
import type { AccountRow } from '../../store/types.ts'
import { withFieldOnTop } from '../../wire/mime/headroom.ts'
import { belowTrace, receivedField } from '../../wire/smtp/received.ts'
import type { Reply } from '../../wire/smtp/reply.ts'
import type { IncomingText } from './incoming-text.ts'
import * as replies from './replies.ts'
import type { SmtpServer } from './server.ts'
import type { Transaction } from './transaction.ts'

export interface Arrival {
  id: string
  transaction: Transaction
  text: IncomingText
  account: AccountRow | null
  /** EHLO rather than HELO. */
  extended: boolean
  tls: { version: string; cipher: string } | null
  origin: TraceOrigin
}

export interface Outcome {
  id: string
  reply: Reply
  reason: ReasonCode | null
  /** Where the log of deliveries goes on, if anyone's copy was queued. */
  queueId?: number | null
}

/** Never rejects: what goes wrong here is a temporary failure to the client, and an error in the log. */
export async function takeMessage(server: SmtpServer, arrival: Arrival): Promise<Outcome> {
  const { id } = arrival
  try {
    await loopTurns.take()
    return await judgeAndAccept(server, arrival)
  } catch (error) {
    if (error instanceof DeliveryRefused) return { id, reply: error.refusal, reason: error.refusal.reason }
    if (error instanceof StoreError && error.code === 'over-quota')
      return { id, reply: replies.mailboxFull, reason: 'mailbox-full' }
    if (error instanceof StoreError && error.code === 'over-limit')
      return { id, reply: replies.overLimit, reason: 'over-limit' }
    server.log.error({ id, err: error }, 'message not stored')
    const reply = error instanceof StoreError && error.code === 'unavailable' ? replies.unavailable : replies.failure
    return { id, reply, reason: 'storage-unavailable' }
  }
}

async function judgeAndAccept(server: SmtpServer, arrival: Arrival): Promise<Outcome> {
  const { id, transaction, text, account } = arrival
  const recipients = transaction.recipients
  const bytes = belowTrace(text.whole())
  const verdict = await server.role.message(
    {
      ...transaction.facts,
      id,
      recipients: recipients.map(({ address }) => address),
      bytes,
      content: text.facts,
    },
    account,
  )
  if (!verdict.accept) return { id, reply: verdict, reason: verdict.reason }

  const { mail } = transaction
  const received = receivedField({
    helo: transaction.facts.helo,
    clientAddress: transaction.facts.remoteAddress,
    by: server.hostname,
    protocol: {
      extended: arrival.extended,
      tls: arrival.tls !== null,
      authenticated: account !== null,
      utf8: mail.smtpUtf8,
    },
    tls: arrival.tls,
    id,
    recipient: recipients.length === 1 ? recipients[0]!.address : null,
    at: server.clock.now(),
  })
  const accepted = await server.door.accept({
    id,
    reversePath: mail.reversePath,
    recipients,
    bytes: withFieldOnTop(received, verdict.bytes),
    accountId: account?.accountId ?? null,
    ret: mail.ret,
    envelopeId: mail.envelopeId,
    smtpUtf8: mail.smtpUtf8,
    eightBit: text.facts.eightBit,
    origin: arrival.origin,
  })
  return { id, reply: replies.accepted(accepted.id), reason: null, queueId: accepted.queueId }
}
