/** UIDONLY (RFC 9586): a client that enabled it neither names messages by sequence numbers nor is told any. */
import type { CommandBody, SearchKey } from '../../wire/imap/command.ts'
import { fetchStart, uidFetchStart } from '../../wire/imap/fetch-response.ts'
import { someKey } from '../../wire/imap/search-key.ts'
import type { Enabled } from './context.ts'

/** Whether the command names messages by their numbers, or would be answered with some. */
export function usesNumbers(body: CommandBody): boolean {
  if ('uid' in body && !body.uid) return true
  switch (body.name) {
    case 'SEARCH':
    case 'ESEARCH':
    case 'SORT':
      return namesNumbers(body.arguments.key)
    case 'THREAD':
      return namesNumbers(body.key)
    case 'SELECT':
    case 'EXAMINE':
      return body.arguments.qresync?.sequenceMatch != null
    default:
      return false
  }
}

const namesNumbers = (key: SearchKey): boolean =>
  someKey(key, each => each.key === 'SET' && !each.uid && each.set !== '$')

/** Of the answer about a message: `position` in the view. */
export const answerStart = ({ uidOnly }: Enabled, position: number, uid: number): string =>
  uidOnly ? uidFetchStart(uid) : fetchStart(position + 1)
