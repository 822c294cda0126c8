import { describe, expect, it } from 'vitest'
import type { EmailIndex } from '../store/types.ts'
import { type Sortable, type SortOrder, sortEntries, sortEntry, sortInSlices, sortNeedsIndex } from './sort.ts'

const message = (uid: number, row: Partial<Sortable['row']>, index: Partial<EmailIndex> = {}): Sortable => ({
  row: { uid, internalDate: 0, sizeBytes: 0, ...row },
  index: {
    sentAt: null,
    messageId: '',
    references: [],
    subject: '',
    baseSubject: '',
    isReplyOrForward: false,
    from: '',
    to: '',
    cc: '',
    bcc: '',
    sortFrom: '',
    sortTo: '',
    sortCc: '',
    displayFrom: '',
    displayTo: '',
    ...index,
  },
})

const sorted = async (messages: Sortable[], ...orders: SortOrder[]): Promise<number[]> =>
  (
    await sortEntries(
      messages.map(each => sortEntry(each, orders)),
      orders,
    )
  ).map(({ uid }) => uid)

const up = (by: SortOrder['by']): SortOrder => ({ by, reverse: false })
const down = (by: SortOrder['by']): SortOrder => ({ by, reverse: true })

describe('sortEntries (RFC 5256 §3)', () => {
  it('takes the internal date where the Date field is missing (§2.2)', async () => {
    const list = [
      message(1, { internalDate: 50 }),
      message(2, { internalDate: 1 }, { sentAt: 60 }),
      message(3, { internalDate: 55 }),
    ]
    expect(await sorted(list, up('DATE'))).toEqual([1, 3, 2])
    expect(await sorted(list, up('ARRIVAL'))).toEqual([2, 1, 3])
  })

  it('goes by the criteria in turn, each in its own direction', async () => {
    const list = [
      message(1, { sizeBytes: 1 }, { sortFrom: 'B' }),
      message(2, { sizeBytes: 2 }, { sortFrom: 'A' }),
      message(3, { sizeBytes: 3 }, { sortFrom: 'B' }),
    ]
    expect(await sorted(list, up('FROM'), down('SIZE'))).toEqual([2, 3, 1])
    expect(await sorted(list, down('FROM'), up('SIZE'))).toEqual([1, 3, 2])
  })

  it('keeps mailbox order among equals, reversed or not', async () => {
    const list = [message(3, {}), message(1, {}), message(2, {})]
    expect(await sorted(list, down('SUBJECT'))).toEqual([1, 2, 3])
  })

  it.each<[SortOrder['by'], Partial<EmailIndex>, Partial<EmailIndex>]>([
    ['SUBJECT', { baseSubject: 'A' }, { baseSubject: 'B' }],
    ['TO', { sortTo: 'A' }, { sortTo: 'B' }],
    ['CC', { sortCc: '' }, { sortCc: 'B' }],
    ['DISPLAYFROM', { displayFrom: 'A' }, { displayFrom: 'B' }],
    ['DISPLAYTO', { displayTo: 'A' }, { displayTo: 'B' }],
  ])('sorts by %s', async (by, first, second) => {
    expect(await sorted([message(1, {}, second), message(2, {}, first)], up(by))).toEqual([2, 1])
  })

  it('asks for the index only where a criterion looks at it', () => {
    expect(sortNeedsIndex([up('ARRIVAL'), up('SIZE')])).toBe(false)
    expect(sortNeedsIndex([up('ARRIVAL'), up('CC')])).toBe(true)
  })
})

it('sorts more than a slice as one array would be', async () => {
  const numbers = Array.from({ length: 10_001 }, (_, i) => (i * 7919) % 10_007)
  expect(await sortInSlices(numbers, (a, b) => a - b)).toEqual([...numbers].sort((a, b) => a - b))
})
