import type { MailboxId, NewMessage, Uid } from '../types.ts'

/** What 'message.append' adds, and where it does something else. */
export interface Appending {
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
