import type { Value } from '../sql.ts'
import type { Parameter } from './dialect.ts'

export interface Question {
  text: string
  /**
   * Kept prepared under this name, and answered with those of the same turn: all are done, or none. Without a name it is run once, by
   * itself, and outside of a transaction it is one.
   */
  name?: string
  parameters?: readonly Parameter[]
}

export interface Answer {
  rows: Value[][]
  /** Rows changed, or read. */
  count: number
  /** What the database says it did: "COMMIT", "ROLLBACK". */
  command: string
}

/** One connection. */
export interface Channel {
  /** Another after each start of the server, in which transactions may be forgotten that were never answered; null: not known. */
  readonly server: Promise<string | null>
  /** The server's process for it, as was said at the sign-in; null: not known. */
  readonly process: number | null
  /** Sent with this turn of the loop, behind what was sent before; answered in order. */
  ask(question: Question): Promise<Answer>
  /** Told of transactions that are on the server's disk. */
  committed?(transactionId: string): void
}

export interface ChannelSource {
  take(): Promise<Channel>
  /** Once nothing is in a transaction on it, also while answers are still under way. */
  give(channel: Channel, isBroken: boolean): void
}

/** All connections of a store. */
export interface Channels extends ChannelSource {
  /** For statements that begin no transaction, and take no time. */
  readonly forLookUps: ChannelSource
  /** One for the caller alone. `patient`: for statements that may take hours. */
  take(patient?: boolean): Promise<Channel>
  close(): Promise<void>
}
