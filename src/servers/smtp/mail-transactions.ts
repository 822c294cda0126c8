/**
 * MAIL, RCPT, DATA and BDAT of one session (RFC 5321 §3.3, RFC 3030 §2): their order, what the rules say, and the way of
 * a message's text to its answer. It knows the session by what it asks of it, and nothing of sockets.
 */
import type { Client } from '../../policy/inbound/rule.ts'
import type { ReasonCode, Verdict } from '../../policy/inbound/verdict.ts'
import type { TraceOrigin } from '../../store/types/trace.ts'
import type { AccountRow } from '../../store/types.ts'
import { type ChunkCommand, ChunkDecoder } from '../../wire/smtp/chunk.ts'
import { parseMail, parseRcpt } from '../../wire/smtp/command.ts'
import { DataDecoder } from '../../wire/smtp/data.ts'
import type { Reply } from '../../wire/smtp/reply.ts'
import type { Holder } from '../message-budget.ts'
import type { Body } from './command-stream.ts'
import { ChunkBody, DataBody, IncomingText, RefusedText } from './incoming-text.ts'
import { type Outcome, takeMessage } from './intake.ts'
import * as replies from './replies.ts'
import type { SmtpServer } from './server.ts'
import { Transaction } from './transaction.ts'

type Resume = () => void

/** What the transactions ask of their session. */
export interface MailSession {
  readonly client: Client
  readonly account: AccountRow | null
  /** Of the app password it signed in with. */
  readonly appPasswordId: string | null
  /** Ends the session where the sign-in counts no longer. */
  readonly over: Reply | null
  /** For the trace field. */
  readonly extended: boolean
  readonly tls: { version: string; cipher: string } | null
  /** Sends the answer and goes on. */
  answer(reply: Reply, resume: Resume): void
  /** Sends the answer and closes. */
  end(reply: Reply): void
  /** The client waits for us from now on, or no longer: idle timeouts must not count that. */
  waiting(on: boolean): void
  judge(verdict: Promise<Verdict>): Promise<Verdict | (Reply & { accept: false })>
  settled(outcome: Outcome, transaction: Transaction, text: IncomingText): void
}

export class MailTransactions {
  readonly #server: SmtpServer
  readonly #session: MailSession
  readonly #sessionId: string
  #utf8 = false
  #transaction: Transaction | null = null
  /** The text on its way in: between DATA and its end, or BDAT and the last chunk. */
  #text: IncomingText | null = null
  #messages = 0
  /** Of all transactions since the latest message that was accepted. */
  #excessRecipients = 0

  constructor(server: SmtpServer, sessionId: string, session: MailSession) {
    this.#server = server
    this.#sessionId = sessionId
    this.#session = session
  }

  get open(): boolean {
    return this.#transaction !== null
  }

  /** Whether the client of the latest transaction, which may have just ended, reads answers that aren't ASCII. */
  get utf8(): boolean {
    return this.#utf8
  }

  get receiving(): boolean {
    return this.#text !== null
  }

  /** RSET, and all that does the same; also the end of the session. */
  reset(): void {
    this.#transaction = null
    this.#text?.release()
    this.#text = null
  }

