/** What a command of the table is, and what it answers with. */
import type { CommandBody, CommandName } from '../../wire/imap/command.ts'
import type { ResponseCode, StatusType } from '../../wire/imap/status-response.ts'
import type { ImapContext } from './context.ts'

/** RFC 9051 §3. */
export type State = 'not-authenticated' | 'authenticated' | 'selected'

/** The tagged answer that ends a command. */
export interface Completion {
  type: StatusType
  text: string
  code?: ResponseCode
}

export type BodyOf<Name extends CommandName> = CommandBody extends infer Body
  ? Body extends { name: CommandName }
    ? Name extends Body['name']
      ? Body
      : never
    : never
  : never

export interface ImapCommand<Name extends CommandName> {
  states: readonly State[]
  /**
   * Whether its answer may tell of expunged messages (RFC 9051 §7.5.1: not FETCH, STORE and SEARCH by sequence number);
   * `none` where it tells of no changes at all.
   */
  reports: 'all' | 'no-expunge' | 'all-by-uid' | 'none'
  /** Resolves with null where the answer follows later (AUTHENTICATE, IDLE). */
  run(context: ImapContext, body: BodyOf<Name>, tag: string): Promise<Completion | null>
}

export const ok = (text: string, code?: ResponseCode): Completion => ({ type: 'OK', text, code })
export const no = (text: string, code?: ResponseCode): Completion => ({ type: 'NO', text, code })
export const bad = (text: string, code?: ResponseCode): Completion => ({ type: 'BAD', text, code })
