import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { UidRange } from '../store/types.ts'
import { Breather } from './breather.ts'
import { MailboxView } from './mailbox-view.ts'
import { findRuns, messagePages } from './message-pages.ts'

it('reads just the wanted messages that still exist, in pages no longer than the limit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: 300 })),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 })), { maxLength: 8 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 300 })),
      async (uids, set, gone) => {
        const view = new MailboxView(Uint32Array.from(uids).sort())
        const stored = [...Uint32Array.from(uids).sort()].filter(uid => !gone.includes(uid)).map(uid => ({ uid }))
        const found: [number, number][] = []
        const pages = messagePages(view, view.resolve(set, true), 7, async ({ from, to }) =>
          stored.filter(({ uid }) => uid >= from && uid <= to).slice(0, 7),
        )
        for await (const { rows, positions } of pages)
          for (const [index, row] of rows.entries()) found.push([row.uid, positions[index]!])
        const wanted = stored
          .map(({ uid }) => uid)
          .filter(uid => set.some(([a, b]) => uid >= Math.min(a, b) && uid <= Math.max(a, b)))
        expect(found).toEqual(wanted.map(uid => [uid, view.positionOf(uid)]))
      },
    ),
    { numRuns: 300 },
  )
})

it('joins neighbouring messages into one read, and leaves far ones apart', async () => {
  const view = new MailboxView(Uint32Array.from({ length: 100 }, (_, index) => index + 1))
  const reads: string[] = []
  const set: [number, number][] = [
    [1, 1],
    [3, 3],
    [5, 5],
    [90, 95],
  ]
  for await (const _ of messagePages(view, view.resolve(set, false), 50, async ({ from, to }) => {
    reads.push(`${from}:${to}`)
    return [{ uid: from }]
  })) {
  }
  expect(reads).toEqual(['1:5', '90:95'])
})

it('finds those of the wanted messages that a read finds, as runs', async () => {
  const view = new MailboxView(Uint32Array.of(2, 4, 6, 8, 10, 12))
  const read = async ({ from, to }: UidRange): Promise<number[]> =>
    [2, 4, 6, 7, 10, 12].filter(uid => uid >= from && uid <= to)
  expect(await findRuns(view, [{ first: 1, last: 4 }], 2, read, new Breather())).toEqual([
    { first: 1, last: 2 },
    { first: 4, last: 4 },
  ])
})
