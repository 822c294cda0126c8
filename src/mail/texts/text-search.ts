/** Finds the messages of a mailbox that a text is in. The work is done elsewhere, a piece at a time; here it is shared out. */
import { type TextSearch, TextVerdict } from '../../store/types/texts.ts'
import type { AccountId, MailboxId, Uid } from '../../store/types.ts'
import type { Breather } from '../breather.ts'
import { type Progress, untold } from '../progress.ts'
import { EmailNumbers } from './email-numbers.ts'
import type { TextRunner } from './jobs.ts'
import { FOUND_AT_ONCE, NUMBERS_AT_ONCE, READ_AT_ONCE, THREADS } from './limits.ts'

export class TextSearcher {
  readonly #runner: TextRunner
  readonly #numbers: EmailNumbers

  constructor(runner: TextRunner) {
    this.#runner = runner
    this.#numbers = new EmailNumbers(runner)
  }

  /** Those of `uids`, which ascend, that meet the search. */
  async find(
    { accountId, mailboxId }: { accountId: AccountId; mailboxId: MailboxId },
    uids: Uint32Array,
    search: TextSearch,
    breather: Breather,
    progress: Progress = untold,
  ): Promise<Uid[]> {
    const found: Uid[] = []
    for (let at = 0; at < uids.length; at += NUMBERS_AT_ONCE) {
      const some = uids.subarray(at, at + NUMBERS_AT_ONCE)
      const numbers = await this.#numbers.of({ accountId, mailboxId }, some)
      // A message that was moved does not lie where its neighbours do; one that was copied may be there twice.
      const places = placesByNumber(numbers)
      const sorted = Uint32Array.from(places, place => numbers[place]!)
      const verdicts = await this.#verdicts(accountId, sorted, search, breather, progress)
      const isFound = new Uint8Array(some.length)
      for (let index = 0; index < verdicts.length; index++)
        if (verdicts[index] === TextVerdict.Yes) isFound[places[index]!] = 1
      for (let index = 0; index < some.length; index++) if (isFound[index]) found.push(some[index]!)
      await breather.pause()
    }
    return found
  }

  /** Yes or No of each: by what is packed, and the rest by the messages. */
  async #verdicts(
    accountId: AccountId,
    numbers: Uint32Array,
    search: TextSearch,
    breather: Breather,
    progress: Progress,
  ): Promise<Uint8Array> {
    const verdicts = new Uint8Array(numbers.length)
    await inParallel(piecesOf(numbers.length, FOUND_AT_ONCE), breather, async ([from, to]) => {
      const job = { accountId, numbers: numbers.slice(from, to), search }
      const found = await this.#runner.run('find', job)
      verdicts.set(found, from)
      progress.add(found.reduce((known, verdict) => known + (verdict === TextVerdict.NotKept ? 0 : 1), 0))
    })
    const left: number[] = []
    for (let index = 0; index < verdicts.length; index++) if (verdicts[index] === TextVerdict.NotKept) left.push(index)
    const atOnce = needsMessages(search) ? READ_AT_ONCE : FOUND_AT_ONCE
    await inParallel(piecesOf(left.length, atOnce), breather, async ([from, to]) => {
      const some = left.slice(from, to)
      const job = { accountId, numbers: Uint32Array.from(some, index => numbers[index]!), search }
      const read = await this.#runner.run('read', job)
      for (const [at, index] of some.entries()) verdicts[index] = read[at]!
      progress.add(some.length)
    })
    return verdicts
  }
}

/** Whether the fields that stand in the store don't tell it. */
function needsMessages(search: TextSearch): boolean {
  if ('all' in search) return search.all.some(needsMessages)
  if ('any' in search) return search.any.some(needsMessages)
  if ('not' in search) return needsMessages(search.not)
  return search.in === 'header' || search.in === 'body' || search.in === 'message'
}

/** Of the emails there are (0: there is none), by ascending number. */
function placesByNumber(numbers: Uint32Array): Uint32Array {
  let places = new Uint32Array(numbers.length)
  let count = 0
  let last = 0
  let isSorted = true
  for (let place = 0; place < numbers.length; place++) {
    const number = numbers[place]!
    if (number === 0) continue
    places[count++] = place
    if (number < last) isSorted = false
    last = number
  }
  places = places.subarray(0, count)
  return isSorted ? places : places.sort((a, b) => numbers[a]! - numbers[b]! || a - b)
}

const piecesOf = (length: number, atOnce: number): [number, number][] =>
  Array.from({ length: Math.ceil(length / atOnce) }, (_, index) => [
    index * atOnce,
    Math.min(length, (index + 1) * atOnce),
  ])

/** A few at a time, so that others get their turn between. */
async function inParallel<T>(items: readonly T[], breather: Breather, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      await work(items[next++]!)
      breather.check()
    }
  }
  await Promise.all(Array.from({ length: Math.min(THREADS + 1, items.length) }, lane))
}
