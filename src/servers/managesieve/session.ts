/**
 * A ManageSieve session (RFC 5804): takes commands one at a time, in order, and answers each. What goes wrong unexpectedly
 * is logged and answered with NO; the session goes on.
 */

import { Breather } from '../../mail/breather.ts'
import { steadyTime } from '../../ops/clock.ts'
import { parseCommand } from '../../wire/managesieve/command.ts'
import { SIGN_IN_LITERAL_BYTES } from '../../wire/managesieve/limits.ts'
import { type Received, Receiver } from '../../wire/managesieve/receiver.ts'
import { bye, no, ok } from '../../wire/managesieve/reply.ts'
import { type Connection, endLevel, type Session } from '../connection.ts'
import { STOPPING_IDLE_MS, UNCOUNTED_BYTES } from '../limits.ts'
import { createMessageBudget } from '../message-budget.ts'
import { ConnectionClosed } from '../outgoing.ts'
import { farewells } from '../sign-in-over.ts'
import { capabilitiesOf, refusalOf, run } from './commands.ts'
import { ManageSieveContext, type ManageSieveServices } from './context.ts'
import { BAD_COMMANDS, COMMAND_MS, IDLE_MS, LITERAL_IDLE_MS, SIGN_IN_IDLE_MS, SIGN_IN_TOTAL_MS } from './limits.ts'

/** For clients that are one too many; see ListenerOptions. */
export const manageSieveRefusal = bye('Too many connections: try again later', 'TRYLATER')

export function createManageSieveSession(
  dependencies: Omit<ManageSieveServices, 'budget'> & Partial<ManageSieveServices>,
): (connection: Connection) => Session {
  const services = { ...dependencies, budget: dependencies.budget ?? createMessageBudget() }
  return connection => new ManageSieveSession(connection, services)
}

class ManageSieveSession implements Session {
  readonly #connection: Connection
  readonly #services: ManageSieveServices
  readonly #receiver = new Receiver(SIGN_IN_LITERAL_BYTES)
  readonly #context: ManageSieveContext
  readonly #openedAt: number
  #badCommands = 0
  #commands = 0
  #user: string | null = null
  /** When the literal that is coming in was first waited for. */
  #literalSince: number | null = null
  #stopping = false

  constructor(connection: Connection, services: ManageSieveServices) {
    this.#connection = connection
    this.#services = services
    this.#openedAt = steadyTime(services.clock)
    services.activity?.opened()
    this.#context = new ManageSieveContext(connection, services, this.#receiver)
  }

  async open(): Promise<void> {
    this.#connection.setIdleTimeout(SIGN_IN_IDLE_MS)
    await this.#connection.write(`${capabilitiesOf(this.#context)}${ok('ManageSieve ready')}`)
  }

