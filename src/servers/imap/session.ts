/**
 * An IMAP session: takes commands from the receiver one at a time, runs them through the table and answers.
 *
 * - Nothing but `#exclusively` runs commands and tells of changes, so an answer is never cut by another.
 * - Every command gets exactly one tagged answer; what goes wrong unexpectedly is logged and answered with SERVERBUG.
 * - A command's untagged data, the changes it may tell of, and its tagged answer leave together; they wait for those of commands in the
 *   same packet no longer than a turn of the loop.
 */

import { Breather } from '../../mail/breather.ts'
import { loopTurns } from '../../mail/loop-turns.ts'
import { steadyTime } from '../../ops/clock.ts'
import type { CommandBody, Received } from '../../wire/imap/command.ts'
import { DEFAULT_LIMITS } from '../../wire/imap/limits.ts'
import { createReceiver } from '../../wire/imap/receiver.ts'
import { continuation, problemResponse, tagged, untagged } from '../../wire/imap/status-response.ts'
import { freeMemory } from '../../wire/memory.ts'
import { type Connection, endLevel, type Session } from '../connection.ts'
import { STOPPING_IDLE_MS, UNCOUNTED_BYTES } from '../limits.ts'
import { createMessageBudget } from '../message-budget.ts'
import { ConnectionClosed } from '../outgoing.ts'
import { farewells } from '../sign-in-over.ts'
import { capabilities } from './capabilities.ts'
import { bad, type Completion, type ImapCommand, no, ok, type Reports, type State } from './command.ts'
import { commandNamed } from './commands/index.ts'
import { ImapContext, type ImapDependencies } from './context.ts'
import { completionOf, isStoreFault } from './errors.ts'
import { FaultLog } from './fault-log.ts'
import {
  AUTHENTICATED_IDLE_MS,
  BAD_COMMANDS,
  BAD_COMMANDS_BEFORE_SIGN_IN,
  COMMAND_MS,
  LITERAL_IDLE_MS,
  SIGN_IN_IDLE_MS,
  SIGN_IN_MS,
  TOLD_AGAIN_LONGEST_MS,
  TOLD_AGAIN_MS,
} from './limits.ts'
import { reportChanges } from './report.ts'
import { SavedResult } from './saved-result.ts'
import { usesNumbers } from './uid-only.ts'

export function createImapSession(
  dependencies: Omit<ImapDependencies, 'budget' | 'faults'> & Partial<ImapDependencies>,
): (connection: Connection) => Session {
  const { budget = createMessageBudget(), faults = new FaultLog(dependencies) } = dependencies
  const services = { ...dependencies, budget, faults }
  return connection => new ImapSession(connection, services)
}

class ImapSession implements Session {
  readonly #connection: Connection
  readonly #services: ImapDependencies
  readonly #context: ImapContext
  readonly #openedAt: number
  /** Since when nobody is signed in. */
  #strangerSince: number
  #turn: Promise<void> = Promise.resolve()
  #tellQueued = false
  #later: NodeJS.Timeout | undefined
  #laterMs = TOLD_AGAIN_MS
  /** The tag of the command whose lines are awaited. */
  #waitingTag: string | null = null
  #badCommands = 0
  #commands = 0
  #bytesIn = 0
  /** When the literal that is coming in was first waited for. */
  #literalSince: number | null = null
  #stopping = false

