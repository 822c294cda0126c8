import { expect, it } from 'vitest'
import type { Channel, ChannelSource, Channels, Question } from './channel.ts'
import { requireSession } from './pooler.ts'

/** What is before the server: nothing, or a pooler that gives its connections to sessions, or to transactions. */
type Between = 'nothing' | 'sessions' | 'transactions'

/** `order`: in which the pooler gives those that are free. */
function server(between: Between, order: 'last' | 'first' = 'last'): { channels: Channels; taken: () => number } {
  const free = [101, 102, 103]
  let taken = 0
  const source: ChannelSource = {
    take: async () => {
      const process = between === 'nothing' ? 100 + ++taken : 70_000 + ++taken
      const ownOne = 100 + taken
      let held: number | undefined
      const ask = async ({ text }: Question) => {
        const own = between === 'transactions' ? (held ?? (order === 'last' ? free.pop()! : free.shift()!)) : ownOne
        if (text === 'BEGIN') held = own
        if (text === 'ROLLBACK') held = undefined
        if (between === 'transactions' && held === undefined) free.push(own)
        return { rows: [[own]], count: 1, command: text }
      }
      return { process, server: Promise.resolve('any'), ask } satisfies Channel
    },
    give: () => {},
  }
  return { channels: { ...source, forLookUps: source, close: async () => {} }, taken: () => taken }
}

it.each([
  ['nothing', 1],
  ['sessions', 2],
] as const)('is content with %s between, on %i connections', async (between, connections) => {
  const { channels, taken } = server(between)
  await requireSession(channels, await channels.take())
  expect(taken()).toBe(connections)
})

it.each(['last', 'first'] as const)(
  'refuses what gives its connections to transactions, the %s free one',
  async order => {
    const { channels } = server('transactions', order)
    await expect(requireSession(channels, await channels.take())).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('pool_mode = session'),
    })
  },
)
