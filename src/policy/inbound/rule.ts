/** A rule of the way in: what it is asked at each moment of a session, with what is known by then. */
import type { DataFacts } from '../../wire/smtp/data.ts'
import type { Verdict } from './verdict.ts'

/** Who is there, as far as known. */
export interface Client {
  remoteAddress: string
  /** As the client named itself; null before HELO. */
  helo: string | null
  secure: boolean
}

export interface HeloFacts extends Client {
  helo: string
}

export interface MailFacts extends Client {
  /** Empty for the null reverse-path. */
  reversePath: string
  /** Octets as declared with SIZE; 0 where nothing was. */
  declaredSize: number
}

export interface RcptFacts extends MailFacts {
  recipient: string
  /** Those of the transaction so far: its own list, which grows with it. */
  others: readonly string[]
}

export interface MessageFacts extends MailFacts {
  /** The id told to the client and found in the log. */
  id: string
  recipients: readonly string[]
  content: DataFacts
  /** The message as received, without fields of ours; empty where `content` says that it can't be accepted. */
  bytes: Buffer
}

type Answer = Verdict | Promise<Verdict>

/** A rule has a method for each moment it has a say in. It changes nothing: only the runner's caller acts. */
export interface InboundRule {
  readonly name: string
  connect?(facts: Client): Answer
  helo?(facts: HeloFacts): Answer
  mail?(facts: MailFacts): Answer
  rcpt?(facts: RcptFacts): Answer
  data?(facts: MessageFacts): Answer
}

export interface Moments {
  connect: Client
  helo: HeloFacts
  mail: MailFacts
  rcpt: RcptFacts
  data: MessageFacts
}

export type Moment = keyof Moments
