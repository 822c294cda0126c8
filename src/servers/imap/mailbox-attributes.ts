/** Attributes of mailboxes in LIST (RFC 9051 §7.3.1, RFC 6154, RFC 8457). */
import type { MailboxRow, SpecialUse } from '../../store/types.ts'

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
