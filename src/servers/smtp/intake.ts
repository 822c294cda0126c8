/** The end of the data: what the rules say of the message, its trace field, and the way through the door. */
import type tls from 'node:tls'
import type { ReasonCode } from '../../policy/inbound/verdict.ts'
import { StoreError } from '../../store/store.ts'
import type { AccountRow } from '../../store/types.ts'
import { receivedField } from '../../wire/smtp/received.ts'
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
  tls: tls.CipherNameAndProtocol | null
}

export interface Outcome {
  reply: Reply
  reason: ReasonCode | null
}

/** Never rejects: what goes wrong here is a temporary failure to the client, and an error in the log. */
export async function takeMessage(server: SmtpServer, arrival: Arrival): Promise<Outcome> {
  try {
    return await judgeAndAccept(server, arrival)
  } catch (error) {
    if (error instanceof StoreError && error.code === 'over-quota')
      return { reply: replies.mailboxFull, reason: 'mailbox-full' }
    server.log.error({ id: arrival.id, err: error }, 'message not stored')
    const reply = error instanceof StoreError && error.code === 'unavailable' ? replies.unavailable : replies.failure
    return { reply, reason: 'storage-unavailable' }
  }
}

async function judgeAndAccept(server: SmtpServer, arrival: Arrival): Promise<Outcome> {
  const { transaction, text, account } = arrival
  const recipients = transaction.recipients
  const verdict = await server.role.message(
    {
      ...transaction.facts,
      id: arrival.id,
      recipients: recipients.map(({ address }) => address),
      content: text.facts,
      bytes: text.take(),
    },
    account,
  )
  if (!verdict.accept) return { reply: verdict, reason: verdict.reason }

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
    tls: arrival.tls && { version: arrival.tls.version, cipher: arrival.tls.standardName },
    id: arrival.id,
    recipient: recipients.length === 1 ? recipients[0]!.address : null,
    at: server.clock.now(),
  })
  const accepted = await server.door.accept({
    id: arrival.id,
    reversePath: mail.reversePath,
    recipients,
    bytes: Buffer.concat([Buffer.from(received), verdict.bytes]),
    accountId: account?.accountId ?? null,
    ret: mail.ret,
    envelopeId: mail.envelopeId,
    smtpUtf8: mail.smtpUtf8,
    eightBit: text.facts.eightBit,
  })
  return { reply: replies.accepted(accepted.id), reason: null }
}
