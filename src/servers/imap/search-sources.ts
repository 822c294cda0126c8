/** The mailboxes that an ESEARCH names (RFC 7377 §2.2, RFC 5465 §6). */
import { normalizeMailboxName, superiorOf } from '../../mail/mailbox-name.ts'
import type { MailboxRow } from '../../store/types.ts'
import type { SearchSource } from '../../wire/imap/command.ts'
import type { ImapContext } from './context.ts'

/** Each once, however often it is named; what is not there is passed over. */
export async function searchedMailboxes(context: ImapContext, sources: readonly SearchSource[]): Promise<MailboxRow[]> {
  const { accountId, services } = context
  const rows = await services.mailboxes.list(accountId)
  const isNamed: ((row: MailboxRow) => boolean)[] = []
  for (const source of sources) isNamed.push(await namedBy(context, source))
  return rows.filter(row => isNamed.some(test => test(row)))
}

async function namedBy(context: ImapContext, source: SearchSource): Promise<(row: MailboxRow) => boolean> {
  switch (source.filter) {
    case 'selected': {
      const { mailboxId } = context.mailbox
      return row => row.mailboxId === mailboxId
    }
    // Filters deliver anywhere.
    case 'inboxes':
    case 'personal':
      return () => true
    case 'subscribed': {
      const names = new Set(await context.services.mailboxes.subscriptions(context.accountId))
      return ({ name }) => names.has(name)
    }
    case 'mailboxes':
    case 'subtree-one':
    case 'subtree':
      return below(new Set(source.names.map(normalizeMailboxName)), levelsBelow[source.filter])
  }
}

const levelsBelow = { mailboxes: 0, 'subtree-one': 1, subtree: Infinity }

/** By the superiors of each mailbox: names may be many, and levels are few. */
function below(names: ReadonlySet<string>, levels: number): (row: MailboxRow) => boolean {
  return row => {
    let name: string | null = row.name
    for (let level = 0; name !== null && level <= levels; level++) {
      if (names.has(name)) return true
      name = superiorOf(name)
    }
    return false
  }
}
