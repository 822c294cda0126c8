import { expect, it } from 'vitest'
import { heldHeapBytes } from '../../../test/support/held-memory.ts'
import { MailboxView } from '../../mail/mailbox-view.ts'
import { SavedResult } from './saved-result.ts'

const viewOf = (...uids: number[]): MailboxView => new MailboxView(Uint32Array.from(uids))

it('has neighbours in the view as one range, and passes over what the view has not', () => {
  const saved = SavedResult.of(viewOf(2, 5, 6, 9, 12, 0xffffffff), Uint32Array.of(1, 2, 5, 7, 9, 12, 0xffffffff))
  expect([...saved]).toEqual([
    { from: 2, to: 5 },
    { from: 9, to: 0xffffffff },
  ])
  expect([...SavedResult.of(viewOf(), Uint32Array.of(1))]).toEqual([])
  expect([...SavedResult.empty]).toEqual([])
})

it('stays right when messages go and come', () => {
  const view = viewOf(1, 2, 3, 4, 5)
  const saved = SavedResult.of(view, Uint32Array.of(1, 2, 3, 5))
  view.remove([{ from: 2, to: 2 }])
  view.append([6])
  expect([...view.uidsOf(view.runsOfRanges(saved))]).toEqual([1, 3, 5])
})

it('takes eight bytes a range', () => {
  const count = 400_000
  const view = new MailboxView(Uint32Array.from({ length: count }, (_, at) => at + 1))
  const everySecond = Uint32Array.from({ length: count / 2 }, (_, at) => 2 * at + 1)
  const before = heldHeapBytes()
  const saved = Array.from({ length: 10 }, () => SavedResult.of(view, everySecond))
  expect(heldHeapBytes() - before).toBeLessThan(10 * count)
  expect(saved.map(each => [...each].length)).toEqual(saved.map(() => count / 2))
})
