import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { MessageBudget, type MessageShare } from './message-budget.ts'

describe('the budget of messages that sessions hold', () => {
  const waiting = (share: MessageShare) => {
    const state = { free: false }
    void share.whenFree().then(() => {
      state.free = true
    })
    return state
  }

  it('makes an account wait behind itself, and nobody else', async () => {
    const budget = new MessageBudget({ all: 1_000, ofOne: 100 })
    const [oldest, second, other] = [budget.open(1), budget.open(1), budget.open(2)]
    oldest.hold(101)
    const [own, second1, others] = [waiting(oldest), waiting(second), waiting(other)]
    await turn()
    expect([own.free, second1.free, others.free]).toEqual([true, false, true])
    oldest.release()
    await turn()
    expect(second1.free).toBe(true)
  })

  it('lets but as many go on as there is room for', async () => {
    const budget = new MessageBudget({ all: 1_000, ofOne: 100 })
    const shares = Array.from({ length: 10 }, () => budget.open(1))
    const held: number[] = []
    for (const [index, share] of shares.entries()) void share.take(60).then(() => held.push(index))
    await turn()
    expect(held).toEqual([0, 1])
    shares[0]!.hold(10)
    await turn()
    expect(held).toEqual([0, 1, 2])
    for (const share of shares) share.release()
    await turn()
    expect(held).toHaveLength(10)
  })

  it('never stands still: the oldest of all is the oldest of its account', async () => {
    const budget = new MessageBudget({ all: 100, ofOne: 50 })
    const shares = [1, 2, 1, 2, 3].map(accountId => budget.open(accountId))
    for (const share of shares) share.hold(60)
    const states = shares.map(waiting)
    await turn()
    expect(states.map(({ free }) => free)).toEqual([true, false, false, false, false])
    for (const [index, share] of shares.entries()) {
      await turn()
      expect(states[index]!.free).toBe(true)
      share.release()
    }
  })

  it('puts off what is new from those alone who hold their part already, unless all of it is held', () => {
    const budget = new MessageBudget({ all: 100, ofOne: 50 })
    const first = budget.open('192.0.2.1')
    first.hold(51)
    expect(['192.0.2.1', '192.0.2.2', null].map(holder => budget.isFullFor(holder))).toEqual([true, false, false])
    budget.open(null).hold(60)
    expect(['192.0.2.1', '192.0.2.2', null].map(holder => budget.isFullFor(holder))).toEqual([true, true, true])
    first.release()
    expect(budget.isFullFor('192.0.2.1')).toBe(false)
  })
})
