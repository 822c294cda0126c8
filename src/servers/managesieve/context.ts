/** What ManageSieve commands act on: who is there, his scripts, and the services. */
import type { Actor } from '../../accounts/actor.ts'
import type { Authenticator, MailSignedIn, OpenSignIn, SignInOver } from '../../accounts/authentication.ts'
import { forbiddenToReaders } from '../../mail/rules/forbidden-commands.ts'
import type { Scripts } from '../../mail/rules/scripts.ts'
import { type Clock, steadyTime } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import { isLoopback } from '../../ops/network-address.ts'
import type { Store } from '../../store/store.ts'
import type { AccountRow } from '../../store/types.ts'
import type { Receiver } from '../../wire/managesieve/receiver.ts'
import type { ResponseCode } from '../../wire/managesieve/reply.ts'
import type { Activity } from '../activity.ts'
import type { Connection } from '../connection.ts'
import type { MessageBudget, MessageShare } from '../message-budget.ts'

export interface ManageSieveSettings {
  /** Whether a password may come without TLS: never, or from this machine itself. */
  plainTextSignIn: 'never' | 'loopback'
  version: string
}

export interface ManageSieveServices {
  authenticator: Authenticator
  scripts: Scripts
  store: Pick<Store, 'read'>
  clock: Clock
  log: Log
  settings: ManageSieveSettings
  activity?: Activity
  /** Shared by all sessions. */
  budget: MessageBudget
}

/** An expected failure, in words for the client: `NO (code) "text"`. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: ResponseCode | undefined
  constructor(text: string, code?: ResponseCode) {
    super(text)
    this.code = code
  }
}

interface SignedIn {
  account: AccountRow
  actor: Actor
  open: OpenSignIn
  maySend: MailSignedIn['maySend']
}

export class ManageSieveContext {
  readonly connection: Connection
  readonly services: ManageSieveServices
  readonly receiver: Receiver
  failedSignIns = 0
  /** On the steady clock: since when nobody is signed in. */
  strangerSince: number
  /** The client has logged out or is thrown out: nothing more is read. */
  ending = false
  /** What follows the answer: TLS. */
  afterReply: (() => Promise<void>) | null = null
  /** Takes the string that continues AUTHENTICATE, and answers it. */
  continuation: ((text: string) => Promise<string>) | null = null
  #signedIn: SignedIn | null = null
  #closed = false
  #share: MessageShare | null = null

  constructor(connection: Connection, services: ManageSieveServices, receiver: Receiver) {
    this.connection = connection
    this.services = services
    this.receiver = receiver
    this.strangerSince = steadyTime(services.clock)
  }

  get isSignedIn(): boolean {
    return this.#signedIn !== null
  }

  get user(): string | null {
    return this.#signedIn?.account.address ?? null
  }

  get signedIn(): Omit<SignedIn, 'open' | 'maySend'> {
    if (!this.#signedIn) throw new Refusal('Sign in first')
    return this.#signedIn
  }

  get passwordsAllowed(): boolean {
    const { secure, remoteAddress } = this.connection
    return secure || (this.services.settings.plainTextSignIn === 'loopback' && isLoopback(remoteAddress))
  }

  /** Why the sign-in counts no longer; null while it does. */
  get over(): SignInOver | null {
    return this.#signedIn?.open.over ?? null
  }

  /** What the scripts of who is signed in may not do, with why; undefined: nothing is forbidden. */
  async forbidden(): Promise<ReadonlyMap<string, string> | undefined> {
    return (await this.#signedIn?.maySend()) ? undefined : forbiddenToReaders
  }

  async enter({ account, principalId, maySend, follow }: MailSignedIn): Promise<void> {
    const principal = await this.services.store.read('principal.byId', { principalId })
    // The client left while its password was verified.
    if (this.#closed) return
    const actor: Actor = {
      via: 'mail-program',
      principalId,
      address: principal?.address ?? account.address,
      role: principal?.role ?? 'owner',
      domains: [],
      hasMailbox: true,
      remoteAddress: this.connection.remoteAddress,
      sessionId: null,
    }
    this.#signedIn = { account, actor, open: follow(() => {}), maySend }
  }

  /** Waits until there is memory for more of the script that is coming in. */
  async hold(bytes: number): Promise<void> {
    this.#share ??= this.services.budget.open(this.signedIn.account.accountId)
    this.#share.hold(bytes)
    await this.#share.whenFree()
  }

  releaseShare(): void {
    this.#share?.release()
    this.#share = null
  }

  leave(): void {
    this.#signedIn?.open.end()
    this.#signedIn = null
    this.strangerSince = steadyTime(this.services.clock)
  }

  closed(): void {
    this.#closed = true
    this.ending = true
    this.releaseShare()
    this.leave()
  }
}
