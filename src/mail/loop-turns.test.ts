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
})
