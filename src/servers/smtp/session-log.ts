/** What the log tells: one line for each session and each message; no content, no passwords. */
import type { Log } from '../../ops/log.ts'
import type { ReasonCode } from '../../policy/inbound/verdict.ts'
import type { Outcome } from './intake.ts'
import type { Transaction } from './transaction.ts'

/** As many recipients a line names; of more it tells the number. */
const NAMED_RECIPIENTS = 50

export interface SessionFacts {
  remote: string
  helo: string | null
  tls: string | null
  user: string | null
}

export class SessionLog {
  readonly #log: Log
  readonly #startedAt: number
  #messages = 0
  readonly #refusals = new Map<ReasonCode, number>()

  constructor(log: Log, startedAt: number) {
    this.#log = log
    this.#startedAt = startedAt
  }

  /** A command was refused by a rule. */
  refused(reason: ReasonCode): void {
    this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1)
  }

  message(outcome: Outcome, transaction: Transaction, size: number, at: number, session: SessionFacts): void {
    const { code, status, text } = outcome.reply
    const accepted = code < 300
    if (accepted) this.#messages++
    this.#log.info(
      {
        id: outcome.id,
        reversePath: transaction.mail.reversePath,
        recipients: transaction.count,
        to: transaction.recipients.slice(0, NAMED_RECIPIENTS).map(({ address }) => address),
        queueId: outcome.queueId ?? undefined,
        size,
        answer: `${code} ${status} ${text}`,
        reason: outcome.reason ?? undefined,
        ms: at - transaction.startedAt,
        tls: session.tls,
        user: session.user ?? undefined,
      },
      accepted ? 'message accepted' : 'message refused',
    )
  }

  /** `isProbe`: a load balancer's look, which doesn't fill the log. */
  ended(at: number, session: SessionFacts, lastError: string | null, isProbe: boolean): void {
    const refusals = this.#refusals.size > 0 ? Object.fromEntries(this.#refusals) : undefined
    this.#log[isProbe && this.#messages === 0 && session.user === null ? 'debug' : 'info'](
      {
        ...session,
        messages: this.#messages,
        refusals,
        lastError: lastError ?? undefined,
        ms: at - this.#startedAt,
      },
      'session ended',
    )
  }
}
