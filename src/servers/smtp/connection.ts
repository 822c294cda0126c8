/**
 * One client's session. smtp-server keeps the socket, TLS, timeouts, AUTH exchanges and the order of commands; this
 * class gives the commands that carry mail their full meaning: what the rules say, RFC 5321's addresses, the parameters
 * of extensions, the data, and answers with enhanced status codes of their own.
 *
 * - 250 to a message is sent when the door has said that it is durable, and not before.
 * - What a client has under way is given back when it is gone, whatever it was doing.
 */
import type net from 'node:net'
import type tls from 'node:tls'
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import type { MailSignedIn, OpenSignIn } from '../../accounts/authentication.ts'
import { steadyTime } from '../../ops/clock.ts'
import type { Client } from '../../policy/inbound/rule.ts'
import type { Verdict } from '../../policy/inbound/verdict.ts'
import type { AccountRow } from '../../store/types.ts'
import { parseBdat } from '../../wire/smtp/chunk.ts'
import type { Reply } from '../../wire/smtp/reply.ts'
import { replyLines } from '../../wire/smtp/reply-lines.ts'
import { authSyntaxProblem, isAuthResponse } from './auth-syntax.ts'
import { CommandStream, tooLong } from './command-stream.ts'
import { countCommand, hasParameters, isWorking } from './command-words.ts'
import { endWithClient, keepOpenForAnswers } from './half-open.ts'
import type { IncomingText } from './incoming-text.ts'
import type { Outcome } from './intake.ts'
import { type MailSession, MailTransactions } from './mail-transactions.ts'
import * as replies from './replies.ts'
import type { SmtpServer } from './server.ts'
import { type SessionFacts, SessionLog } from './session-log.ts'
import type { Transaction } from './transaction.ts'

type Done = () => void

const enhanced = /^[245]\.\d{1,3}\.\d{1,3} /

export class SmtpConnection extends SMTPConnection implements MailSession {
  declare _parser: CommandStream | false
  readonly #server: SmtpServer
  /** The socket as accepted, which STARTTLS puts another in front of. */
  readonly #accepted: net.Socket
  readonly #log: SessionLog
  readonly #transactions: MailTransactions
  /** EHLO rather than HELO. */
  extended = false
  appPasswordId: string | null = null
  #errors = 0
  #authFailures = 0
  #idleCommands = 0
  /** Of the beginning, or of the last message that was taken. */
  #messageAt: number
  /** For the client's next command, or for TLS. */
  #patience: NodeJS.Timeout | null = null
  #corked = false
  #ended = false
  /** Whether the session has to end with the answer that is under way. */
  #retiring = false
  #open: OpenSignIn | null = null

  constructor(server: SmtpServer, socket: net.Socket | tls.TLSSocket, options?: SMTPConnectionOptions | null) {
    super(server, socket, options)
    keepOpenForAnswers(socket)
    this.#server = server
    this.#accepted = socket
    this.#messageAt = steadyTime(server.clock)
    this.#transactions = new MailTransactions(server, this.id, this)
    this.#log = new SessionLog(server.log.child({ connection: this.id, server: server.role.name }), server.clock.now())
  }

  // The session

  /** Greets at the next turn of the event loop, when what came too early has been seen (RFC 5321 §3.1), not after a fixed wait. */
  override init(): void {
    this._setListeners(() => setImmediate(() => this._closed || this.connectionReady()))
    this.#await(this.#server.limits.idleMs)
  }

  #await(ms: number): void {
    if (this.#patience) clearTimeout(this.#patience)
    this.#patience = setTimeout(() => this.#tooLate(), ms)
  }

