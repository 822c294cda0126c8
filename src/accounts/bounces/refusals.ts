/**
 * Tells of mail that is refused while a program hands it in. Where a person submits, his program shows him the answer; a
 * machine swallows it. So each refusal is told to the webhooks, and mailed to the second address of the mailbox, if it has
 * one: by the hour and as one mail, however often the machine tries.
 *
 * What waits is in memory: a process that is killed loses it, `stop` loses nothing. The log has every refusal.
 */
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import { type AnyOperation, type Store, writeAll } from '../../store/store.ts'
import type { AccountId, AccountRow } from '../../store/types.ts'
import { explain } from '../../wire/report/explanation/explain.ts'
import { webhookEvent } from '../billing/events.ts'
import type { Notices, RefusedSending } from '../notices.ts'
import { EVENTS_AT_ONCE, GATHERED_MS, MAILED_EVERY_MS, NAMED_REFUSALS, WAITING_REFUSALS } from './limits.ts'

export interface RefusedSubmission {
  /** Reverse-path; may be empty. */
  sender: string
  /** As it was given, a wrong one too; null where it is about the whole message. */
  recipient: string | null
  code: number
  status: string
  text: string
}

export interface RefusalTellerOptions {
  store: Store
  notices: Notices
  clock: Clock
  log: Log
  /** Calls `run` once, `ms` from now; a test's decides when. */
  after?(ms: number, run: () => void): void
}

interface Gathered {
  account: AccountRow
  refusal: RefusedSubmission
  at: number
  count: number
}

interface Unmailed {
  account: AccountRow
  refusals: Gathered[]
  count: number
}

export class RefusalTeller {
  readonly #options: RefusalTellerOptions
  #gathered = new Map<string, Gathered>()
  readonly #unmailed = new Map<AccountId, Unmailed>()
  readonly #mailedAt = new Map<AccountId, number>()
  #planned = false
  #telling: Promise<void> = Promise.resolve()

  constructor(options: RefusalTellerOptions) {
    this.#options = options
  }

  refused(account: AccountRow, refusal: RefusedSubmission): void {
    const { sender, recipient, code, status, text } = refusal
    const key = JSON.stringify([account.accountId, sender, recipient, code, status, text])
    const known = this.#gathered.get(key)
    if (known) known.count++
    else if (this.#gathered.size < WAITING_REFUSALS)
      this.#gathered.set(key, { account, refusal, at: this.#options.clock.now(), count: 1 })
    this.#plan(GATHERED_MS)
  }

  /** Tells what was gathered, and mails what is due. Never rejects. */
  flush(): Promise<void> {
    this.#telling = this.#telling.then(async () => {
      const gathered = [...this.#gathered.values()]
      this.#gathered = new Map()
      await this.#tellWebhooks(gathered)
      for (const one of gathered) this.#keepForMail(one)
      await this.#mail()
    })
    return this.#telling
  }

  /** Nothing may be told after it. */
  stop(): Promise<void> {
    return this.flush()
  }

  #plan(ms: number): void {
    if (this.#planned) return
    this.#planned = true
    const { after = unreferenced } = this.#options
    after(ms, () => {
      this.#planned = false
      void this.flush()
    })
  }

  async #tellWebhooks(gathered: Gathered[]): Promise<void> {
    const { store, log } = this.#options
    for (let from = 0; from < gathered.length; from += EVENTS_AT_ONCE)
      try {
        await writeAll(store, gathered.slice(from, from + EVENTS_AT_ONCE).map(eventOf))
      } catch (err) {
        log.warn({ err, refusals: gathered.length - from }, 'refusals not told to webhooks')
        return
      }
  }

  #keepForMail(one: Gathered): void {
    const { accountId } = one.account
    const unmailed = this.#unmailed.get(accountId) ?? { account: one.account, refusals: [], count: 0 }
    unmailed.count += one.count
    if (unmailed.refusals.length < NAMED_REFUSALS) unmailed.refusals.push(one)
    this.#unmailed.set(accountId, unmailed)
  }

  async #mail(): Promise<void> {
    const { clock, log } = this.#options
    const now = clock.now()
    for (const [accountId, at] of this.#mailedAt) if (at + MAILED_EVERY_MS <= now) this.#mailedAt.delete(accountId)
    for (const [accountId, unmailed] of this.#unmailed) {
      if (this.#mailedAt.has(accountId)) continue
      this.#unmailed.delete(accountId)
      try {
        if (await this.#mailOne(unmailed)) this.#mailedAt.set(accountId, now)
      } catch (err) {
        log.warn({ err, account: unmailed.account.address }, 'refusals not mailed')
      }
    }
    if (this.#unmailed.size > 0) this.#plan(Math.min(...this.#mailedAt.values()) + MAILED_EVERY_MS - now)
  }

  /** False where the mailbox has no second address. */
  async #mailOne({ account, refusals, count }: Unmailed): Promise<boolean> {
    const { store, notices } = this.#options
    const { accountId, address, domain } = account
    const copy = await store.read('bounceCopy.get', { accountId })
    if (!copy) return false
    const principal = await store.read('principal.byId', { principalId: accountId })
    const { language = null, timeZone = null } = principal ?? {}
    const reader = { address: copy.address, language, timeZone, domain }
    return notices.send('sending-refused', reader, { address, count, refusals: refusals.map(forMail) })
  }
}

function explained({ account, refusal: { recipient, code, status, text } }: Gathered) {
  const answer = `${code} ${status} ${text}`
  // What is refused at this door, for the whole message, was refused for the mailbox's own domain.
  const address = recipient ?? account.address
  return { answer, explanation: explain({ status, text: answer, action: 'failed', address, isRemote: false }) }
}

function forMail(gathered: Gathered): RefusedSending {
  const { at, count, refusal } = gathered
  const { answer, explanation } = explained(gathered)
  return { at, count, recipient: refusal.recipient, answer, texts: explanation.texts }
}

function eventOf(gathered: Gathered): AnyOperation {
  const { account, at, count, refusal } = gathered
  const { answer, explanation } = explained(gathered)
  return webhookEvent('message.refused', {
    at,
    domain: account.domain,
    data: {
      address: account.address,
      sender: refusal.sender,
      recipient: refusal.recipient,
      count,
      status: refusal.status,
      answer,
      class: explanation.class,
      whoActs: explanation.whoActs,
      retryUseful: explanation.retryUseful,
      explanation: explanation.texts,
    },
  })
}

function unreferenced(ms: number, run: () => void): void {
  setTimeout(run, ms).unref()
}
