import { expect, it } from 'vitest'
import { heldHeapBytes } from '../../../test/support/held-memory.ts'
import { Patience } from './patience.ts'

const LONG_MS = 2 ** 30

it('ends the waits of all, and has none of those who come later', async () => {
  const patience = new Patience()
  const waits = [patience.wait(LONG_MS), patience.wait(LONG_MS)]
  patience.end()
  await Promise.all([...waits, patience.wait(LONG_MS)])
  expect(patience.isOver).toBe(true)
})

it('keeps nothing of waits that are over: a server may be gone for days', async () => {
  const patience = new Patience()
  const wait = async (times: number): Promise<unknown> =>
    Promise.all(Array.from({ length: times }, () => patience.wait(0)))
  await wait(10_000)
  const before = heldHeapBytes()
  for (let n = 0; n < 3; n++) await wait(10_000)
  expect((heldHeapBytes() - before) / 30_000).toBeLessThan(50)
  patience.end()
})
