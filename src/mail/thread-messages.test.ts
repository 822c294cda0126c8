import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packThreads, unpackThreads } from './thread-messages.ts'
import type { Thread } from './threads.ts'

const { thread } = fc.letrec<{ thread: Thread }>(tie => ({
  thread: fc.record({
    number: fc.option(fc.integer({ min: 1, max: 0xffffffff })),
    children: fc.oneof({ maxDepth: 4 }, fc.constant<Thread[]>([]), fc.array(tie('thread'), { maxLength: 3 })),
  }),
}))

it('packs threads and gives them back as they were, with the numbers asked for', () => {
  fc.assert(
    fc.property(fc.array(thread, { maxLength: 4 }), threads => {
      expect(unpackThreads(packThreads(threads), uid => uid)).toEqual(threads)
    }),
  )
  const packed = packThreads([{ number: 5, children: [{ number: null, children: [] }] }])
  expect(unpackThreads(packed, uid => uid * 2)).toEqual([{ number: 10, children: [{ number: null, children: [] }] }])
})

it('packs a thread as deep as a mailbox has messages', () => {
  let deep: Thread = { number: 1, children: [] }
  for (let number = 2; number <= 100_000; number++) deep = { number, children: [deep] }
  const [top] = unpackThreads(packThreads([deep]), uid => uid)
  let depth = 0
  for (let at = top; at; at = at.children[0]) depth++
  expect(depth).toBe(100_000)
})
