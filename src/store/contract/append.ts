import type { AccountId, EmailId, MailboxId, Modseq, NewMessage, Uid } from '../types.ts'
import type { Define } from './define.ts'

export interface AppendOperations {
  /** All or none (MULTIAPPEND, RFC 3502). `over-quota`, `not-found`. */
  'message.append': Define<
    { accountId: AccountId; mailboxId: MailboxId } & Appending,
    {
      uidValidity: number
      uids: Uid[]
      emailIds: EmailId[]
      modseq: Modseq
      /** Of `lackingOnly`: how many were damaged there, and were put anew. */
      restored?: number
    }
  >
}

interface Appending {
  messages: NewMessage[]
  /**
   * Of a single message: where one with the same Message-ID is among so many last ones of the mailbox, but not of `except`, nothing is
   * done but to tell its UID, without an email id.
   */
  onceAmong?: number
  except?: Uid[]
  /**
   * Of a single message: this one goes in the same step, and gives back its room, so that one not larger has it whatever the quota is.
   * `conflict` where it is gone.
   */
  replaces?: { mailboxId: MailboxId; uid: Uid }
  /** A message whose very bytes the mailbox has, or another of `messages` before it, is left out; where they are damaged there, they are put anew. */
  lackingOnly?: true
  at: number
}
