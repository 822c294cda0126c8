/** What LIST tells of a mailbox by itself: attributes (RFC 9051 §7.3.1, RFC 6154, RFC 8457) and OLDNAME (RFC 9051 §6.3.9.7). */
import type { MailboxRow, SpecialUse } from '../../store/types.ts'
import { list } from '../../wire/imap/responses.ts'
import type { ImapContext } from './context.ts'

const useAttributes: Record<SpecialUse, string> = {
  archive: '\\Archive',
  drafts: '\\Drafts',
  flagged: '\\Flagged',
  important: '\\Important',
  junk: '\\Junk',
  sent: '\\Sent',
  trash: '\\Trash',
}

const usesByAttribute = new Map(Object.entries(useAttributes).map(([use, name]) => [name.toLowerCase(), use]))

/** Those a mailbox has by itself, wherever it is in the hierarchy. */
export function mailboxAttributes({ specialUse }: Pick<MailboxRow, 'specialUse'>): string[] {
  return specialUse ? [useAttributes[specialUse]] : []
}

/** `\Drafts` in any case; undefined where there is no such use, or no mailbox can have it (\All). */
export function specialUseOf(attribute: string): SpecialUse | undefined {
  return usesByAttribute.get(attribute.toLowerCase()) as SpecialUse | undefined
}

/** Where a client composed a name otherwise, it learns how the mailbox is called here (RFC 9051 §5.1, §6.3.9.7), if it can understand it. */
export function tellName(
  { output, utf8, knowsExtendedList }: ImapContext,
  { name, specialUse }: Pick<MailboxRow, 'name' | 'specialUse'>,
  given: string,
  gone = false,
): void {
  if (!knowsExtendedList || name === given || `${name}/` === given) return
  const attributes = gone ? ['\\NonExistent'] : mailboxAttributes({ specialUse })
  output.text(list({ name, attributes, oldName: given }, utf8))
}
