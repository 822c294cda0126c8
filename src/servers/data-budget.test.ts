import { describe, expect, it } from 'vitest'
import { DataBudget } from './data-budget.ts'

describe('the budget of messages under way', () => {
  const waiting = (share: ReturnType<DataBudget['open']>) => {
    const state = { free: false }
    share.whenFree(() => {
      state.free = true
    })
    return state
  }

  it('lets all read until it is used up, then the oldest alone', () => {
    const budget = new DataBudget(100)
    const [oldest, second] = [budget.open(), budget.open()]
    oldest.add(60)
    second.add(40)
    expect(waiting(second).free).toBe(true)
    second.add(1)
    expect(budget.full).toBe(true)
    expect(waiting(oldest).free).toBe(true)
    expect(waiting(second).free).toBe(false)
  })

  it('wakes those who wait when there is room again', () => {
    const budget = new DataBudget(100)
    const [oldest, second, third] = [budget.open(), budget.open(), budget.open()]
    oldest.add(60)
    second.add(30)
    third.add(30)
    const states = [waiting(second), waiting(third)]
    oldest.release()
    expect(states).toEqual([{ free: true }, { free: true }])
    expect(budget.used).toBe(60)
  })

  it('wakes the next oldest even where there is no room yet: one always gets to its end', () => {
    const budget = new DataBudget(100)
    const [oldest, second, third] = [budget.open(), budget.open(), budget.open()]
    oldest.add(10)
    second.add(90)
    third.add(90)
    const [next, last] = [waiting(second), waiting(third)]
    oldest.release()
    expect([next.free, last.free]).toEqual([true, false])
    second.release()
    expect(last.free).toBe(true)
  })

  it('takes back what a share had, once', () => {
    const budget = new DataBudget(100)
    const share = budget.open()
    share.add(50)
    share.release()
    share.release()
    expect(budget.used).toBe(0)
  })

  it('lets go of who waits when his share is released', () => {
    const budget = new DataBudget(10)
    const [, second] = [budget.open(), budget.open()]
    second.add(50)
    const state = waiting(second)
    second.release()
    expect(state.free).toBe(true)
  })

  it('keeps nobody waiting who has given all back already', () => {
    const budget = new DataBudget(10)
    const [oldest, second] = [budget.open(), budget.open()]
    oldest.add(50)
    second.release()
    expect(waiting(second).free).toBe(true)
  })
})
