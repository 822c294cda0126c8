/** THREAD and UID THREAD (RFC 5256 §3). */
import { type FoundMessage, searchMessages } from '../../../mail/search.ts'
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
    const messages = await searchMessages(searchScope(context), key, true, message => {
      const number = uid ? message.row.uid : view.positionOf(message.row.uid) + 1
      return threadable(message, number)
    })
    const threads = algorithm === 'REFERENCES' ? threadByReferences : threadByOrderedSubject
    context.output.text(threadResponse(await threads(messages)))
    return ok('THREAD completed')
  },
}

function threadable(message: FoundMessage, number: number): ThreadableMessage {
  const { index } = message
  return {
    number,
    sentDate: sentDateOf(message),
    messageId: index?.messageId ?? '',
    references: index?.references ?? [],
    baseSubject: index?.baseSubject ?? '',
    isReplyOrForward: index?.isReplyOrForward ?? false,
  }
}
