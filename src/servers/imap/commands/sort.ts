/** SORT and UID SORT (RFC 5256 §3, RFC 5957), with return options (ESORT, RFC 5267 §3). */
import { searchMessages } from '../../../mail/search.ts'
import { sortMessages, sortNeedsIndex } from '../../../mail/sort.ts'
import { type ImapCommand, ok } from '../command.ts'
import { answerSearch, asksModseq } from '../search-result.ts'
import { searchScope } from '../search-scope.ts'

export const sort: ImapCommand<'SORT'> = {
  states: ['selected'],
  reports: 'all-by-uid',
  async run(context, { uid, arguments: { criteria, key, return: asked } }, tag) {
    const found = await searchMessages(searchScope(context), key, sortNeedsIndex(criteria))
    const sorted = await sortMessages(found, criteria)
    const byModseq = asksModseq(key)
    if (byModseq) context.enableCondstore()
    answerSearch(context, {
      keyword: 'SORT',
      tag,
      uid,
      asked,
      uids: sorted.map(({ row }) => row.uid),
      modseqs: byModseq ? new Map(found.map(({ row }) => [row.uid, row.modseq])) : null,
    })
    return ok('SORT completed')
  },
}
