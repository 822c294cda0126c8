/** Submission (RFC 6409) on 465 and 587: mail to anywhere, from those who signed in, under their own addresses. */
import type { Authenticator } from '../../accounts/authentication.ts'
import type { SendingLimits } from '../../accounts/sending/sending-limits.ts'
import type { Senders } from '../../mail/send-as.ts'
import { lineEndsRule } from '../../policy/inbound/line-ends.ts'
import { mailLoopRule } from '../../policy/inbound/mail-loop.ts'
import { InboundPolicy } from '../../policy/inbound/runner.ts'
import { sizeRule } from '../../policy/inbound/size.ts'
import { accepted, type Refusal, refuse, type Verdict } from '../../policy/inbound/verdict.ts'
import type { AccountRow } from '../../store/types.ts'
import { mendSubmission, readSubmissionHeader } from '../../wire/smtp/submission-header.ts'
import type { InboundOptions, RunningServer } from './inbound.ts'
import { createTextBudget } from './incoming-text.ts'
import { defaultLimits, type SmtpLimits } from './limits.ts'
import { overLimit } from './replies.ts'
import type { Role } from './role.ts'
import { SmtpServer } from './server.ts'

export interface SubmissionOptions extends InboundOptions {
  /** TLS from the first byte (465) rather than STARTTLS (587). */
  implicitTls: boolean
  /** Whether a password from this machine itself is taken without TLS. */
  plainTextAuth: boolean
  authenticator: Authenticator
  /** Told of what an account was refused. */
  refused?: Role['refused']
  /** Whether an account may send, and under which addresses. */
  senders: Senders
  /** Whether an account may send to so many now; null: to any number. */
  sendingLimits: Pick<SendingLimits, 'passes'> | null
}

export async function startSubmission(options: SubmissionOptions): Promise<RunningServer> {
  const limits = { ...defaultLimits, ...options.limits }
  const server = new SmtpServer({
    ...options,
    role: submissionRole(options, limits),
    limits,
    budget: options.budget ?? createTextBudget(limits),
  })
  const port = await server.start(options.host, options.port)
  return { port, close: graceMs => server.stop(graceMs) }
}

const headerTooLong = refuse('header-wrong', 552, '5.3.4', 'Header too long')
const oneFrom = refuse('header-wrong', 554, '5.6.0', 'A message has one From field')
const oneSender = refuse('header-wrong', 554, '5.6.0', 'A Sender field names one address')
const ambiguous = refuse('header-wrong', 554, '5.6.0', 'The addresses of From or Sender can be read in two ways')
const badFrom = refuse('header-wrong', 554, '5.6.0', 'No address in the From field')

const limitReached: Refusal = { accept: false, reason: 'over-limit', ...overLimit }

const sendingOff = refuse('sending-off', 550, '5.7.1', 'Sending is switched off for this mailbox; it still receives')

function notOwned(address: string): Refusal {
  return refuse('sender-not-owned', 550, '5.7.1', `<${address}>: Sender address rejected: not owned by user`)
}

function submissionRole(
  { door, senders, sendingLimits, authenticator, refused, hostname, clock }: SubmissionOptions,
  limits: SmtpLimits,
): Role {
  const policy = new InboundPolicy([
    sizeRule(limits.maxMessageBytes),
    lineEndsRule,
    mailLoopRule(limits.maxReceivedFields),
  ])
  // Cheap, so that nobody sends a long message for nothing; what counts is counted where the message is accepted.
  const limitRefusal = async (
    account: AccountRow | null,
    count: number,
    recipients: () => readonly string[],
  ): Promise<Refusal | null> =>
    account && sendingLimits && !(await sendingLimits.passes(account.accountId, count, recipients))
      ? limitReached
      : null
  const senderRefusal = async (account: AccountRow | null, address: string): Promise<Refusal | null> => {
    const problem = account ? await senders.problemOf(account, address) : 'not-owned'
    if (problem === 'sending-off')
      return refuse('sending-off', 550, '5.7.1', `<${address}>: Sending is switched off for this address`)
    if (problem === 'reads-only')
      return refuse(
        'sender-not-owned',
        550,
        '5.7.1',
        `<${address}>: You read this shared mailbox, but may not send for it`,
      )
    return problem && notOwned(address)
  }
  return {
    name: 'submission',
    authenticator,
    refused,
    connect: client => policy.judge('connect', client),
    helo: facts => policy.judge('helo', facts),

    async mail(facts, account) {
      const { reversePath } = facts
      if (account && !(await senders.maySend(account))) return sendingOff
      // The null reverse-path is for notifications of mail programs (RFC 8098 §3); their From field is checked all the same.
      const refusal = reversePath === '' ? null : await senderRefusal(account, reversePath)
      if (refusal) return refusal
      return (await limitRefusal(account, 0, () => [])) ?? (await policy.judge('mail', facts))
    },

    async rcpt({ recipient, others, declaredSize }, account): Promise<Verdict> {
      const check = await door.checkRecipient(recipient, { declaredSize, relay: true })
      if (!check.ok) return check.refusal
      return (await limitRefusal(account, others.length + 1, () => [...others, recipient])) ?? accepted
    },

    async message(facts, account) {
      // Switched off since MAIL: what is under way to a thousand recipients stops as well.
      if (account && !(await senders.maySend(account))) return sendingOff
      const verdict = await policy.judge('data', facts)
      if (!verdict.accept) return verdict
      const header = readSubmissionHeader(facts.bytes)
      if (!header) return headerTooLong
      if (header.fromFields !== 1) return oneFrom
      if (header.from.length === 0) return badFrom
      // What is checked has to be what readers are shown, whatever their program makes of it.
      if (header.isAmbiguous) return ambiguous
      // "Sender on behalf of From" is what readers see (RFC 5322 §3.6.2). An address elsewhere may stand there, since programs
      // put that of another account of their user.
      if (header.sender.length > 1) return oneSender
      const [sender] = header.sender
      const checked = sender !== undefined && (await senders.isOurs(sender)) ? [...header.from, sender] : header.from
      for (const address of checked) {
        const refusal = await senderRefusal(account, address)
        if (refusal) return refusal
      }
      const messageId = `${facts.id}@${hostname}`
      return { accept: true, bytes: mendSubmission(facts.bytes, header, { messageId, at: clock.now() }) }
    },
  }
}