  async receive(bytes: Uint8Array): Promise<void> {
    const context = this.#context
    this.#receiver.push(bytes)
    const breather = new Breather()
    while (!context.ending) {
      const received = this.#receiver.next()
      if (received.kind === 'need-more') break
      if (this.#signInTookTooLong()) return this.#throwOut('Sign-in took too long')
      await this.#connection.write(await this.#replyTo(received))
      const afterReply = context.afterReply
      context.afterReply = null
      await afterReply?.()
      // The command is over, and holds nothing any more.
      context.releaseShare()
      this.#endLiteral()
      await this.#endIfStopping()
      await breather.pause()
    }
    if (this.#signInTookTooLong()) return this.#throwOut('Sign-in took too long')
    await this.#holdLiteral()
    if (context.ending) this.#connection.end()
  }

  /** Counts the memory of a literal that is coming in; reads on when there is room for more of it. A stranger's is small. */
  async #holdLiteral(): Promise<void> {
    const { held } = this.#receiver
    if (held === 0 || this.#context.ending || !this.#context.isSignedIn) return
    const now = steadyTime(this.#services.clock)
    if (this.#literalSince === null) this.#waitFor(LITERAL_IDLE_MS)
    this.#literalSince ??= now
    if (now - this.#literalSince > COMMAND_MS) return this.#throwOut('The command took too long')
    if (held > UNCOUNTED_BYTES) await this.#context.hold(held)
  }

  #endLiteral(): void {
    if (this.#literalSince === null) return
    this.#literalSince = null
    if (this.#context.isSignedIn) this.#waitFor(IDLE_MS)
  }

  /** For the client's next octet. */
  #waitFor(ms: number): void {
    this.#connection.setIdleTimeout(this.#stopping ? STOPPING_IDLE_MS : ms)
  }

  async timeout(): Promise<void> {
    await this.#connection.write(bye('Nothing was heard for too long'))
  }

  async shutdown(): Promise<void> {
    this.#stopping = true
    this.#waitFor(STOPPING_IDLE_MS)
    await this.#endIfStopping()
  }

  /** A script that is coming in is taken whole. A stranger could hold up the end with half a line. */
  async #endIfStopping(): Promise<void> {
    const { ending, isSignedIn } = this.#context
    if (!this.#stopping || ending || (isSignedIn && this.#receiver.isMidCommand)) return
    await this.#throwOut('The service is stopping', 'TRYLATER')
  }

  closed(): void {
    const { id: connection, remoteAddress: remote, tls } = this.#connection
    this.#context.closed()
    this.#services.activity?.closed()
    const ms = Math.round(steadyTime(this.#services.clock) - this.#openedAt)
    const session = { connection, remote, user: this.#user, tls: tls?.version ?? null, commands: this.#commands, ms }
    this.#services.log[endLevel(this.#connection, this.#user)](session, 'managesieve session ended')
  }

  async #replyTo(received: Exclude<Received, { kind: 'need-more' }>): Promise<string> {
    const context = this.#context
    const continuation = context.continuation
    context.continuation = null
    try {
      if (received.kind === 'problem') {
        if (received.fatal) context.ending = true
        return this.#bad(received.text, received.tooLarge)
      }
      const { tokens } = received
      if (continuation) {
        const [answer] = tokens
        if (answer?.kind !== 'string' || tokens.length > 1) return no('The response is not a string')
        return await continuation(answer.bytes.toString('latin1'))
      }
      if (tokens.length === 0) return this.#bad('A command is expected', false)
      const command = parseCommand(tokens)
      if ('problem' in command) return this.#bad(command.problem, false)
      this.#commands++
      if (context.over !== null && command.name !== 'LOGOUT') {
        context.ending = true
        return bye(farewells[context.over].text)
      }
      this.#services.activity?.command(command.name)
      return await run(context, command)
    } catch (error) {
      return this.#failure(error)
    } finally {
      this.#user = context.user ?? this.#user
    }
  }

  #bad(text: string, tooLarge: boolean): string {
    if (++this.#badCommands >= BAD_COMMANDS) this.#context.ending = true
    return this.#context.ending ? bye(text) : no(text, tooLarge ? 'QUOTA/MAXSIZE' : undefined)
  }

  #failure(error: unknown): string {
    if (error instanceof ConnectionClosed) throw error
    const refusal = refusalOf(error)
    if (refusal) return this.#context.ending ? bye(refusal.message) : no(refusal.message, refusal.code)
    const { id: connection } = this.#connection
    this.#services.log.error({ connection, user: this.#context.user, err: error }, 'managesieve command failed')
    return no('The service could not do it now: try again later', 'TRYLATER')
  }

  #signInTookTooLong(): boolean {
    const { isSignedIn, ending, strangerSince } = this.#context
    return !isSignedIn && !ending && steadyTime(this.#services.clock) - strangerSince > SIGN_IN_TOTAL_MS
  }

  async #throwOut(text: string, code?: 'TRYLATER'): Promise<void> {
    this.#context.ending = true
    await this.#connection.write(bye(text, code))
    this.#connection.end()
  }
}
