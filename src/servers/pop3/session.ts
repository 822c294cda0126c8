/**
 * A POP3 session: takes commands one at a time, in order (PIPELINING, RFC 2449 §6.6), runs them through the table and
 * answers each.
 *
 * - Only QUIT removes messages; a session that ends in any other way leaves the maildrop as it was (RFC 1939 §3).
 * - What goes wrong unexpectedly is logged and answered with SYS/TEMP; the session goes on.
 */

import type { SignInOver } from '../../accounts/authentication.ts'
import { Breather } from '../../mail/breather.ts'
import { steadyTime } from '../../ops/clock.ts'
import { StoreError } from '../../store/store.ts'
import type { Command, CommandName } from '../../wire/pop3/command.ts'
import { type Received, Receiver } from '../../wire/pop3/receiver.ts'
import { err, ok } from '../../wire/pop3/reply.ts'
import { type Connection, endLevel, type Session } from '../connection.ts'
import { createMessageBudget } from '../message-budget.ts'
import { ConnectionClosed } from '../outgoing.ts'
import { farewells } from '../sign-in-over.ts'
import type { Pop3Command } from './command.ts'
import { commands } from './commands/index.ts'
import { Pop3Context, type Pop3Services, Refusal } from './context.ts'
import { BAD_LINES, SIGN_IN_IDLE_MS, SIGN_IN_TOTAL_MS } from './limits.ts'

/** For clients that are one too many; see ListenerOptions. */
export const pop3Refusal = err('Too many connections: try again later', 'SYS/TEMP')

export function createPop3Session(
  dependencies: Omit<Pop3Services, 'budget'> & Partial<Pop3Services>,
): (connection: Connection) => Session {
  const services = { ...dependencies, budget: dependencies.budget ?? createMessageBudget() }
  return connection => new Pop3Session(connection, services)
}

class Pop3Session implements Session {
  readonly #connection: Connection
  readonly #services: Pop3Services
  readonly #context: Pop3Context
  readonly #receiver = new Receiver()
  readonly #openedAt: number
  #badLines = 0
  #commands = 0

  constructor(connection: Connection, services: Pop3Services) {
    this.#connection = connection
    this.#services = services
    this.#openedAt = steadyTime(services.clock)
    services.activity?.opened()
    this.#context = new Pop3Context(connection, services, this.#receiver)
  }

  async open(): Promise<void> {
    this.#connection.setIdleTimeout(SIGN_IN_IDLE_MS)
    await this.#connection.write(ok(`${this.#services.settings.hostname} POP3 ready`))
  }

  async receive(bytes: Uint8Array): Promise<void> {
    const context = this.#context
    this.#receiver.push(bytes)
    const breather = new Breather()
    while (!context.ending) {
      const received = this.#receiver.next()
      if (received.kind === 'need-more') break
      if (this.#signInTookTooLong()) return this.#throwOut('Sign-in took too long')
      await this.#answer(received)
      await breather.pause()
    }
    if (this.#signInTookTooLong()) return this.#throwOut('Sign-in took too long')
    if (context.ending) this.#connection.end()
  }

  /** RFC 1939 §3: nothing is removed and nothing is said. */
  async timeout(): Promise<void> {}

  async shutdown(): Promise<void> {
    await this.#connection.write(err('The service is stopping', 'SYS/TEMP'))
    this.#connection.end()
  }

  closed(): void {
    const { user, retrieved, removed } = this.#context
    this.#context.closed()
    this.#services.activity?.closed()
    this.#services.log[endLevel(this.#connection, user)](
      {
        connection: this.#connection.id,
        remote: this.#connection.remoteAddress,
        user,
        tls: this.#connection.tls?.version ?? null,
        commands: this.#commands,
        retrieved,
        removed,
        ms: Math.round(steadyTime(this.#services.clock) - this.#openedAt),
      },
      'pop3 session ended',
    )
  }

  async #answer(received: Exclude<Received, { kind: 'need-more' }>): Promise<void> {
    const context = this.#context
    await this.#connection.write(await this.#replyTo(received))
    const afterReply = context.afterReply
    context.afterReply = null
    await afterReply?.()
  }

  async #replyTo(received: Exclude<Received, { kind: 'need-more' }>): Promise<string> {
    const context = this.#context
    const lineHandler = context.lineHandler
    context.lineHandler = null
    try {
      switch (received.kind) {
        case 'command':
          this.#commands++
          if (context.over !== null) return this.#overReply(context.over)
          return await this.#run(received.command)
        case 'line':
          return lineHandler ? await lineHandler(received.line) : err('No line is expected')
        case 'problem':
          if (received.fatal || ++this.#badLines >= BAD_LINES) context.ending = true
          return err(received.text)
      }
    } catch (error) {
      return this.#failure(error)
    }
  }

  async #run(command: Command): Promise<string> {
    this.#services.activity?.command(command.name)
    // The table pairs each name with its command; the compiler can't follow that for a name not known before.
    const entry = commands[command.name] as Pop3Command<CommandName>
    const { state } = this.#context
    if (entry.states.includes(state)) return entry.run(this.#context, command)
    return err(state === 'authorization' ? 'Sign in first' : `${command.name} is not possible after sign-in`)
  }

  #failure(error: unknown): string {
    if (error instanceof ConnectionClosed) throw error
    if (error instanceof Refusal) return err(error.message, error.code)
    const { id: connection } = this.#connection
    this.#services.log.error({ connection, user: this.#context.user, err: error }, 'pop3 command failed')
    // RFC 3206 §4: SYS/PERM is for what needs a person to look at it.
    if (error instanceof StoreError && error.code === 'damaged') return err('The message is damaged', 'SYS/PERM')
    return err('The service could not do it now: try again later', 'SYS/TEMP')
  }

  #signInTookTooLong(): boolean {
    return (
      this.#context.state === 'authorization' &&
      !this.#context.ending &&
      steadyTime(this.#services.clock) - this.#openedAt > SIGN_IN_TOTAL_MS
    )
  }

  /** RFC 3206 §4: AUTH asks for another credential. Whatever the command, QUIT too, nothing is done for it. */
  #overReply(over: SignInOver): string {
    this.#context.ending = true
    return err(farewells[over].text, 'AUTH')
  }

  async #throwOut(text: string): Promise<void> {
    this.#context.ending = true
    await this.#connection.write(err(text))
    this.#connection.end()
  }
}
