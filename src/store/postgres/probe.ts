/** Asks a server on a connection of its own whether it lives. */
import pg from 'pg'
import { isAnswer, isUnreachable } from './failure.ts'
import { probeMs } from './limits.ts'

export type Finding =
  | 'lives'
  | 'gone'
  /** What failed is on this side, such as the resolver: it says nothing of the server. */
  | 'unknown'

/** A pooler answers the sign-in itself: so a statement is asked as well. */
export async function probe(connection: pg.ClientConfig): Promise<Finding> {
  const client = new pg.Client(connection)
  client.on('error', () => {})
  // Before, its address is still looked for.
  let isCalled = false
  client.connection.stream.once('connectionAttempt', () => (isCalled = true))
  let isOver = false
  const end = setTimeout(() => {
    isOver = true
    client.connection.stream.destroy()
  }, probeMs)
  try {
    await client.connect()
    await client.query('SELECT 1')
    return 'lives'
  } catch (error) {
    // A refusal, such as that there are too many connections, is an answer too.
    if (isAnswer(error)) return 'lives'
    return (isOver && isCalled) || isUnreachable(error) ? 'gone' : 'unknown'
  } finally {
    clearTimeout(end)
    client.end().catch(() => {})
  }
}
