/**
 * One transaction of an operation or of a group, and one snapshot of a query.
 *
 * Operations run READ COMMITTED, where each statement sees what was committed before it. They take their order first (see
 * `operations/order.ts`): whatever an operation rests on is its own from then on. A snapshot is one state of the database
 * for all statements of a query.
 */
import { perform } from '../operations/index.ts'
import { orderOf } from '../operations/order.ts'
import type { Request } from '../operations/request.ts'
import { list, sql } from '../sql.ts'
import type { Counter, Reader } from '../transaction.ts'
import type { Answer, Channel, ChannelSource, Channels } from './channel.ts'
import { kindOf } from './failure.ts'
import { ask, Ids, SessionReader, SessionTransaction, type TransactionParts } from './session.ts'
import type { SettledIds } from './settled-ids.ts'

export type Committed<T> =
  | { value: T }
  /** The connection broke between COMMIT and its answer. */
  | { unknown: true; transactionId: string | null; server: string | null; value: T }

/**
 * With a name: it goes with what follows. It does not ask to write: a standby would call that unsupported, where what follows is told
 * that this server is one (25006), and a server that its operator keeps from being written is written to by nobody.
 */
const begin = { name: 'begin', text: 'BEGIN ISOLATION LEVEL READ COMMITTED' }
const ignore = (): void => {}

/** Runs it on the channel, which is free again afterwards, but for one that is lost. Rejects where nothing was committed. */
export async function transact(
  channel: Channel,
  request: Request,
  settledIds: SettledIds,
): Promise<Committed<unknown>> {
  const { settled, turns, accounts, principals } = orderOf(request)
  const counters = new Map<Counter, number>()
  for (const counter of settled) counters.set(counter, await settledIds.ask(channel, counter))

  const before = [channel.ask(begin)]
  if (turns.length > 0)
    before.push(ask(channel, sql`SELECT 1 FROM turn WHERE name IN ${list(turns)} ORDER BY name FOR NO KEY UPDATE`))
  // With the lock, where there is one: each statement costs something by itself. Of an account that is gone it stays unknown.
  const named =
    accounts.length > 0
      ? ask(
          channel,
          sql`
          SELECT CAST(pg_current_xact_id() AS TEXT) FROM account
          WHERE account_id IN ${list(accounts)} ORDER BY account_id FOR NO KEY UPDATE`,
        )
      : ask(channel, sql`SELECT CAST(pg_current_xact_id() AS TEXT)`)
  before.push(named)
  if (principals.length > 0)
    before.push(
      ask(
        channel,
        sql`
        SELECT 1 FROM principal WHERE principal_id IN ${list(principals)} ORDER BY principal_id FOR NO KEY UPDATE`,
      ),
    )
  // What follows is sent behind it without waiting, and fails where it fails.
  const ids = new Ids(channel)
  return finish(channel, before, { named, isOfAccount: accounts.length > 0 }, sent =>
    performOn(request, { channel, settled: counters, sent, ids }),
  )
}

/**
 * Several that name accounts alone in one transaction, side by side: null of each whose accounts others have, or are gone.
 * It waits for nobody's, so that none of them waits for what only another rests on. Where one fails, all of them do.
 */
export async function transactTogether(
  channel: Channel,
  requests: readonly Request[],
): Promise<Committed<({ value: unknown } | null)[]>> {
  const accounts = requests.map(request => orderOf(request).accounts)
  const ids = list(accounts.flat())
  const begun = channel.ask(begin)
  // One by itself goes on before it hears whether it has its accounts, and fails where others have them.
  const isAlone = requests.length === 1
  const locked = ask(
    channel,
    isAlone
      ? sql`
        SELECT CAST(pg_current_xact_id() AS TEXT) FROM account
        WHERE account_id IN ${ids} ORDER BY account_id FOR NO KEY UPDATE NOWAIT`
      : sql`
        SELECT CAST(pg_current_xact_id() AS TEXT), account_id FROM account
        WHERE account_id IN ${ids} ORDER BY account_id FOR NO KEY UPDATE SKIP LOCKED`,
  )
  return finish(channel, [begun, locked], { named: locked, isOfAccount: true }, async sent => {
    const parts = { channel, settled: new Map(), sent, ids: new Ids(channel) }
    const ours = isAlone ? null : new Set((await locked).rows.map(([, accountId]) => accountId))
    const outcomes = await Promise.allSettled(
      requests.map(async (request, index) => {
        if (ours && !accounts[index]!.every(accountId => ours.has(accountId))) return null
        return { value: await performOn(request, parts) }
      }),
    )
    return outcomes.map(outcome => {
      if (outcome.status === 'rejected') throw outcome.reason
      return outcome.value
    })
  })
}

