import { expect, it } from 'vitest'
import type { MailboxChanges } from '../store/types.ts'
import { AnsweredChanges } from './answered-changes.ts'

const mailbox = { accountId: 1, mailboxId: 2 }
const known = { since: 5, expungedSince: 5, noticed: 7 }

function reading(changed = 1) {
  const answers: MailboxChanges[] = []
  let failure: Error | null = null
  const read = async (): Promise<MailboxChanges> => {
    if (failure) throw failure
    const rows = Array.from({ length: changed }, (_, index) => ({ uid: index + 1 }))
    const answer = { highestModseq: 7, expunged: [], changed: rows } as unknown as MailboxChanges
    answers.push(answer)
    return answer
  }
  const shared = new AnsweredChanges({ read: read as never }, 500)
  const since = (of = known, fresh = false, at = mailbox) => shared.since(at, of, fresh)
  return { since, answers, fail: (error: Error | null) => (failure = error) }
}

it('reads once for all that know the same and have heard of no more', async () => {
  const { since, answers } = reading()
  const [first, second] = await Promise.all([since(), since({ ...known, noticed: 6 })])
  const later = await since()
  expect(answers).toHaveLength(1)
  expect([second, later]).toEqual([first, first])
})

it('reads again for who has heard of more, knows something else, or asks for what nobody has heard of', async () => {
  const { since, answers } = reading()
  await since()
  await since({ ...known, noticed: 8 })
  await since({ ...known, since: 4 })
  await since({ ...known, expungedSince: 4 })
  await since(known, true)
  await since(known, false, { ...mailbox, mailboxId: 3 })
  expect(answers).toHaveLength(6)
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