  constructor(connection: Connection, services: ImapDependencies) {
    this.#connection = connection
    this.#services = services
    this.#openedAt = steadyTime(services.clock)
    this.#strangerSince = this.#openedAt
    const receiver = createReceiver({ ...DEFAULT_LIMITS, appendBytes: services.settings.appendLimit })
    services.activity?.opened()
    this.#context = new ImapContext(connection, services, receiver, {
      change: () => this.#tellWhileIdle(),
      over: () => this.#endOver(),
      signedOut: () => this.#beginAnew(),
    })
  }

  async open(): Promise<void> {
    this.#connection.setIdleTimeout(SIGN_IN_IDLE_MS)
    const { hostname } = this.#services.settings
    const list = capabilities(this.#context)
    await this.#say(untagged('OK', `${hostname} ready`, { code: 'CAPABILITY', capabilities: list }))
  }

  /** `bytes` are the session's from then on: it gives their memory back. */
  receive(bytes: Uint8Array): Promise<void> {
    this.#bytesIn += bytes.length
    return this.#exclusively(async () => {
      this.#context.receiver.push(bytes)
      // One packet may hold thousands of commands.
      const breather = new Breather()
      while (!this.#context.ending) {
        const received = this.#context.receiver.next()
        if (received.kind === 'need-more') break
        await this.#handle(received)
        // What was asked behind it may take long.
        if (this.#context.receiver.buffered > 0) this.#context.output.flushSoon()
        if (received.kind !== 'continue') this.#context.releaseShare()
        this.#checkOver()
        await breather.pause()
      }
      if (this.#context.notify && this.#context.hasUntold) this.#tellWhileIdle()
      // An octet now and then keeps the timer of silence from ever ringing.
      if (this.#tookTooLongToSignIn()) await this.#context.end('Signing in took too long')
      await this.#holdLiteral()
      // All was taken in, as copies.
      if (this.#context.receiver.buffered === 0) freeMemory(bytes)
      await this.#context.output.flush()
      if (this.#context.ending) this.#connection.end()
    })
  }

  #tookTooLongToSignIn(): boolean {
    const { account, ending } = this.#context
    return !account && !ending && steadyTime(this.#services.clock) - this.#strangerSince > SIGN_IN_MS
  }

  #beginAnew(): void {
    this.#strangerSince = steadyTime(this.#services.clock)
    this.#badCommands = 0
    this.#literalSince = null
    this.#waitFor(SIGN_IN_IDLE_MS)
  }

  /** Counts the memory of a literal that is coming in; reads on when there is room for more of it. */
  async #holdLiteral(): Promise<void> {
    const { account, receiver, ending } = this.#context
    if (!account || ending || (receiver.held === 0 && this.#literalSince === null)) return
    if (receiver.held === 0) {
      this.#literalSince = null
      return this.#waitFor(AUTHENTICATED_IDLE_MS)
    }
    const now = steadyTime(this.#services.clock)
    if (this.#literalSince === null) this.#waitFor(LITERAL_IDLE_MS)
    this.#literalSince ??= now
    if (now - this.#literalSince > COMMAND_MS) return this.#context.end('The command took too long')
    if (receiver.held <= UNCOUNTED_BYTES) return
    this.#context.share.hold(receiver.held)
    await this.#context.share.whenFree()
  }

  /** For the client's next octet. */
  #waitFor(ms: number): void {
    this.#connection.setIdleTimeout(this.#stopping ? STOPPING_IDLE_MS : ms)
  }

  timeout(): Promise<void> {
    return this.#exclusively(() => this.#say(untagged('BYE', 'Nothing was heard for too long')))
  }

  shutdown(): Promise<void> {
    this.#stopping = true
    this.#waitFor(STOPPING_IDLE_MS)
    return this.#endIfOver()
  }

  closed(): void {
    const { account, output } = this.#context
    clearTimeout(this.#later)
    this.#context.close()
    this.#services.activity?.closed()
    this.#services.log[endLevel(this.#connection, account?.address ?? null)](
      {
        connection: this.#connection.id,
        remote: this.#connection.remoteAddress,
        user: account?.address ?? null,
        tls: this.#connection.tls?.version ?? null,
        commands: this.#commands,
        bytesIn: this.#bytesIn,
        bytesOut: output.written,
        ms: Math.round(steadyTime(this.#services.clock) - this.#openedAt),
      },
      'imap session ended',
    )
  }

  #say(text: string): Promise<void> {
    this.#context.output.text(text)
    return this.#context.output.flush()
  }

  async #handle(received: Exclude<Received, { kind: 'need-more' }>): Promise<void> {
    switch (received.kind) {
      case 'command':
        this.#commands++
        if (this.#tookTooLongToSignIn()) return this.#context.end('Signing in took too long')
        return this.#run(received.command.tag, received.command.body)
      case 'continue':
        return this.#say(continuation('Ready for the literal'))
      case 'line':
        return this.#takeLine(received.line)
      case 'problem':
        return this.#refuse(received)
    }
  }

  async #run(tag: string, body: CommandBody): Promise<void> {
    this.#services.activity?.command(body.name)
    // The table pairs each name with its body's type; the compiler can't follow that for a name not known before.
    const command = commandNamed(body.name) as ImapCommand<never>
    const completion =
      this.#refusal(command.states, body) ??
      (await this.#attempt(() => command.run(this.#context, body as never, tag), body.name))
    if (!completion) {
      this.#waitingTag = tag
      return this.#context.output.flush()
    }
    const byUid = 'uid' in body && body.uid
    await this.#complete(tag, await this.#withChanges(completion, command.reports, byUid))
  }

  #refusal(states: readonly State[], body: CommandBody): Completion | null {
    const { state, enabled } = this.#context
    if (!states.includes(state)) return bad(`${body.name} is not possible ${situation(states, state)}`)
    return enabled.uidOnly && usesNumbers(body) ? bad('Name messages by UID: UIDONLY is on', 'UIDREQUIRED') : null
  }

  async #takeLine(line: Uint8Array): Promise<void> {
    const handler = this.#context.lineHandler
    const tag = this.#waitingTag
    if (!handler || tag === null) return
    this.#context.lineHandler = null
    const completion = await this.#attempt(() => handler(line), 'line')
    if (!completion) return this.#context.output.flush()
    this.#waitingTag = null
    await this.#complete(tag, await this.#withChanges(completion, 'all', false))
  }

  async #refuse(problem: Extract<Received, { kind: 'problem' }>): Promise<void> {
    const tag = problem.tag ?? this.#waitingTag
    this.#context.output.text(problemResponse({ ...problem, tag }))
    this.#waitingTag = null
    this.#context.lineHandler = null
    this.#context.idling = false
    const { selected } = this.#context
    if (problem.emptiesResult && selected) selected.saved = SavedResult.empty
    if (problem.fatal) this.#context.end('The command is too large to be read')
    else if (problem.type === 'BAD') this.#countBad()
  }

  async #complete(tag: string, completion: Completion): Promise<void> {
    const { output } = this.#context
    output.text(tagged(tag, completion.type, completion.text, completion.code))
    if (completion.type === 'BAD') this.#countBad()
    else if (this.#context.account) this.#badCommands = 0
    const after = this.#context.afterCompletion
    if (!after) return output.drain()
    this.#context.afterCompletion = null
    await output.flush()
    await after()
  }

  /** What happened meanwhile is told before the tagged answer, as far as the command allows it; or `between` two commands. */
  async #withChanges(completion: Completion, reports: Reports, byUid: boolean, between = false): Promise<Completion> {
    if (reports === 'none' || this.#context.ending || completion.type === 'BAD') return completion
    const expunges = reports !== 'all-by-uid' || byUid
    const look = reports === 'look'
    try {
      const options = { expunges, look, always: reports === 'expunged' }
      const { expunged, flags, added, withheld } = await reportChanges(this.#context, options)
      if (this.#context.notify) await this.#context.tellNotified(look)
      const withholds = withheld && (!between || flags || added)
      return this.#withCode(completion, expunged, withholds)
    } catch (error) {
      // They stay to be told by the next command. What it was not told of, the client is to ask for when it comes back.
      this.#unexpected(error, 'changes')
      return tellsModseq(completion) ? { ...completion, code: undefined } : completion
    }
  }

  #withCode(completion: Completion, expunged: boolean, withheld: boolean): Completion {
    const { selected, enabled, output } = this.#context
    if (!selected) return completion
    // RFC 7162 §3.2, §6: a client must not take a mod-sequence it sees for one that covers expunges it was not told of.
    if (withheld && enabled.qresync)
      output.text(untagged('OK', 'Expunges wait', { code: 'HIGHESTMODSEQ', value: selected.toldExpungesUpTo }))
    if (completion.type !== 'OK' || completion.code) return completion
    if (expunged && enabled.qresync)
      return { ...completion, code: { code: 'HIGHESTMODSEQ', value: selected.highestModseq } }
    // RFC 5530 §3: the client may want to issue NOOP soon.
    return withheld ? { ...completion, code: 'EXPUNGEISSUED' } : completion
  }

  async #attempt(run: () => Promise<Completion | null>, name: string): Promise<Completion | null> {
    try {
      return await run()
    } catch (error) {
      const completion = completionOf(error)
      if (!completion) return this.#unexpected(error, name)
      // The client is told little.
      if (isStoreFault(error)) this.#services.faults.tell(error, { connection: this.#connection.id, command: name })
      return completion
    }
  }

  #unexpected(error: unknown, command: string): Completion {
    if (error instanceof ConnectionClosed) throw error
    this.#services.log.error({ connection: this.#connection.id, command, err: error }, 'imap command failed')
    return no('Something went wrong here; it was written to the log', 'SERVERBUG')
  }

  #countBad(): void {
    const allowed = this.#context.account ? BAD_COMMANDS : BAD_COMMANDS_BEFORE_SIGN_IN
    if (++this.#badCommands >= allowed) this.#context.end('Too many bad commands')
  }

  #tellWhileIdle(): void {
    if (this.#tellQueued) return
    this.#tellQueued = true
    this.#exclusively(async () => {
      // All that wait in a mailbox hear of a change in the same turn of the loop: those who asked for something go first.
      await loopTurns.pause()
      this.#tellQueued = false
      if (!this.#mayTell) return
      await this.#withChanges(ok('IDLE'), this.#reportsNow, false, !this.#context.idling)
      this.#context.releaseShare()
      await this.#context.output.flush()
      // Where they could not be read, no command comes that would tell of them.
      if (this.#context.hasUntold) this.#tellLater()
      else this.#laterMs = TOLD_AGAIN_MS
    }).catch(() => {
      // The connection is gone; `closed` says so.
    })
  }

  /** Behind IDLE, or where NOTIFY asks for it between commands. One that comes in tells of changes when it is done. */
  get #mayTell(): boolean {
    const { idling, notify, receiver, ending } = this.#context
    return idling || (notify !== null && !receiver.isMidCommand && !ending)
  }

  get #reportsNow(): Reports {
    const { idling, looks, ofSelected } = this.#context
    if (idling) return looks ? 'look' : 'all'
    // By UID is as good as by none.
    return ofSelected.expungesAtOnce ? 'all' : 'all-by-uid'
  }

  #tellLater(): void {
    clearTimeout(this.#later)
    this.#later = setTimeout(() => this.#tellWhileIdle(), this.#laterMs).unref()
    this.#laterMs = Math.min(this.#laterMs * 2, TOLD_AGAIN_LONGEST_MS)
  }

  /** Says so between two commands, whatever the client does: also while it idles, or sends a long message. */
  #endOver(): void {
    this.#endIfOver().catch(() => {
      // The connection is gone; `closed` says so.
    })
  }

  #endIfOver(): Promise<void> {
    return this.#exclusively(async () => {
      this.#checkOver()
      await this.#context.output.flush()
      if (this.#context.ending) this.#connection.end()
    })
  }

  #checkOver(): void {
    const { account, over, ending, receiver } = this.#context
    if (ending) return
    if (over !== null) {
      const { text, imap } = farewells[over]
      this.#context.end(text, imap)
    } else if (this.#stopping && !(account && receiver.isMidCommand)) {
      // A message that is coming in is taken whole. A stranger could hold up the end with half a line.
      this.#context.end('The service is stopping', 'UNAVAILABLE')
    }
  }

  /** One thing after the other; a failure ends the session, not those that wait. */
  #exclusively(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }
}

function situation(allowed: readonly State[], state: State): string {
  if (state === 'not-authenticated') return 'before sign-in'
  if (!allowed.includes('authenticated') && !allowed.includes('selected')) return 'after sign-in'
  return state === 'selected' ? 'with a mailbox selected' : 'without a selected mailbox'
}

const tellsModseq = ({ code }: Completion): boolean => typeof code === 'object' && code.code === 'HIGHESTMODSEQ'
