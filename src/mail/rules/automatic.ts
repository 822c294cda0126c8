/**
 * Whether a message is of the kind that is never answered by itself (RFC 3834 §2, RFC 5230 §4.6): from programs and lists,
 * bounces, and what says that it wants no answer. Pure.
 */
import { withoutComments } from '../../wire/mime/comments.ts'

/** What is asked of a header: the texts of all fields of that name, unfolded, in any case. */
export type HeaderTexts = (name: string) => readonly string[]

/** Local parts of programs (RFC 3834 §2, RFC 2142; and what newsletters and shops send under). */
const PROGRAMS =
  /^(?:mailer-daemon|postmaster|listserv|majordomo|mdaemon|daemon|root|owner-.*|.*-owner|.*-request|.*-relay|.*-bounces?|bounces?(?:[-+=_].*)?|no[-_.]?reply.*|do[-_.]?not[-_.]?reply.*|ne[-_.]?pas[-_.]?repondre.*|notifications?|srs[01][=+-].*|prvs=.*)$/i

/** RFC 3834 §5: comments may stand around the keyword. */
export const isAutomatic = (header: HeaderTexts): boolean =>
  header('auto-submitted').some(text => !/^\s*no\s*(?:;|$)/i.test(withoutComments(text)))

export function wantsNoAnswer(reversePath: string, header: HeaderTexts): boolean {
  const at = reversePath.lastIndexOf('@')
  if (at < 1 || PROGRAMS.test(reversePath.slice(0, at))) return true
  return (
    isAutomatic(header) ||
    LIST_FIELDS.some(name => header(name).length > 0) ||
    header('precedence').some(text => /\b(?:bulk|list|junk)\b/i.test(text)) ||
    header('x-auto-response-suppress').some(text => /\b(?:oof|autoreply|all)\b/i.test(text)) ||
    header('content-type').some(text => /^\s*multipart\/report\b/i.test(text)) ||
    header('x-spam-flag').some(text => /^\s*yes\b/i.test(text))
  )
}

const LIST_FIELDS = [
  'list-id',
  'list-post',
  'list-help',
  'list-subscribe',
  'list-unsubscribe',
  'list-owner',
  'list-archive',
  'mailing-list',
  'x-mailing-list',
  'x-autoreply',
  'x-autorespond',
  'x-loop',
  'feedback-id',
]
