/** THREAD and UID THREAD (RFC 5256 §3). */
import { search } from '../../../mail/search.ts'
import { threadMessages } from '../../../mail/thread-messages.ts'
import { thread as threadResponse } from '../../../wire/imap/thread-response.ts'
import { type ImapCommand, ok } from '../command.ts'
import { searchScope } from '../search-scope.ts'

export const thread: ImapCommand<'THREAD'> = {
  states: ['selected'],
  reports: 'all-by-uid',
  async run(context, { uid, algorithm, key }, tag) {
    const scope = searchScope(context, tag)
    const { view } = scope
    const numberOf = (each: number): number => (uid ? each : view.positionOf(each) + 1)
    const threads = await threadMessages(scope, await search(scope, key), algorithm, numberOf)
    await scope.breather.pause()
    context.output.text(threadResponse(threads))
    return ok('THREAD completed')
  },
}
