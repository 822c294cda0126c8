import { expect, it } from 'vitest'
import type { MailboxRow } from '../store/types.ts'
import { AnsweredMailboxes, type ChangedMailboxes } from './answered-mailboxes.ts'

const known = { since: 5, noticed: 7 }

function reading(rows = 1) {
  const answers: unknown[] = []
  let failure: Error | null = null
  const changed = Array.from({ length: rows }, () => ({ highestModseq: 8 }) as MailboxRow)
  const read = async (_: string, asked: unknown): Promise<ChangedMailboxes> => {
    if (failure) throw failure
    answers.push(asked)
    return { mailboxes: rows, changed }
  }
  const shared = new AnsweredMailboxes({ read: read as never })
  const since = (of = known, fresh = false, accountId = 1) => shared.since(accountId, of, fresh)
  return { since, answers, fail: (error: Error | null) => (failure = error) }
}

it('reads once for all that know the same and have heard of no more than the answer holds', async () => {
  const { since, answers } = reading()
  const [first, second] = await Promise.all([since(), since({ ...known, noticed: 6 })])
  const later = await since({ ...known, noticed: 8 })
  expect([second, later]).toEqual([first, first])
  expect(answers).toEqual([{ accountId: 1, since: 5 }])
})

it('reads again for who has heard of more, knows something else, or asks for what nobody has heard of', async () => {
  const { since, answers } = reading()
  await since()
  await since({ ...known, noticed: 9 })
  await since({ ...known, since: 4 })
  await since({ ...known, since: 4 }, true)
  await since(known, false, 2)
  expect(answers).toHaveLength(5)
})

it('remembers no failure, and no long answer', async () => {
  const failing = reading()
  failing.fail(new Error('the disk is full'))
  await expect(failing.since()).rejects.toThrow('the disk is full')
  failing.fail(null)
  await failing.since()
  expect(failing.answers).toHaveLength(1)
  const long = reading(33)
  await long.since()
  await long.since()
  expect(long.answers).toHaveLength(2)
})
