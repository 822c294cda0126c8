import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { thread as format } from '../wire/imap/thread-response.ts'
import { type Thread, type ThreadableMessage, threadByOrderedSubject, threadByReferences } from './threads.ts'

interface Given {
  id?: string
  references?: string[]
  subject?: string
  reply?: boolean
  date?: number
}

/** Numbered from 1, dated in that order unless given otherwise. */
const messages = (given: Given[]): ThreadableMessage[] =>
  given.map(({ id = '', references = [], subject = '', reply = false, date }, index) => ({
    number: index + 1,
    sentDate: date ?? index,
    messageId: id,
    references,
    baseSubject: subject,
    isReplyOrForward: reply,
  }))

const byReferences = async (given: Given[]): Promise<string> => format(await threadByReferences(messages(given))).trim()

describe('REFERENCES (RFC 5256 §3)', () => {
  it('is empty for no messages', async () => {
    expect(await byReferences([])).toBe('* THREAD')
  })

  it('makes a chain of answers, and branches where two answer the same: the shape of §4', async () => {
    expect(
      await byReferences([
        { id: 'alone' },
        { id: 'a' },
        { id: 'b', references: ['a'] },
        { id: 'c', references: ['a', 'b'] },
        { id: 'd', references: ['a', 'b'] },
        { id: 'e', references: ['a', 'b', 'c'] },
        { id: 'f', references: ['a', 'b', 'd'] },
        { id: 'g', references: ['a', 'b', 'd', 'f'] },
      ]),
    ).toBe('* THREAD (1)(2 3 (4 6)(5 7 8))')
  })

  it('leaves siblings of a parent that is not there under a nameless one: the second example of §4', async () => {
    expect(
      await byReferences([
        { id: 'b', references: ['gone'] },
        { id: 'c', references: ['gone'] },
      ]),
    ).toBe('* THREAD ((1)(2))')
  })

  it('promotes the only child of a missing parent to the top (step 3)', async () => {
    expect(await byReferences([{ id: 'b', references: ['gone'] }])).toBe('* THREAD (1)')
  })

  it('splices the children of a missing message within a thread into its siblings (step 3)', async () => {
    expect(
      await byReferences([
        { id: 'a' },
        { id: 'c', references: ['a', 'gone'] },
        { id: 'd', references: ['a', 'gone'] },
        { id: 'e', references: ['a'] },
      ]),
    ).toBe('* THREAD (1 (2)(3)(4))')
  })

  it('gives a message with a used message-id one of its own (step 1.A)', async () => {
    expect(await byReferences([{ id: 'a' }, { id: 'a' }, { id: 'b', references: ['a'] }])).toBe('* THREAD (1 3)(2)')
  })

  it('breaks a link guessed from truncated references once the message tells its own parent (step 1.B)', async () => {
    expect(
      await byReferences([
        { id: 'x', references: ['a', 'c'] },
        { id: 'a' },
        { id: 'b', references: ['a'] },
        { id: 'c', references: ['a', 'b'] },
      ]),
    ).toBe('* THREAD (2 3 4 1)')
  })

  it('makes no loop of messages that refer to each other or to themselves', async () => {
    expect(
      await byReferences([
        { id: 'a', references: ['b'] },
        { id: 'b', references: ['a'] },
        { id: 'c', references: ['c'] },
      ]),
    ).toBe('* THREAD (2 1)(3)')
  })

  it('compares message-ids case-sensitively', async () => {
    expect(await byReferences([{ id: 'A' }, { id: 'b', references: ['a'] }])).toBe('* THREAD (1)(2)')
  })

  it('sorts threads, and siblings, by date, then by number (steps 4 and 6)', async () => {
    expect(
      await byReferences([
        { id: 'late', date: 9 },
        { id: 'a', date: 1 },
        { id: 'b', references: ['a'], date: 5 },
        { id: 'c', references: ['a'], date: 3 },
        { id: 'd', references: ['a'], date: 5 },
      ]),
    ).toBe('* THREAD (2 (4)(3)(5))(1)')
  })

  it('sorts a nameless parent by its first child (step 4)', async () => {
    expect(
      await byReferences([
        { id: 'm', date: 5 },
        { id: 'x', references: ['gone'], date: 8 },
        { id: 'y', references: ['gone'], date: 2 },
      ]),
    ).toBe('* THREAD ((3)(2))(1)')
  })

  describe('merges threads of one subject (step 5)', () => {
    it('a reply under the message it answers', async () => {
      expect(await byReferences([{ subject: 'S' }, { subject: 'S', reply: true }])).toBe('* THREAD (1 2)')
    })

    it('a reply under it even where it is older', async () => {
      expect(await byReferences([{ subject: 'S', reply: true }, { subject: 'S' }])).toBe('* THREAD (2 1)')
    })

    it('two that answer nothing as siblings of a nameless parent', async () => {
      expect(await byReferences([{ subject: 'S' }, { subject: 'S' }, { subject: 'S' }])).toBe('* THREAD ((1)(2)(3))')
    })

    it('two replies likewise', async () => {
      expect(
        await byReferences([
          { subject: 'S', reply: true },
          { subject: 'S', reply: true },
        ]),
      ).toBe('* THREAD ((1)(2))')
    })

    it('a message into a nameless parent, and two nameless parents into one', async () => {
      expect(
        await byReferences([
          { references: ['gone'], subject: 'S' },
          { references: ['gone'], subject: 'S' },
          { subject: 'S' },
          { references: ['lost'], subject: 'S' },
          { references: ['lost'], subject: 'S' },
        ]),
      ).toBe('* THREAD ((1)(2)(3)(4)(5))')
    })

    it('none with an empty subject', async () => {
      expect(await byReferences([{ subject: '' }, { subject: '', reply: true }])).toBe('* THREAD (1)(2)')
    })
  })

  it('threads a chain of 20,000 without running out of stack', async () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => ({ id: `${i}`, references: i > 0 ? [`${i - 1}`] : [] }))
    expect(await byReferences(chain)).toBe(`* THREAD (${chain.map((_, i) => i + 1).join(' ')})`)
  })

  it('holds each message exactly once, whatever refers to whatever', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'x', 'y')
    const given = fc.record({
      id: fc.oneof(name, fc.constant('')),
      references: fc.array(name, { maxLength: 4 }),
      subject: fc.constantFrom('', 'S', 'T'),
      reply: fc.boolean(),
      date: fc.integer({ min: 0, max: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(given, { maxLength: 12 }), async list => {
        const numbers: number[] = []
        const visit = (threads: Thread[], depth: number): void => {
          for (const { number, children } of threads) {
            if (number !== null) numbers.push(number)
            // A nameless parent stands at the top alone, and is there for its children.
            else expect([depth, children.length > 1]).toEqual([0, true])
            visit(children, depth + 1)
          }
        }
        visit(await threadByReferences(messages(list)), 0)
        expect(numbers.sort((a, b) => a - b)).toEqual(list.map((_, index) => index + 1))
      }),
      { numRuns: 500 },
    )
  })
})

describe('ORDEREDSUBJECT (RFC 5256 §3)', () => {
  it('groups by subject, the first the parent of all others, threads by date of their first message', async () => {
    const given = messages([
      { subject: 'B', date: 7 },
      { subject: 'A', date: 3 },
      { subject: 'B', date: 1 },
      { subject: 'A', date: 2 },
      { subject: 'B', date: 4 },
      { subject: 'C', date: 0 },
    ])
    expect(format(await threadByOrderedSubject(given)).trim()).toBe('* THREAD (6)(3 (5)(1))(4 2)')
  })
})
