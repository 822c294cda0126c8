/** What POP3 commands act on: who is there, the open maildrop, and the services. */
import type { Authenticator, MailSignedIn, OpenSignIn, SignInOver } from '../../accounts/authentication.ts'
import type { Maildrop, Maildrops } from '../../mail/maildrop.ts'
import type { TraceSeen } from '../../mail/trace/recorder.ts'
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import { isLoopback } from '../../ops/network-address.ts'
import type { Receiver } from '../../wire/pop3/receiver.ts'
import type { ResponseCode } from '../../wire/pop3/reply.ts'
import type { Activity } from '../activity.ts'
import type { Connection } from '../connection.ts'
import type { MessageBudget, MessageShare } from '../message-budget.ts'
import { ConnectionClosed } from '../outgoing.ts'

export interface Pop3Settings {
  hostname: string
  /** Whether a password may come without TLS: never, or from this machine itself. */
  plainTextSignIn: 'never' | 'loopback'
}

export interface Pop3Services {
  authenticator: Authenticator
  maildrops: Maildrops
  clock: Clock
  log: Log
  settings: Pop3Settings
  activity?: Activity
  /** Told of what is retrieved. */
  trace?: Pick<TraceSeen, 'read'>
  /** Shared by all sessions. */
  budget: MessageBudget
}

export type State = 'authorization' | 'transaction'

/** An expected failure, in words for the client: `-ERR [code] text`. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: ResponseCode | undefined
  constructor(text: string, code?: ResponseCode) {
    super(text)
    this.code = code
  }
}

export class Pop3Context {
  readonly connection: Connection
  readonly services: Pop3Services
  readonly receiver: Receiver
  /** After UTF8 (RFC 6856 §2.1): headers go out as they are. */
  utf8 = false
  /** USER's argument, until PASS. */
  pendingUser: string | null = null
  /** The account's address, once signed in. */
  user: string | null = null
  failedSignIns = 0
  retrieved = 0
  removed = 0
  /** The client has quit or is thrown out: nothing more is read. */
  ending = false
  /** What follows the answer: TLS. */
  afterReply: (() => Promise<void>) | null = null
  /** Takes the line that continues AUTH, and answers it. */
  lineHandler: ((line: Uint8Array) => Promise<string>) | null = null
  #maildrop: Maildrop | null = null
  #open: OpenSignIn | null = null
  #closed = false
  #share: MessageShare | null = null

  constructor(connection: Connection, services: Pop3Services, receiver: Receiver) {
    this.connection = connection
    this.services = services
    this.receiver = receiver
  }

  get state(): State {
    return this.#maildrop ? 'transaction' : 'authorization'
  }

  get passwordsAllowed(): boolean {
    const { secure, remoteAddress } = this.connection
    return secure || (this.services.settings.plainTextSignIn === 'loopback' && isLoopback(remoteAddress))
  }

  get maildrop(): Maildrop {
    if (!this.#maildrop) throw new Refusal('Sign in first')
    return this.#maildrop
  }

  /** Why the sign-in counts no longer; null while it does. */
  get over(): SignInOver | null {
    return this.#open?.over ?? null
  }

  /** What the command at hand holds of a message. A command whose connection is gone ends here: it would hold it for ever. */
  get share(): MessageShare {
    if (this.#closed) throw new ConnectionClosed()
    return (this.#share ??= this.services.budget.open(this.maildrop.accountId))
  }

  releaseShare(): void {
    this.#share?.release()
    this.#share = null
  }

  enter(maildrop: Maildrop, { account, follow }: MailSignedIn): void {
    this.user = account.address
    // The client left while its password was verified.
    if (this.#closed) {
      maildrop.close()
      return
    }
    this.#maildrop = maildrop
    // It learns of it with its next command; whoever signs in with what is good now must not wait for that.
    this.#open = follow(() => maildrop.close())
  }

  /** The position of a message number that is there and not marked as deleted. */
  position(number: number): number {
    const { length } = this.maildrop
    if (number < 1 || number > length)
      throw new Refusal(`There is no message ${number}: there are ${length === 0 ? 'none' : `1 to ${length}`}`)
    if (this.maildrop.isMarked(number - 1)) throw new Refusal(`Message ${number} is deleted`)
    return number - 1
  }

  /** For mailboxes that keep what was retrieved for some days. Never rejects: it is retrieved again, or stays. */
  async noteRetrieved(maildrop: Maildrop): Promise<void> {
    try {
      await maildrop.noteRetrieved()
    } catch (error) {
      const { connection, services, user } = this
      services.log.error({ connection: connection.id, user, err: error }, 'retrieved messages not noted')
    }
  }

  closed(): void {
    this.#closed = true
    this.ending = true
    // Whoever waits for memory goes on, and meets the end of the connection.
    this.releaseShare()
    if (this.#maildrop) void this.noteRetrieved(this.#maildrop)
    this.#maildrop?.close()
    this.#open?.end()
  }
}