  /** The library counts each octet as a sign of life. A message's text has a time of its own, and who waits for us has all of it. */
  #tooLate(): void {
    const isText = this._parser ? this._parser._dataMode : false
    if (this._upgrading) this._socket.destroy()
    else if (this._handlerPending || isText) this.#await(this.#server.limits.idleMs)
    else this.end(replies.tooLate)
  }

  /**
   * A text that begins with an enhanced status code keeps it: the library knows but one for each reply code. Its `context` is what the
   * client called a command that is none, which names no status, even where the library has one of that name (`LHLO`).
   */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    // RFC 2920 §3.2: the answers to commands sent together go together.
    const more = this._parser ? this._parser.pipelined : false
    if (more && !this.#corked) {
      this.#corked = true
      this._socket.cork()
    }
    const first = Array.isArray(data) ? data[0] : data
    const hasNone = context === false || (typeof first === 'string' && enhanced.test(first))
    super.send(code, data, hasNone ? false : undefined)
    if (code === 535 && ++this.#authFailures === this.#server.limits.maxAuthFailures)
      this.end(replies.tooManyAuthFailures)
    if (code >= 500 && ++this.#errors === this.#server.limits.maxErrors) this.end(replies.tooManyErrors)
  }

  #uncork(): void {
    if (this.#corked) this._socket.uncork()
    this.#corked = false
  }

  override _whenWritable(next: Done): void {
    if (this._socket.writableNeedDrain) this.#uncork()
    super._whenWritable(next)
  }

  override upgrade(callback: Done, secureCallback?: Done): void {
    this.#uncork()
    if (this._socket.readableEnded) {
      this.close()
      return
    }
    const { handshakeMs, idleMs } = this.#server.limits
    this.#await(handshakeMs)
    endWithClient(this._socket)
    super.upgrade(callback, () => {
      keepOpenForAnswers(this._socket)
      this.#await(idleMs)
      secureCallback?.()
    })
  }

  #reply(reply: Reply): void {
    this.send(reply.code, replyLines(reply, this.#transactions.utf8))
  }

  answer(reply: Reply, done: Done): void {
    this.#reply(reply)
    if (this.#retiring && !this._closing) this.end(replies.closing)
    this._whenWritable(done)
  }

  end(reply: Reply): void {
    this.#reply(reply)
    this.close()
  }

  override _createParser(): CommandStream {
    // The library's constructor calls this: no field of this class is there yet.
    const stream = new CommandStream((this._server as SmtpServer).limits.maxCommandBytes)
    stream.onidle = () => this.#uncork()
    // The client ended its side, and all that came before has been answered.
    stream.once('finish', () => stream === this._parser && this.close())
    stream.oncommand = (command, resume) => this._onCommand(command, resume)
    stream.onwrong = (problem, resume) => {
      const inExchange = this._nextHandler !== false
      this._nextHandler = false
      if (!this._ready) this.end(replies.tooSoon(this.name))
      else if (this._upgrading) resume()
      else if (problem.code === 421) this.end(problem)
      else if (inExchange) this.answer(problem === tooLong ? replies.authTooLong : replies.authNoBase64, resume)
      else this.answer(problem, resume)
    }
    return stream
  }

  override _onCommand(command: Buffer, callback: Done = () => {}): void {
    if (!this._upgrading) this.#patience?.refresh()
    if (!this._upgrading && !this._nextHandler) countCommand(this.#server.activity, command)
    const problem = this._upgrading ? null : this.#outOfTurn(command)
    if (problem) this.end(problem)
    else if (this._nextHandler && !isAuthResponse(command)) {
      this._nextHandler = false
      this.answer(replies.authNoBase64, callback)
    } else super._onCommand(command, callback)
  }

  #outOfTurn(command: Buffer): Reply | null {
    if (!this._ready) return replies.tooSoon(this.name)
    if (this.#retiring) return replies.closing
    const { over } = this
    if (over) return over
    if (this._nextHandler || isWorking(command)) return null
    const { maxIdleCommands, withoutMessageMs } = this.#server.limits
    if (steadyTime(this.#server.clock) - this.#messageAt > withoutMessageMs) return replies.tooLongWithoutMessage
    return ++this.#idleCommands > maxIdleCommands ? replies.tooIdle : null
  }

  override _resetSession(): void {
    super._resetSession()
    this.#transactions.reset()
  }

  override _onError(error: Error): void {
    // The way a connection breaks; `close` follows and gives back what it held.
    this.#server.log.debug({ connection: this.id, err: error }, 'connection failed')
    this.close()
  }

  override _onClose(): void {
    super._onClose()
    if (this.#ended) return
    this.#ended = true
    if (this.#patience) clearTimeout(this.#patience)
    this.#transactions.reset()
    this.#open?.end()
    this.#server.left(this.#accepted)
    this.#log.ended(this.#server.clock.now(), this.#facts(), this.session.error ?? null, this.ignore === true)
  }

  /** The service is stopping: ends the session now where nothing is under way, else with the answer. */
  retire(): void {
    this.#retiring = true
    if (this._ready && !this.#transactions.receiving && !this._handlerPending) this.end(replies.closing)
  }

  /** Its client learns of the end of it with its next command, or with the answer to the message under way. */
  signedIn({ follow, appPasswordId }: MailSignedIn): void {
    this.appPasswordId = appPasswordId
    this.#open?.end()
    this.#open = this.#ended ? null : follow(() => {})
  }

  get over(): Reply | null {
    const over = this.#open?.over ?? null
    return over && replies.signInOver(over)
  }

  get account(): AccountRow | null {
    return this.session.user || null
  }

  get client(): Client {
    return { remoteAddress: this.remoteAddress, helo: this.hostNameAppearsAs || null, secure: this.secure }
  }

  get tls(): MailSession['tls'] {
    const { tlsOptions } = this
    return tlsOptions ? { version: tlsOptions.version, cipher: tlsOptions.standardName } : null
  }

  waiting(on: boolean): void {
    this._handlerPending = on
  }

  settled(outcome: Outcome, transaction: Transaction, text: IncomingText): void {
    if (outcome.reply.code < 300) {
      this.#idleCommands = this.#errors = this._unrecognizedCommands = 0
      this.#messageAt = steadyTime(this.#server.clock)
    }
    const { size } = text.facts
    this.#log.message(outcome, transaction, size, this.#server.clock.now(), this.#facts())
    this._resetSession()
  }

  #facts(): SessionFacts {
    const { tls } = this
    return {
      remote: this.remoteAddress,
      helo: this.hostNameAppearsAs || null,
      tls: tls && `${tls.version} ${tls.cipher}`,
      user: this.account?.address ?? null,
    }
  }

  /** A rule's or service's failure is ours, not the client's. */
  async judge(verdict: Promise<Verdict>): Promise<Verdict | (Reply & { accept: false })> {
    try {
      const answer = await verdict
      if (!answer.accept) this.#log.refused(answer.reason)
      return answer
    } catch (error) {
      this.#server.log.error({ connection: this.id, err: error }, 'rule failed')
      return { accept: false, ...replies.failure }
    }
  }

  // Commands

  override handler_EHLO(command: Buffer, done: Done): void {
    void this.#hello(command, done)
  }

  override handler_HELO(command: Buffer, done: Done): void {
    void this.#hello(command, done)
  }

  async #hello(command: Buffer, done: Done): Promise<void> {
    const [word = '', name = '', ...more] = command.toString('latin1').trim().split(/ +/)
    const verb = word.toUpperCase()
    // RFC 5321 §4.1.1.1 asks for a domain or address literal; clients send other words too, but none so long. Outlook gives the name
    // of its computer, in whatever character set Windows has.
    const helo = name.replace(/[^!-~]/g, '?')
    const wrong = helo === '' || more.length > 0 || helo.length > 255
    const verdict = wrong ? null : await this.judge(this.#server.role.helo({ ...this.client, helo }))
    if (!verdict) this.send(501, `Syntax: ${verb} host name`, false)
    else if (!verdict.accept) this.#reply(verdict)
    else {
      this.hostNameAppearsAs = helo
      this.extended = verb === 'EHLO'
      this._resetSession()
      this.send(250, this.extended ? [this.name, ...this.#extensions()] : this.name, false)
    }
    done()
  }

  #extensions(): string[] {
    const list = ['PIPELINING', `SIZE ${this.#server.limits.maxMessageBytes}`, '8BITMIME', 'SMTPUTF8']
    // CHUNKING without BINARYMIME: docs/decisions/0006-smtp-server.md
    list.push('ENHANCEDSTATUSCODES', 'DSN', 'CHUNKING')
    if (!this.secure && this._isSupported('STARTTLS')) list.push('STARTTLS')
    if (this.#server.role.authenticator && this.#server.mayAuthenticate(this.secure, this.remoteAddress))
      list.push('AUTH PLAIN LOGIN')
    return list
  }

  override handler_AUTH(command: Buffer, done: Done): void {
    const problem = this.#authProblem() ?? authSyntaxProblem(command)
    if (problem) this.answer(problem, done)
    else super.handler_AUTH(command, done)
  }

  #authProblem(): Reply | null {
    if (!this.#server.role.authenticator) return replies.noAuth
    if (!this.#server.mayAuthenticate(this.secure, this.remoteAddress)) return replies.startTlsFirst
    return this.#transactions.open ? replies.authInTransaction : null
  }

  override handler_RSET(command: Buffer, done: Done): void {
    if (hasParameters(command)) this.answer(replies.noParameters('RSET'), done)
    else super.handler_RSET(command, done)
  }

  override handler_QUIT(command: Buffer, done: Done): void {
    if (hasParameters(command)) this.answer(replies.noParameters('QUIT'), done)
    else super.handler_QUIT(command, done)
  }

  override handler_HELP(_command: Buffer, done: Done): void {
    this.answer(replies.help, done)
  }

  override handler_VRFY(command: Buffer, done: Done): void {
    this.answer(/^VRFY +\S/i.test(command.toString()) ? replies.verify : replies.verifySyntax, done)
  }

  handler_EXPN(_command: Buffer, done: Done): void {
    this.answer(replies.notImplemented, done)
  }

  handler_ETRN(_command: Buffer, done: Done): void {
    this.answer(replies.notImplemented, done)
  }

  /** What has to be before a transaction; null where it is. */
  #missing(): Reply | null {
    if (!this.#server.role.authenticator || this.account) return null
    return this.#server.mayAuthenticate(this.secure, this.remoteAddress) ? replies.authRequired : replies.startTlsFirst
  }

  override handler_MAIL(command: Buffer, done: Done): void {
    const missing = this.#missing()
    if (missing) this.answer(missing, done)
    else void this.#transactions.mail(command.toString()).then(reply => this.answer(reply, done))
  }

  override handler_RCPT(command: Buffer, done: Done): void {
    const missing = this.#missing()
    if (missing) this.answer(missing, done)
    else void this.#transactions.rcpt(command.toString()).then(reply => this.answer(reply, done))
  }

  override handler_DATA(command: Buffer, done: Done): void {
    const stream = this._parser
    const syntax = hasParameters(command) ? replies.noParameters('DATA') : null
    const body = this.#missing() ?? syntax ?? this.#transactions.data()
    if ('code' in body || !stream) this.answer('code' in body ? body : replies.failure, done)
    // What stands behind DATA before its answer would be run as commands by some and taken for the text by others.
    else if (stream.pipelined) this.end(replies.unauthorizedPipelining)
    else {
      stream.receive(body)
      this.send(354, 'End data with <CR><LF>.<CR><LF>')
      done()
    }
  }

  handler_BDAT(command: Buffer, done: Done): void {
    const stream = this._parser
    const chunk = parseBdat(command.toString())
    // Nobody knows then where the next command begins.
    if (!chunk || !stream) this.end(replies.chunkSyntax)
    else {
      stream.receive(this.#transactions.chunk(chunk, this.#missing()))
      done()
    }
  }
}