async function performOn({ operation, args }: Request, parts: TransactionParts): Promise<unknown> {
  const transaction = new SessionTransaction(parts)
  const value = await perform(transaction, operation, args)
  transaction.flush()
  return value
}

interface Named {
  /** Of what was sent already, the one that answers with the transaction's id. */
  named: Promise<Answer>
  /** It has locked an account: only what writes anything is waited for by the server until it is on disk, and a lock is written. */
  isOfAccount: boolean
}

/** `before`: what was sent already. */
async function finish<T>(
  channel: Channel,
  before: readonly Promise<Answer>[],
  { named, isOfAccount }: Named,
  action: (sent: Promise<Answer>[]) => Promise<T>,
): Promise<Committed<T>> {
  const ordered = Promise.all(before)
  ordered.catch(ignore)
  const sent = [...before]
  let value: T
  try {
    value = await action(sent)
    await ordered
  } catch (error) {
    channel.ask({ text: 'ROLLBACK' }).catch(ignore)
    // What came first is the reason of what came after it.
    await Promise.all(sent)
    throw error
  }
  const [id] = (await named).rows[0] ?? []
  const transactionId = typeof id === 'string' ? id : null
  const committed = await commit(channel, transactionId, sent, value)
  if (isOfAccount && transactionId !== null && !('unknown' in committed)) channel.committed?.(transactionId)
  return committed
}

/** Goes out behind what was sent and not waited for: the database makes a ROLLBACK of it where one of that failed. */
async function commit<T>(
  channel: Channel,
  transactionId: string | null,
  sent: readonly Promise<Answer>[],
  value: T,
): Promise<Committed<T>> {
  let answer: Answer
  try {
    answer = await channel.ask({ text: 'COMMIT' })
  } catch (error) {
    if (kindOf(error) !== 'lost') throw error
    return { unknown: true, transactionId, server: await channel.server, value }
  }
  if (answer.command === 'COMMIT') return { value }
  await Promise.all(sent)
  throw new Error(`the database answered ${answer.command} to COMMIT`)
}

/** Thrown at the second statement of a query that was to have one. */
class NeedsSnapshot extends Error {}

/**
 * The channel is taken with the first statement, and given back with the last. `first`: where those are from of a query that is
 * usually one statement, which is a snapshot by itself; where a second is asked for, it begins again with a snapshot for both.
 */
export async function withSnapshot<T>(
  channels: Channels,
  settledIds: SettledIds,
  query: (reader: Reader) => Promise<T>,
  first: ChannelSource | null = null,
): Promise<T> {
  const usuallyOne = first !== null
  const from = first ?? channels
  let taken: Promise<Channel> | null = null
  let began = false
  let statements = 0
  const take = (): Promise<Channel> => (taken ??= from.take())
  const reader = new SessionReader({
    channel: async () => {
      if (usuallyOne && statements++ > 0) throw new NeedsSnapshot()
      const channel = await take()
      if (!began && !usuallyOne) channel.ask({ text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' }).catch(ignore)
      began = true
      return channel
    },
    settledId: async counter => {
      if (began) throw new Error('the settled id must be asked for first')
      return settledIds.ask(await take(), counter)
    },
  })
  let isBroken = false
  try {
    return await query(reader)
  } catch (error) {
    if (!(error instanceof NeedsSnapshot)) {
      isBroken = kindOf(error) === 'lost'
      throw error
    }
  } finally {
    const channel = await (taken as Promise<Channel> | null)?.catch(ignore)
    if (channel) {
      // Whoever has the channel next sends behind it.
      if (began && !usuallyOne) channel.ask({ text: 'COMMIT' }).catch(ignore)
      from.give(channel, isBroken)
    }
  }
  return withSnapshot(channels, settledIds, query)
}
