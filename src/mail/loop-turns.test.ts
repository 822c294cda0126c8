import { setImmediate as nextTurn } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { LoopTurns } from './loop-turns.ts'

let time: number
let turns: LoopTurns
let done: string[]

beforeEach(() => {
  time = 0
  turns = new LoopTurns(() => time)
  done = []
})

/** Takes three milliseconds of the loop, in two steps that follow each other within one turn. */
async function work(name: string): Promise<void> {
  await turns.take()
  time += 1
  await null
  time += 2
  done.push(name)
}

describe('LoopTurns', () => {
  it('does not keep anybody waiting while the turn has time', async () => {
    for (const name of ['a', 'b', 'c']) await work(name)
    expect(done).toEqual(['a', 'b', 'c'])
    expect(time).toBe(9)
  })

  it('lets whoever comes beyond it wait for the next turns, in order, newcomers behind them', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
    expect(turns.take()).toBeUndefined()
    // Whoever took it uses up the turn's time.
    time += 8
    const all = Promise.all(names.map(work))
    await null
    expect(done).toEqual([])
    await nextTurn()
    expect(done).toEqual(['a', 'b', 'c'])
    const late = work('late')
    await nextTurn()
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    await nextTurn()
    await nextTurn()
    expect(done.at(-1)).toBe('late')
    await Promise.all([all, late])
  })

  it('begins anew once nobody waits', async () => {
    await work('a')
    time += 100
    await nextTurn()
    expect(turns.take()).toBeUndefined()
  })

  it('feeds those who came meanwhile before long work goes on, which goes on by one step a turn at least', async () => {
    const long = async (name: string) => {
      for (let step = 1; step <= 3; step++) {
        await turns.pause()
        time += 4
        done.push(`${name}${step}`)
      }
    }
    const all = Promise.all([long('x'), long('y')])
    // The turn's time is used up.
    time += 8
    const fed = Promise.all(['a', 'b', 'c', 'd'].map(work))
    await nextTurn()
    // 4 ms of the first of long works, then those who wait: 3 ms each, until 8 ms are used up.
    expect(done).toEqual(['x1', 'a', 'b'])
    await nextTurn()
    expect(done).toEqual(['x1', 'a', 'b', 'y1', 'c', 'd'])
    await nextTurn()
    // Nobody is in front of them any more.
    expect(done.slice(6)).toEqual(['x2', 'y2'])
    await nextTurn()
    expect(done.slice(8)).toEqual(['x3', 'y3'])
    await Promise.all([all, fed])
  })

  it.each([9, 30])(
    'feeds some of those who wait behind each step of long work, even where it takes %i ms',
    async ms => {
      const long = async () => {
        for (let step = 1; step <= 3; step++) {
          await turns.pause()
          time += ms
          done.push(`step ${step}`)
        }
      }
      const working = long()
      time += 8
      const fed = Promise.all(['a', 'b', 'c', 'd'].map(work))
      for (let turn = 0; turn < 3; turn++) await nextTurn()
      expect(done).toEqual(['step 1', 'a', 'b', 'step 2', 'c', 'd', 'step 3'])
      await Promise.all([working, fed])
    },
  )

  it('lets long work take one step of a turn, and the loop look at its sockets between two', async () => {
    let looked = 0
    const look = () => {
      looked++
      if (looked < 5) setImmediate(look)
    }
    setImmediate(look)
    for (let step = 0; step < 3; step++) {
      await turns.pause()
      expect(looked).toBe(step + 1)
    }
  })
})
