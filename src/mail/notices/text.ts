/** What a notice says, before it is a mail: a subject and parts that read as plain text and as HTML alike. */
import type { NoticeKind, NoticeKinds } from '../../accounts/notices.ts'
import type { Language } from '../../store/types/principals.ts'

export type NoticePart =
  /** A paragraph. */
  | string
  /** What the reader is asked to do; in plain text the address stands on a line of its own. */
  | { action: string; url: string }
  /** What a person wrote: its lines are kept. */
  | { words: string }
  /** Pairs of name and value. */
  | { facts: readonly (readonly [name: string, value: string])[] }

export interface NoticeText {
  subject: string
  parts: readonly NoticePart[]
}

/** What texts need to know of who reads them. */
export interface NoticeContext {
  /** The name of the service. */
  brand: string
  supportAddress: string | null
  /** Day and time as the reader writes them, with the time zone. */
  time(at: number): string
}

/** One kind of notice, in both languages. */
export type NoticeTexts<K extends NoticeKind> = Record<
  Language,
  (values: NoticeKinds[K], context: NoticeContext) => NoticeText
>
