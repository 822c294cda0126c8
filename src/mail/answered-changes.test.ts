import { expect, it } from 'vitest'
import type { MailboxChanges } from '../store/types.ts'
import { AnsweredChanges } from './answered-changes.ts'
import { REMEMBERED_PAGES } from './limits.ts'

const mailbox = { accountId: 1, mailboxId: 2 }
const known = { since: 5, expungedSince: 5, noticed: 7 }

function reading(changed = 1) {
  const answers: MailboxChanges[] = []
  const pages: unknown[] = []
  let failure: Error | null = null
  const rows = Array.from({ length: changed }, (_, index) => ({ uid: index + 1 }))
  const read = async (name: string, asked: unknown): Promise<unknown> => {
    if (failure) throw failure
    if (name === 'message.changedSince') return pages.push(asked) && [...rows]
    const answer = { highestModseq: 7, expunged: [], changed: rows } as unknown as MailboxChanges
    answers.push(answer)
    return answer
  }
  const shared = new AnsweredChanges({ read: read as never }, 500)
  const since = (of = known, fresh = false, at = mailbox) => shared.since(at, of, fresh)
  return { since, answers, pages, fail: (error: Error | null) => (failure = error) }
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

it('remembers no failure', async () => {
  const { since, answers, fail } = reading()
  fail(new Error('the disk is full'))
  await expect(since()).rejects.toThrow('the disk is full')
  fail(null)
  await since()
  expect(answers).toHaveLength(1)
})

it('remembers the last of the long answers only, and what goes on behind it', async () => {
  const { since, answers, pages } = reading(33)
  const first = await since()
  const same = await since()
  expect(answers).toHaveLength(1)
  expect(await first!.changedAfter(33)).toBe(await same!.changedAfter(33))
  expect(pages).toEqual([{ ...mailbox, since: 5, after: 33, limit: 500 }])
  await since(known, false, { ...mailbox, mailboxId: 3 })
  await since()
  expect(answers).toHaveLength(3)
})

it('reads a page again that could not be read, and those beyond what is remembered', async () => {
  const { since, pages, fail } = reading(33)
  const changes = await since()
  fail(new Error('the disk is full'))
  await expect(changes!.changedAfter(33)).rejects.toThrow('the disk is full')
  fail(null)
  for (let at = 0; at <= REMEMBERED_PAGES; at++) await changes!.changedAfter(33 + at)
  await changes!.changedAfter(33)
  await changes!.changedAfter(33 + REMEMBERED_PAGES)
  expect(pages).toHaveLength(REMEMBERED_PAGES + 2)
})
