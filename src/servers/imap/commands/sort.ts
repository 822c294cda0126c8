/** SORT and UID SORT (RFC 5256 §3, RFC 5957), with return options (ESORT, RFC 5267 §3). */
import { modseqsOf, search } from '../../../mail/search.ts'
import { sortMessages } from '../../../mail/sort.ts'
import { type ImapCommand, ok } from '../command.ts'
import { answerSearch, asksModseq } from '../search-result.ts'
import { searchScope } from '../search-scope.ts'

export const sort: ImapCommand<'SORT'> = {
  states: ['selected'],
  reports: 'all-by-uid',
  async run(context, { uid, arguments: { criteria, key, return: asked, partial } }, tag) {
    const scope = searchScope(context, tag)
    const runs = await search(scope, key)
    const uids = await sortMessages(scope, runs, criteria)
    const byModseq = asksModseq(key)
    if (byModseq) context.enableCondstore()
    const modseqs = byModseq ? await modseqsOf(scope, runs) : null
    await scope.breather.pause()
    answerSearch(context, { keyword: 'SORT', tag, uid, asked, partial, uids, modseqs })
    return ok('SORT completed')
  },
}
