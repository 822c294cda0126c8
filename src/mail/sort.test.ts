import { describe, expect, it } from 'vitest'
import { Breather } from './breather.ts'
import { type SortOrder, sortInSlices, sortTable } from './sort.ts'

type Message = [uid: number, ...keys: (number | string)[]]

const sorted = async (messages: Message[], ...orders: SortOrder[]): Promise<number[]> => {
  const columns = orders.map((_, at) => messages.map(([, ...keys]) => keys[at]!))
  return [...(await sortTable({ uids: messages.map(([uid]) => uid), columns }, orders))]
}

const up = (by: SortOrder['by']): SortOrder => ({ by, reverse: false })
const down = (by: SortOrder['by']): SortOrder => ({ by, reverse: true })

describe('sortTable (RFC 5256 §3)', () => {
  it('goes by the criteria in turn, each in its own direction', async () => {
    const list: Message[] = [
      [1, 'B', 1],
      [2, 'A', 2],
      [3, 'B', 3],
    ]
    expect(await sorted(list, up('FROM'), down('SIZE'))).toEqual([2, 3, 1])
    expect(await sorted(list, down('FROM'), up('SIZE'))).toEqual([1, 3, 2])
  })

  it('keeps mailbox order among equals, reversed or not', async () => {
    const list: Message[] = [
      [1, 'B'],
      [3, 'A'],
      [4, 'B'],
      [7, 'A'],
    ]
    expect(await sorted(list, up('SUBJECT'))).toEqual([3, 7, 1, 4])
    expect(await sorted(list, down('SUBJECT'))).toEqual([1, 4, 3, 7])
  })

  it('takes numbers as numbers', async () => {
    expect(
      await sorted(
        [
          [1, 10],
          [2, 9],
        ],
        up('SIZE'),
      ),
    ).toEqual([2, 1])
  })
})

it('sorts more than a slice as one array would be', async () => {
  const numbers = Array.from({ length: 10_001 }, (_, i) => (i * 7919) % 10_007)
  expect(await sortInSlices(numbers, (a, b) => a - b, new Breather())).toEqual([...numbers].sort((a, b) => a - b))
})
