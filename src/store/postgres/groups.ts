/**
 * Group commit: deliveries that wait while others are written are committed together. The commit, the connection's questions
 * and its answers are then paid once for all of them. Where little is to do each goes by itself, at once.
 */
import { orderOf } from '../operations/order.ts'
import { type Request, stagedBlobsOf } from '../operations/request.ts'
import { groupAccounts, groupSize } from './limits.ts'

/** Null of one that is to be done by itself. */
type Outcome = { value: unknown } | null
type Perform = (requests: readonly Request[]) => Promise<readonly Outcome[]>

interface Waiting {
  request: Request
  resolve(outcome: Outcome): void
  reject(error: unknown): void
}

/**
 * One message for a few mailboxes, and nothing with it: of what several accounts share it changes nothing, so that two groups
 * never wait for each other crosswise.
 */
export function canShare(request: Request): boolean {
  if (request.operation !== 'message.accept' && request.operation !== 'message.append') return false
  // What goes lets go of a blob, which mailboxes share.
  if (request.operation === 'message.append' && request.args.replaces) return false
  if (request.operation === 'message.accept' && (request.args.also ?? []).length > 0) return false
  const { accounts } = orderOf(request)
  return accounts.length > 0 && accounts.length <= groupAccounts && stagedBlobsOf(request).length === 1
}

export class Groups {
  readonly #perform: Perform
  #waiting: Waiting[] = []
  #isBusy = false

  constructor(perform: Perform) {
    this.#perform = perform
  }

  run(request: Request): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject })
      if (!this.#isBusy) void this.#performAll()
    })
  }

  /** One group at a time: with two, each is half as large, and ten connections deliver a quarter less. */
  async #performAll(): Promise<void> {
    this.#isBusy = true
    while (this.#waiting.length > 0) await this.#performNext(this.#waiting.splice(0, groupSize))
    this.#isBusy = false
  }

  async #performNext(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#perform(group.map(({ request }) => request))
      for (const [index, { resolve }] of group.entries()) resolve(outcomes[index] ?? null)
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }
}
