/** THREAD and UID THREAD (RFC 5256 §3). */
import { searchMessages } from '../../../mail/search.ts'
import { sentDateOf } from '../../../mail/sort.ts'
import { type ThreadableMessage, threadByOrderedSubject, threadByReferences } from '../../../mail/threads.ts'
import { thread as threadResponse } from '../../../wire/imap/thread-response.ts'
import { type ImapCommand, ok } from '../command.ts'
import { searchScope } from '../search-scope.ts'

export const thread: ImapCommand<'THREAD'> = {
  states: ['selected'],
  reports: 'all-by-uid',
  async run(context, { uid, algorithm, key }) {
    const { view } = context.mailbox
    const messages: ThreadableMessage[] = []
    for (const { row, index } of await searchMessages(searchScope(context), key, true))
      if (index)
        messages.push({
          number: uid ? row.uid : view.positionOf(row.uid) + 1,
          sentDate: sentDateOf({ row, index }),
          messageId: index.messageId,
          references: index.references,
          baseSubject: index.baseSubject,
          isReplyOrForward: index.isReplyOrForward,
        })
    const threads = algorithm === 'REFERENCES' ? threadByReferences : threadByOrderedSubject
    context.output.text(threadResponse(await threads(messages)))
    return ok('THREAD completed')
  },
}
