/** SEARCH and UID SEARCH (RFC 9051 §6.4.4), with ESEARCH (RFC 4731), SEARCHRES (RFC 5182) and PARTIAL (RFC 9394). */
import { modseqsOf, type SearchScope, search as searchView } from '../../../mail/search.ts'
import type { SearchKey } from '../../../wire/imap/command.ts'
import { bad, type ImapCommand, ok } from '../command.ts'
import type { ImapContext } from '../context.ts'
import { completionOf } from '../errors.ts'
import { SavedResult } from '../saved-result.ts'
import { answerSearch, asksModseq, type Outcome } from '../search-result.ts'
import { searchScope } from '../search-scope.ts'

export const search: ImapCommand<'SEARCH'> = {
  states: ['selected'],
  reports: 'all-by-uid',
  async run(context, { uid, arguments: { charset, key, return: asked, partial } }, tag) {
    // RFC 6855 §3: all is UTF-8 then, and naming it is an error.
    if (charset !== null && context.enabled.utf8Accept) return bad('SEARCH names no charset after ENABLE UTF8=ACCEPT')
    try {
      const found = await searchIn(context, searchScope(context, tag), key)
      answerSearch(context, { keyword: 'SEARCH', tag, uid, asked, partial, ...found })
      return ok('SEARCH completed')
    } catch (error) {
      // RFC 5182 §2.1: what could not be searched leaves nothing saved; what is answered with BAD was no search.
      if (asked?.includes('SAVE') && completionOf(error)?.type !== 'BAD') context.mailbox.saved = SavedResult.empty
      throw error
    }
  },
}

export async function searchIn(
  context: ImapContext,
  scope: SearchScope,
  key: SearchKey,
): Promise<Pick<Outcome, 'uids' | 'modseqs'>> {
  const runs = await searchView(scope, key)
  const uids = scope.view.uidsOf(runs)
  const byModseq = asksModseq(key)
  if (byModseq) context.enableCondstore()
  const modseqs = byModseq ? await modseqsOf(scope, runs) : null
  await scope.breather.pause()
  return { uids, modseqs }
}
