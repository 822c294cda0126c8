/** Operations and queries on the texts that searches look through. They follow behind what is delivered. */
import type { NewText, TextChange, TextSearch, TextSource } from '../types/texts.ts'
import type { AccountId, EmailId, MailboxId, UidRange } from '../types.ts'
import type { Define } from './define.ts'

export interface TextOperations {
  /** `conflict` where what it replaces has changed, or other texts of these emails are kept by now. */
  'text.put': Define<TextChange, void>
}

/** Those that say so are long: they are for threads of their own. */
export interface TextQueries {
  /** UIDs of [from, to], ascending, at most `limit`, and of each the number of its email in the account. */
  'text.numbers': Define<
    { accountId: AccountId; mailboxId: MailboxId; limit: number } & UidRange,
    { uids: Uint32Array; numbers: Uint32Array }
  >
  /** A TextVerdict for each email of the account by its number, ascending. Long. */
  'text.find': Define<{ accountId: AccountId; numbers: Uint32Array; search: TextSearch }, Uint8Array>
  /** Of these emails by their numbers, as far as they are still there. */
  'text.sources': Define<{ accountId: AccountId; numbers: readonly number[] }, TextSource[]>
  /** Accounts above `after` with emails behind those whose text is kept; `emails` at the most. */
  'text.waiting': Define<{ after: AccountId; limit: number }, { accountId: AccountId; emails: number }[]>
  /** The first of those emails. */
  'text.next': Define<{ accountId: AccountId; limit: number }, TextSource[]>
  /** Texts of such emails, packed; with those of the last segment where that has room. Long. */
  'text.packed': Define<{ accountId: AccountId; texts: readonly NewText[] }, TextChange>
  /** Segments with texts of emails that are gone. */
  'text.outdated': Define<{ limit: number }, EmailId[]>
  /** Of the `limit` segments behind `after`, those with texts of an earlier form; `last` of all these, null at the end. Long. */
  'text.earlier': Define<{ after: EmailId; limit: number }, { segments: EmailId[]; last: EmailId | null }>
  /** The emails of a segment whose texts are of an earlier form. */
  'text.earlierSources': Define<{ segment: EmailId }, TextSource[]>
  /**
   * A segment without emails that are gone, with `texts` in place of its own, joined with a neighbour that has room; null where
   * it is gone itself. Long.
   */
  'text.renewed': Define<{ segment: EmailId; texts: readonly NewText[] }, TextChange | null>
}
