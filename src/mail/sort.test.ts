import { describe, expect, it } from 'vitest'
import { Breather } from './breather.ts'
import { decisive, type SortEntry, type SortOrder, sortEntries, sortInSlices } from './sort.ts'

const message = (uid: number, ...keys: SortEntry['keys']): SortEntry => ({ uid, keys })

const sorted = async (messages: SortEntry[], ...orders: SortOrder[]): Promise<number[]> =>
  (await sortEntries(messages, orders)).map(({ uid }) => uid)

const up = (by: SortOrder['by']): SortOrder => ({ by, reverse: false })
const down = (by: SortOrder['by']): SortOrder => ({ by, reverse: true })

describe('sortEntries (RFC 5256 §3)', () => {
  it('goes by the criteria in turn, each in its own direction', async () => {
    const list = [message(1, 'B', 1), message(2, 'A', 2), message(3, 'B', 3)]
    expect(await sorted(list, up('FROM'), down('SIZE'))).toEqual([2, 3, 1])
    expect(await sorted(list, down('FROM'), up('SIZE'))).toEqual([1, 3, 2])
  })

  it('keeps mailbox order among equals, reversed or not', async () => {
    const list = [message(3, ''), message(1, ''), message(2, '')]
    expect(await sorted(list, down('SUBJECT'))).toEqual([1, 2, 3])
  })

  it('takes numbers as numbers', async () => {
    expect(await sorted([message(1, 10), message(2, 9)], up('SIZE'))).toEqual([2, 1])
  })
})

it('leaves out criteria that are there already: the first decides, reversed or not', () => {
  expect(decisive([down('FROM'), up('SIZE'), up('FROM'), down('SIZE'), up('TO')])).toEqual([
    down('FROM'),
    up('SIZE'),
    up('TO'),
  ])
})

it('sorts more than a slice as one array would be', async () => {
  const numbers = Array.from({ length: 10_001 }, (_, i) => (i * 7919) % 10_007)
  expect(await sortInSlices(numbers, (a, b) => a - b, new Breather())).toEqual([...numbers].sort((a, b) => a - b))
})
