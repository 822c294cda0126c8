/** What is kept of messages to search them by: their decoded text, in the form in which texts are compared (see EmailIndex). */
import type { AccountId, EmailId, SearchField } from '../types.ts'

/**
 * What is made of a message changes with versions: each raises this where a search could tell. Texts of another form count as
 * not kept; those of an earlier one are made anew, a little at a time.
 */
export const TEXT_FORM = 1

/** The text of one message, in UTF-8. 0xff, which stands in no text, ends each piece, so that nothing is found across two. */
export interface TextParts {
  /** The fields of the message's own header, each as `NAME: VALUE`. */
  header: Uint8Array
  /** What else a search of the whole message looks at beside the body: headers of parts, names of files. */
  partHeaders: Uint8Array
  body: Uint8Array
}

/** What there is of an email beside its text. */
export interface TextSource {
  emailId: EmailId
  /** In its account. */
  number: number
  blobHash: string
  sizeBytes: number
  fields: Record<SearchField, string>
}

/** `parts`: null where it is too long to be kept, or can't be read: such a message is always read itself. */
export interface NewText extends Pick<TextSource, 'emailId' | 'fields'> {
  parts: TextParts | null
}

/** Texts of neighbouring emails of an account, packed: the unit in which they are kept and looked through. */
export interface TextSegment {
  /** Id of the first email it was made for, and the last: nothing between the two is in another segment. */
  segment: EmailId
  lastEmail: EmailId
  emails: number
  directory: Uint8Array
  fields: Uint8Array
  headerWords: Uint8Array
  headers: Uint8Array
  bodyWords: Uint8Array
  bodies: Uint8Array
  checksum: number
}

/** What takes the place of segments. */
export interface TextChange {
  accountId: AccountId
  /** Segments that go, as they were when this was made. */
  replaced: { segment: EmailId; checksum: number }[]
  /** null: none of their emails is left. */
  segment: TextSegment | null
}

/** What to look for. Texts are in the form of comparison; empty ones are in every message (RFC 9051 §6.4.4). */
export type TextSearch =
  | { in: SearchField | 'body' | 'message'; text: string }
  /** A field of the message's own header; with no text, any field of that name. The name is in the form of comparison, too. */
  | { in: 'header'; name: string; text: string }
  | { all: readonly TextSearch[] }
  | { any: readonly TextSearch[] }
  | { not: TextSearch }

/** Of an email: not found, found, its text is not kept. */
export const TextVerdict = { No: 0, Yes: 1, NotKept: 2 } as const
