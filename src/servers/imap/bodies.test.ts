import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { UNCOUNTED_BYTES } from '../limits.ts'
import { MessageBudget } from '../message-budget.ts'
import { BodiesAhead } from './bodies.ts'

describe('bodies read ahead, where others hold all the memory there is', () => {
  const asked = (sizeBytes: number) => {
    const budget = new MessageBudget({ all: 1_000, ofOne: 1_000 })
    const other = budget.open(1)
    other.hold(2_000)
    const share = budget.open(2)
    const bodies = new BodiesAhead([{ blobHash: 'a', sizeBytes }], async () => new Uint8Array(1), share)
    const state = { read: false }
    void bodies.of(0).then(() => {
      state.read = true
    })
    return { state, other }
  }

  it('do not wait where they are small, as most are', async () => {
    const { state } = asked(UNCOUNTED_BYTES)
    await turn()
    expect(state.read).toBe(true)
  })

  it('wait for the others where they are large', async () => {
    const { state, other } = asked(UNCOUNTED_BYTES + 1)
    await turn()
    expect(state.read).toBe(false)
    other.release()
    await turn()
    expect(state.read).toBe(true)
  })
})
