import { expect, it } from 'vitest'
import { silentLog } from '../ops/log.ts'
import type { Channel, Link } from './link.ts'
import { SharedChanges } from './shared-changes.ts'

/** A link whose moments the test chooses, and a store with one account. */
function world({ isReady = true } = {}) {
  const channels = new Map<string, Channel>()
  const published: string[] = []
  const due: { ms: number; run: () => void }[] = []
  const asked: number[][] = []
  const state = { isReady, modseq: 5, othersPoll: false }
  const link: Link = {
    get isReady() {
      return state.isReady
    },
    publish: (channel, text) => void published.push(`${channel}: ${text}`),
    listen(channel, listener) {
      channels.set(channel, listener)
      return () => channels.delete(channel)
    },
    close: async () => {},
  }
  const store = {
    read: async (_: string, { accountIds }: { accountIds: number[] }) => {
      asked.push(accountIds)
      return accountIds.map(accountId => ({ accountId, modseq: state.modseq }))
    },
  }
  const timers = {
    after(ms: number, run: () => void) {
      due.push({ ms, run })
      return () => {}
    },
  }
  const othersPoll = (): boolean => state.othersPoll
  const changes = new SharedChanges({ store: store as never, link, othersPoll, nodeId: 'me', log: silentLog, timers })
  changes.start()
  const heard: number[] = []
  /** Lets what waits for so long run, and what it began come to its end. */
  const pass = async (ms: number): Promise<void> => {
    for (const each of due.splice(0))
      if (each.ms <= ms) each.run()
      else due.push(each)
    await new Promise(resolve => setImmediate(resolve))
  }
  return { changes, channels, published, asked, state, heard, pass, hear: (modseq: number) => void heard.push(modseq) }
}

it('listens while an account is open, and looks for what changed before it listened', async () => {
  const { changes, channels, asked, heard, pass, hear } = world()
  const one = changes.subscribe(7, ({ modseq }) => hear(modseq))
  const two = changes.subscribe(7, () => {})
  expect([...channels.keys()]).toEqual(['look', 'account 7'])
  channels.get('account 7')!.begun()
  await pass(0)
  expect(asked).toEqual([[7]])
  expect(heard).toEqual([5])
  channels.get('account 7')!.heard('6 other')
  channels.get('account 7')!.heard('6 other')
  channels.get('account 7')!.heard('9 me')
  channels.get('account 7')!.heard('4 other')
  channels.get('account 7')!.heard('nonsense')
  expect(heard).toEqual([5, 6])
  one()
  one()
  expect(channels.has('account 7')).toBe(true)
  two()
  expect(channels.has('account 7')).toBe(false)
})

it('tells others of what is done here, and those here at once', () => {
  const { changes, published, heard, hear } = world()
  const all: number[] = []
  changes.subscribeAll(({ accountId }) => all.push(accountId))
  changes.subscribe(7, ({ modseq }) => hear(modseq))
  changes.publish({ accountId: 7, modseq: 6 })
  changes.publish({ accountId: 8, modseq: 3 })
  expect(published).toEqual(['account 7: 6 me', 'account 8: 3 me'])
  expect(heard).toEqual([6])
  expect(all).toEqual([7, 8])
})

it('asks once a second while the link is down, and tells what is new alone', async () => {
  const { changes, state, asked, heard, pass, hear } = world({ isReady: false })
  changes.subscribe(7, ({ modseq }) => hear(modseq))
  await pass(1_000)
  await pass(1_000)
  expect(asked).toEqual([[7], [7]])
  expect(heard).toEqual([5])
  state.modseq = 8
  await pass(1_000)
  expect(heard).toEqual([5, 8])
  state.isReady = true
  await pass(1_000)
  expect(asked).toHaveLength(3)
})

it('asks once a second while another node is without the link, and once more when it has it again', async () => {
  const { changes, state, asked, heard, pass, hear } = world()
  changes.subscribe(7, ({ modseq }) => hear(modseq))
  await pass(1_000)
  const before = asked.length
  await pass(1_000)
  expect(asked).toHaveLength(before)
  state.othersPoll = true
  for (const modseq of [8, 9]) {
    state.modseq = modseq
    await pass(1_000)
    expect(heard.at(-1)).toBe(modseq)
  }
  state.othersPoll = false
  state.modseq = 10
  await pass(1_000)
  expect(heard.at(-1)).toBe(10)
  expect(asked).toHaveLength(before + 3)
  await pass(1_000)
  expect(asked).toHaveLength(before + 3)
})

it('tells the others to look once it has the link again, and looks itself where another does', async () => {
  const { changes, channels, published, state, asked, heard, pass, hear } = world()
  changes.subscribe(7, ({ modseq }) => hear(modseq))
  await pass(1_000)
  const before = asked.length
  changes.tellToLook()
  expect(published).toEqual(['look: me'])
  state.modseq = 8
  channels.get('look')!.heard('me')
  await pass(0)
  expect(asked).toHaveLength(before)
  channels.get('look')!.heard('one')
  channels.get('look')!.heard('other')
  await pass(0)
  expect(asked.slice(before)).toEqual([[7]])
  expect(heard.at(-1)).toBe(8)
})
