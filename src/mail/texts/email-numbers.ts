/** By which numbers in its account the messages of a mailbox are known. A message never gets another: what is remembered stays right. */
import type { AccountId, MailboxId, Uid } from '../../store/types.ts'
import type { TextRunner } from './jobs.ts'
import { NUMBERS_AT_ONCE, REMEMBERED_NUMBERS } from './limits.ts'

interface Known {
  /** All that were there up to `upTo`, ascending, and the number of each. */
  uids: Uint32Array
  numbers: Uint32Array
  upTo: Uid
}

export class EmailNumbers {
  readonly #runner: TextRunner
  /** By account and mailbox, the one used last at the end. */
  readonly #known = new Map<string, Known>()

  constructor(runner: TextRunner) {
    this.#runner = runner
  }

  /** Of each of `uids`, which ascend; 0 where there is no such message. */
  async of(mailbox: { accountId: AccountId; mailboxId: MailboxId }, uids: Uint32Array): Promise<Uint32Array> {
    const { uids: all, numbers } = await this.#upTo(mailbox, uids.at(-1) ?? 0)
    const found = new Uint32Array(uids.length)
    let at = lowerBound(all, uids[0] ?? 0)
    for (let index = 0; index < uids.length; index++) {
      const uid = uids[index]!
      while (at < all.length && all[at]! < uid) at++
      if (all[at] === uid) found[index] = numbers[at]!
    }
    return found
  }

  async #upTo({ accountId, mailboxId }: { accountId: AccountId; mailboxId: MailboxId }, last: Uid): Promise<Known> {
    const key = `${accountId}/${mailboxId}`
    let known = this.#known.get(key) ?? { uids: new Uint32Array(), numbers: new Uint32Array(), upTo: 0 }
    while (known.upTo < last) {
      const range = { accountId, mailboxId, from: known.upTo + 1, to: last }
      const page = await this.#runner.run('numbers', range)
      known = {
        uids: joined(known.uids, page.uids),
        numbers: joined(known.numbers, page.numbers),
        upTo: page.uids.length < NUMBERS_AT_ONCE ? last : page.uids.at(-1)!,
      }
    }
    this.#remember(key, known)
    return known
  }

  #remember(key: string, known: Known): void {
    this.#known.delete(key)
    this.#known.set(key, known)
    let remembered = 0
    for (const { uids } of this.#known.values()) remembered += uids.length
    for (const [oldest, { uids }] of this.#known) {
      if (remembered <= REMEMBERED_NUMBERS || oldest === key) break
      this.#known.delete(oldest)
      remembered -= uids.length
    }
  }
}

function joined(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

function lowerBound(uids: Uint32Array, uid: Uid): number {
  let low = 0
  let high = uids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (uids[middle]! < uid) low = middle + 1
    else high = middle
  }
  return low
}
