/** SORT and UID SORT (RFC 5256 §3, RFC 5957), with return options (ESORT, RFC 5267 §3). */
import { searchMessages } from '../../../mail/search.ts'
import { sortEntries, sortEntry, sortNeedsIndex } from '../../../mail/sort.ts'
import { type ImapCommand, ok } from '../command.ts'
import { answerSearch, asksModseq } from '../search-result.ts'
import { searchScope } from '../search-scope.ts'

export const sort: ImapCommand<'SORT'> = {
  states: ['selected'],
  reports: 'all-by-uid',
  async run(context, body, tag) {
    const { criteria, key, return: asked } = body.arguments
    const found = await searchMessages(searchScope(context), key, sortNeedsIndex(criteria), message => ({
      ...sortEntry(message, criteria),
      modseq: message.row.modseq,
    }))
    const sorted = await sortEntries(found, criteria)
    const byModseq = asksModseq(key)
    if (byModseq) context.enableCondstore()
    answerSearch(context, {
      keyword: 'SORT',
      tag,
      uid: body.uid,
      asked,
      uids: sorted.map(each => each.uid),
      modseqs: byModseq ? new Map(found.map(each => [each.uid, each.modseq])) : null,
    })
    return ok('SORT completed')
  },
}