  async mail(line: string): Promise<Reply> {
    const { role, clock } = this.#server
    if (this.#transaction) return replies.nestedMail
    const mail = parseMail(line, { auth: role.authenticator !== null })
    this.#utf8 = mail.ok && mail.smtpUtf8
    if (!mail.ok) return mail.reply
    const { client, account } = this.#session
    const transaction = new Transaction(client, mail, clock.now())
    const verdict = await this.#session.judge(role.mail(transaction.facts, account))
    if (!verdict.accept) return this.#refused(transaction, null, verdict)
    this.#transaction = transaction
    return replies.senderOk
  }

  async rcpt(line: string): Promise<Reply> {
    const transaction = this.#transaction
    if (!transaction) return replies.mailFirst
    if (this.#text) return replies.chunksUnderWay
    const { maxRecipients, maxExcessRecipients } = this.#server.limits
    if (++transaction.asked > maxRecipients && ++this.#excessRecipients > maxExcessRecipients)
      return replies.tooManyErrors
    const recipient = parseRcpt(line, { smtpUtf8: transaction.mail.smtpUtf8 })
    if (!recipient.ok) return this.#refused(transaction, givenRecipient(line), recipient.reply)
    if (transaction.count >= maxRecipients && !transaction.has(recipient.address)) return replies.tooManyRecipients
    const facts = { ...transaction.facts, recipient: recipient.address, others: transaction.addresses }
    const verdict = await this.#session.judge(this.#server.role.rcpt(facts, this.#session.account))
    if (!verdict.accept) return this.#refused(transaction, recipient.address, verdict)
    transaction.add(recipient)
    return replies.recipientOk
  }

  get #origin(): TraceOrigin {
    const { client, account, appPasswordId, tls } = this.#session
    return {
      via: account ? 'submission' : 'smtp',
      remoteAddress: client.remoteAddress,
      helo: client.helo,
      tls: tls && `${tls.version} ${tls.cipher}`,
      credential: account?.address ?? null,
      appPasswordId: account ? appPasswordId : null,
    }
  }

  /**
   * Tells of it: whoever looks after what programs send, where somebody signed in; and the trace. Failures of our own are no
   * refusals to the first: the same is taken later.
   */
  #refused<R extends Reply & { reason?: ReasonCode | null }>(
    transaction: Transaction,
    recipient: string | null,
    reply: R,
    arrived: { id: string; size: number } | null = null,
  ): R {
    const { account } = this.#session
    const { mail } = transaction
    const { code, status, text } = reply
    const isOurs = reply.status === replies.unavailable.status || reply.status === replies.failure.status
    if (account && !isOurs)
      this.#server.role.refused?.(account, { sender: mail.reversePath, recipient, code, status, text })
    this.#server.trace?.refused({
      id: arrived?.id ?? '',
      accountId: account?.accountId ?? null,
      reversePath: mail.reversePath,
      recipients: recipient !== null ? [recipient] : arrived ? addressesOf(transaction) : [],
      sizeBytes: arrived?.size ?? mail.size,
      reason: reply.reason ?? (isOurs ? 'failure' : 'syntax'),
      answer: `${code} ${status} ${text}`,
      origin: this.#origin,
    })
    return reply
  }

  /** What follows DATA, or why nothing may. */
  data(): Body | Reply {
    const transaction = this.#ready()
    if (!(transaction instanceof Transaction)) return transaction
    if (this.#text) return replies.chunksUnderWay
    if (this.#server.budget.isFullFor(this.#holder)) return replies.busy
    const text = new IncomingText(this.#server, this.#holder, DataDecoder, () => this.#session.end(replies.tooSlow))
    this.#text = text
    return new DataBody(text, resume => void this.#complete(transaction, text, resume))
  }

  /**
   * What follows BDAT, which has to be read in any case. A chunk that is refused ends the transaction, so that those
   * pipelined behind it are refused too.
   */
  chunk({ size, last }: ChunkCommand, missing: Reply | null): Body {
    const transaction = missing ?? this.#ready()
    if (!(transaction instanceof Transaction)) return this.#refusedChunk(size, transaction)
    if (!this.#text && this.#server.budget.isFullFor(this.#holder)) return this.#refusedChunk(size, replies.busy)
    this.#text ??= new IncomingText(this.#server, this.#holder, ChunkDecoder, () => this.#session.end(replies.tooSlow))
    const text = this.#text
    return new ChunkBody(size, text, resume => {
      if (last || !text.sound) void this.#complete(transaction, text, resume)
      else this.#session.answer(replies.chunkTaken(size), resume)
    })
  }

  /** Whose share of the memory for messages a text takes. */
  get #holder(): Holder {
    const { account, client } = this.#session
    return account ? account.accountId : this.#server.strangerAt(client.remoteAddress)
  }

  #refusedChunk(size: number, reply: Reply): Body {
    this.reset()
    const text = new RefusedText(this.#server, () => this.#session.end(replies.tooSlow))
    return new ChunkBody(size, text, resume => this.#session.answer(reply, resume))
  }

  /** The transaction, where a text may follow it. */
  #ready(): Transaction | Reply {
    const transaction = this.#transaction
    if (!transaction) return replies.mailFirst
    if (transaction.count > 0) return transaction
    return transaction.asked > 0 ? replies.noRecipients : replies.rcptFirst
  }

  async #complete(transaction: Transaction, text: IncomingText, resume: Resume): Promise<void> {
    const { account, extended, over, tls } = this.#session
    if (over) {
      this.reset()
      this.#session.end(over)
      return
    }
    this.#session.waiting(true)
    this.#text = null
    const id = `${this.#sessionId}-${++this.#messages}`
    const origin = this.#origin
    const outcome = await takeMessage(this.#server, { id, transaction, text, account, extended, tls, origin })
    // What failed may still be under way somewhere; what was accepted is on disk.
    const accepted = outcome.reply.code < 300
    text.release(accepted)
    if (accepted) this.#excessRecipients = 0
    if (outcome.reply.code >= 400)
      this.#refused(transaction, null, { ...outcome.reply, reason: outcome.reason }, { id, size: text.facts.size })
    this.#transaction = null
    this.#session.waiting(false)
    this.#session.settled(outcome, transaction, text)
    this.#session.answer(outcome.reply, resume)
  }
}

const addressesOf = ({ recipients }: Transaction): string[] => recipients.map(({ address }) => address)

/** What of a RCPT line that is none helps to find it in the program it came from; RFC 5321 §4.5.3.1.3 allows a path 256 octets. */
const givenRecipient = (line: string): string => line.replace(/^RCPT\s+TO:\s*/i, '').slice(0, 256)
