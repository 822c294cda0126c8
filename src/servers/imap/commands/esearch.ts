/** ESEARCH: SEARCH in several mailboxes (RFC 7377), one after the other, each answered as it is done. */
import type { MailboxRow } from '../../../store/types.ts'
import type { SearchArguments, SearchSource } from '../../../wire/imap/command.ts'
import { bad, type Completion, type ImapCommand, ok } from '../command.ts'
import type { ImapContext } from '../context.ts'
import { completionOf } from '../errors.ts'
import { SavedResult } from '../saved-result.ts'
import { answerSearch } from '../search-result.ts'
import { scopeOfAnother, scopeOfSelected, searchMeans } from '../search-scope.ts'
import { searchedMailboxes } from '../search-sources.ts'
import { searchIn } from './search.ts'

export const esearch: ImapCommand<'ESEARCH'> = {
  states: ['authenticated', 'selected'],
  reports: 'all',
  async run(context, { sources, arguments: asked }, tag) {
    const refusal = refusalOf(context, sources, asked)
    if (refusal) return refusal
    try {
      await searchAll(context, await searchedMailboxes(context, sources), asked, tag)
      return ok('ESEARCH completed')
    } catch (error) {
      // RFC 5182 §2.1.
      if (asked.return?.includes('SAVE') && completionOf(error)?.type !== 'BAD')
        context.mailbox.saved = SavedResult.empty
      throw error
    }
  },
}

function refusalOf(
  { selected, enabled }: ImapContext,
  sources: readonly SearchSource[],
  { charset, return: returns }: SearchArguments,
): Completion | null {
  // RFC 6855 §3.
  if (charset !== null && enabled.utf8Accept) return bad('ESEARCH names no charset after ENABLE UTF8=ACCEPT')
  if (!selected && sources.some(({ filter }) => filter === 'selected')) return bad('Select a mailbox first')
  if (returns?.includes('SAVE') && sources.some(({ filter }) => filter !== 'selected'))
    return bad('SAVE goes with the selected mailbox only')
  return null
}

async function searchAll(
  context: ImapContext,
  rows: readonly MailboxRow[],
  { key, return: returns, partial }: SearchArguments,
  tag: string,
): Promise<void> {
  const means = searchMeans(context, tag)
  const { selected, output } = context
  let isSaved = false
  for (const row of rows) {
    const isSelected = row.mailboxId === selected?.mailboxId
    if (row.messages === 0 && !isSelected) continue
    const scope = isSelected ? scopeOfSelected(means, selected!) : await scopeOfAnother(means, row)
    const found = await searchIn(context, scope, key)
    const { name, uidValidity } = row
    // RFC 7377 §2.1: of a mailbox where nothing is found nothing is said.
    if (found.uids.length > 0) {
      const of = { name, uidValidity }
      isSaved ||= isSelected
      answerSearch(context, { keyword: 'SEARCH', tag, uid: true, asked: returns, partial, ...found, of })
    }
    await output.drain()
    await means.breather.pause()
  }
  if (returns?.includes('SAVE') && selected && !isSaved) selected.saved = SavedResult.empty
}
