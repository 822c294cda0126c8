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

/**
 * What changes of the selected mailbox an answer tells: all; all, looked for even where none was heard of; all, and expunged
 * messages though NOTIFY asks for none, as the command is answered by them; expunged messages only in its UID form (RFC 9051
 * §7.5.1: not FETCH, STORE and SEARCH by sequence number); none.
 */
export type Reports = 'all' | 'look' | 'expunged' | 'all-by-uid' | 'none'

export type BodyOf<Name extends CommandName> = CommandBody extends infer Body
  ? Body extends { name: CommandName }
    ? Name extends Body['name']
      ? Body
      : never
    : never
  : never

export interface ImapCommand<Name extends CommandName> {
  states: readonly State[]
  reports: Reports
  /** Resolves with null where the answer follows later (AUTHENTICATE, IDLE). */
  run(context: ImapContext, body: BodyOf<Name>, tag: string): Promise<Completion | null>
}

export const ok = (text: string, code?: ResponseCode): Completion => ({ type: 'OK', text, code })
export const no = (text: string, code?: ResponseCode): Completion => ({ type: 'NO', text, code })
export const bad = (text: string, code?: ResponseCode): Completion => ({ type: 'BAD', text, code })
