import { expect, it } from 'vitest'
import { Arrangements } from './arrangements.ts'
import { ARRANGEMENT_ITSELF_BYTES } from './limits.ts'

const mailbox = { accountId: 1, mailboxId: 2 }

/** Each arrangement takes 8 bytes a message, beside those for itself and its name, which has one letter. */
const itself = ARRANGEMENT_ITSELF_BYTES + '1 2 a'.length

function counting(bytes: number): { made: string[]; of: (how: string, ...uids: number[]) => Promise<number[]> } {
  const arrangements = new Arrangements(bytes)
  const made: string[] = []
  const of = async (how: string, ...uids: number[]): Promise<number[]> => {
    const arranged = await arrangements.of(mailbox, how, Uint32Array.from(uids), async () => {
      made.push(how)
      return Uint32Array.from(uids).reverse()
    })
    return [...arranged]
  }
  return { made, of }
}

it('arranges the same messages once', async () => {
  const { made, of } = counting(1000)
  expect(await of('a', 1, 2)).toEqual([2, 1])
  expect(await of('a', 1, 2)).toEqual([2, 1])
  expect(made).toEqual(['a'])
})

it('arranges anew when a message came, went or is another', async () => {
  const { made, of } = counting(1000)
  for (const uids of [[1, 2], [1, 2, 3], [1, 3], [1, 4], []]) expect(await of('a', ...uids)).toEqual(uids.reverse())
  expect(made).toHaveLength(5)
})

it('forgets what was not asked for the longest when there is too much, and keeps nothing that is too large', async () => {
  const { made, of } = counting(2 * (itself + 16))
  const many = Array.from({ length: 200 }, (_, at) => at)
  await of('a', 1, 2)
  await of('b', 1, 2)
  await of('a', 1, 2)
  await of('c', 1, 2)
  await of('a', 1, 2)
  expect(made).toEqual(['a', 'b', 'c'])
  await of('d', ...many)
  await of('a', 1, 2)
  expect(made).toEqual(['a', 'b', 'c', 'd'])
  await of('b', 1, 2)
  await of('d', ...many)
  expect(made).toEqual(['a', 'b', 'c', 'd', 'b', 'd'])
})

it('forgets those of no message likewise', async () => {
  const { made, of } = counting(3 * itself)
  for (const how of ['a', 'b', 'c', 'd', 'a']) await of(how)
  expect(made).toEqual(['a', 'b', 'c', 'd', 'a'])
})
