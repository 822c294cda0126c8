/** One mail transaction (RFC 5321 §3.3), pipelined where the server allows it (RFC 2920); each recipient gets its own answer. */
import { classify } from '../../wire/report/explanation/explain.ts'
import type { RemoteTimeouts } from '../settings.ts'
import type { RemoteConnection } from './connection.ts'
import { dataChunks } from './data.ts'
import { SessionFailure } from './failure.ts'
import { answerText, type Reply, statusOf } from './reply.ts'
import { endOnAbort } from './session.ts'

export interface Transaction {
  mail: string
  recipients: string[]
  body: Uint8Array
}

export interface Answer {
  kind: 'delivered' | 'temporary' | 'permanent'
  status: string
  text: string
  /** The reply code, or null where the server didn't answer. */
  code: number | null
}

export interface TransactionOutcome {
  /** In the order of the recipients. */
  answers: Answer[]
  /** The server closed a kept connection before it answered anything, or takes no more on it: nothing was tried yet. */
  stale: boolean
  /** All was sent and no answer came: the message may have been taken, so that trying again at once could double it. */
  uncertain: boolean
  /** This side ended it. */
  stopped: boolean
}

export async function runTransaction(
  connection: RemoteConnection,
  transaction: Transaction,
  timeouts: RemoteTimeouts,
  signal: AbortSignal,
): Promise<TransactionOutcome> {
  const { recipients } = transaction
  const answers: (Answer | null)[] = recipients.map(() => null)
  const outcome: TransactionOutcome = { answers: [], stale: false, uncertain: false, stopped: false }
  const answerRest = (answer: Answer): void => {
    for (const [i, known] of answers.entries()) if (known === null) answers[i] = answer
  }
  const release = endOnAbort(connection, signal)
  let replies = 0
  const ask = async (timeoutMs: number, doing: string): Promise<Reply> => {
    const reply = await connection.reply(timeoutMs, doing)
    replies++
    outcome.uncertain = false
    // RFC 5321 §3.8: the server is going; what it has not answered yet is answered by this.
    if (reply.code === 421) throw closing(reply)
    return reply
  }

  const pipelined = connection.extensions.has('PIPELINING')
  const reset = connection.needsReset ? ['RSET'] : []
  const commands = [...reset, transaction.mail, ...recipients, 'DATA']
  let sent = 0
  const say = (): void => {
    if (!pipelined) connection.send(commands[sent++] ?? '')
  }

  const kept = connection.transactions++ > 0
  connection.needsReset = true
  try {
    if (pipelined) connection.send(...commands)
    if (reset.length > 0) {
      say()
      const reply = await ask(timeouts.hello, 'sending RSET')
      if (reply.code !== 250) throw closing(reply)
    }
    say()
    const mail = await ask(timeouts.mail, 'sending MAIL FROM')
    if (kept && isLater(mail)) {
      // So many messages a connection, some say this way instead of by 421; a new one tells.
      connection.destroy()
      outcome.stale = true
      return outcome
    }
    if (!isPositive(mail)) answerRest(refusedForNow(mail) ?? answerOf(mail))
    if (isPositive(mail) || pipelined)
      for (const i of recipients.keys()) {
        say()
        const reply = await ask(timeouts.recipient, 'sending RCPT TO')
        if (!isPositive(reply)) answers[i] ??= refusedForNow(reply) ?? recipientAnswer(reply)
      }
    const accepted = answers.includes(null)
    if (accepted || pipelined) {
      say()
      const data = await ask(timeouts.dataStart, 'sending DATA command')
      if (accepted && data.code === 354) await sendBody(data)
      else if (accepted) answerRest(isPositive(data) ? unexpected(data) : (refusedForNow(data) ?? answerOf(data)))
      // A server that wants data for nobody gets none (RFC 2920 §3.1), and after a refused MAIL is not trusted.
      else if (data.code === 354 && isPositive(mail)) await endEmpty()
      else if (data.code === 354) connection.destroy()
    }
  } catch (error) {
    if (!(error instanceof SessionFailure)) throw error
    outcome.stopped = error.kind === 'stopped'
    outcome.stale = kept && replies === 0 && !outcome.stopped
    const kind = error.permanent ? 'permanent' : 'temporary'
    answerRest({ kind, status: error.status, text: error.message, code: error.kind === 'refused' ? 421 : null })
    connection.destroy()
  } finally {
    release()
  }
  outcome.answers = answers.filter(answer => answer !== null)
  return outcome

  /** For want of TLS, which failed this once: the next connection may have it. */
  function refusedForNow(reply: Reply): Answer | null {
    if (!connection.tlsFailed || !asksForTls(reply)) return null
    connection.tlsMissed = true
    return { kind: 'temporary', status: '4.7.5', text: answerText(reply), code: reply.code }
  }

  async function sendBody(_: Reply): Promise<void> {
    const progress = await connection.write(dataChunks(transaction.body), timeouts.dataBlock, 'sending message body')
    // From here on the server may have the message: only its answer or its silence ends this.
    release()
    outcome.uncertain = progress === 'written'
    const end = await ask(timeouts.dataEnd, 'sending end of data -- message may be sent more than once')
    // Whatever it says yes to: not to a message of which it has a part, or nothing.
    if (isPositive(end) && progress === 'answered') answerRest(early(end, connection.name))
    else if (isPositive(end))
      answerRest({ kind: 'delivered', status: statusOf(end), text: answerText(end), code: end.code })
    else answerRest(answerOf(end))
    // An answer in the middle of the data leaves no place to go on from.
    if (progress === 'answered') connection.destroy()
    else connection.needsReset = false
  }

  async function endEmpty(): Promise<void> {
    connection.send('.')
    await ask(timeouts.dataEnd, 'ending an empty message')
  }
}

const isPositive = (reply: Reply): boolean => reply.code >= 200 && reply.code < 300
const isLater = (reply: Reply): boolean => reply.code >= 400 && reply.code < 500

function answerOf(reply: Reply): Answer {
  const kind = reply.code >= 500 ? 'permanent' : 'temporary'
  return { kind, status: statusOf(reply), text: answerText(reply), code: reply.code }
}

/** By the code (530: RFC 3207 §4, 538), by the status (5.7.10: RFC 8689, 5.7.11), or in words. */
function asksForTls(reply: Reply): boolean {
  const status = statusOf(reply)
  if (reply.code < 500) return false
  if (reply.code === 530 || reply.code === 538 || ['5.7.10', '5.7.11'].includes(status)) return true
  return classify({ status, text: answerText(reply), isRemote: true }) === 'tls-required'
}

/** RFC 5321 §4.5.3.1.10: a bare 552 means "too many recipients" and is temporary; with a status of its own it means what that says. */
function recipientAnswer(reply: Reply): Answer {
  const answer = answerOf(reply)
  if (reply.code !== 552 || answer.status !== '5.0.0') return answer
  return { ...answer, kind: 'temporary', status: '4.5.3' }
}

/** A reply that says yes where only 354 would do. */
function unexpected(reply: Reply): Answer {
  return { kind: 'temporary', status: '4.5.0', text: answerText(reply), code: reply.code }
}

/** A reply that says yes to data that has not been sent. */
function early(reply: Reply, server: string): Answer {
  const text = `${server} answered before it had the message: ${answerText(reply)}`
  return { kind: 'temporary', status: '4.5.0', text, code: reply.code }
}

function closing(reply: Reply): SessionFailure {
  return new SessionFailure('refused', statusOf(reply).replace(/^[^4]/, '4'), answerText(reply))
}
