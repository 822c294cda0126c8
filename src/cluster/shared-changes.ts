/**
 * Changes of accounts between the nodes that share a store. Each account has a channel, which a node listens to while the
 * account is open on it. Where there is no link, or it is down here or on another node, which then can't say what it changed,
 * the store is asked for all accounts that are open here, once a second; else seldom, for what got lost.
 */
import { type AllChanges, type ChangeNotice, LocalChanges } from '../mail/changes.ts'
import type { Log } from '../ops/log.ts'
import type { Store } from '../store/store.ts'
import type { AccountId, Modseq } from '../store/types.ts'
import { ACCOUNTS_AT_ONCE, LOOKED_AFTER_MS, POLLED_EVERY_MS } from './limits.ts'
import type { Link } from './link.ts'

export interface SharedChangesParts {
  store: Pick<Store, 'read'>
  /** null: there is none. */
  link: Link | null
  /** Whether a node that lives is without it. */
  othersPoll: () => boolean
  /** Of this process: what it hears of itself is old. */
  nodeId: string
  log: Log
  timers?: { after(ms: number, run: () => void): () => void }
}

interface Open {
  listeners: number
  /** The newest change that was told here. */
  modseq: Modseq
  stopListening: () => void
}

const ownTimers: NonNullable<SharedChangesParts['timers']> = {
  after(ms, run) {
    const timer = setTimeout(run, ms).unref()
    return () => clearTimeout(timer)
  },
}

/** Who had lost the link says there that it has it again. */
const LOOK = 'look'
const channelOf = (accountId: AccountId): string => `account ${accountId}`

export class SharedChanges implements AllChanges {
  readonly #parts: SharedChangesParts
  readonly #timers: NonNullable<SharedChangesParts['timers']>
  readonly #local = new LocalChanges()
  readonly #open = new Map<AccountId, Open>()
  /** Those whose changes may have been missed: they are looked up together. */
  #waiting = new Set<AccountId>()
  #failed = false
  #othersPolled = false
  #lookedAt = 0
  #stopped = false
  #cancel = (): void => {}
  #cancelWaiting: (() => void) | null = null

  constructor(parts: SharedChangesParts) {
    this.#parts = parts
    this.#timers = parts.timers ?? ownTimers
  }

  /** Returns what ends it. */
  start(): () => void {
    const { link, nodeId } = this.#parts
    const stopListening = link?.listen(LOOK, {
      heard: from => {
        if (from !== nodeId) this.#lookAtOnce(this.#open.keys())
      },
      begun() {},
    })
    this.#plan()
    return () => {
      this.#stopped = true
      stopListening?.()
      this.#cancel()
      this.#cancelWaiting?.()
      for (const { stopListening } of this.#open.values()) stopListening()
    }
  }

  publish(notice: ChangeNotice): void {
    const { accountId, modseq } = notice
    const open = this.#open.get(accountId)
    if (open && modseq > open.modseq) open.modseq = modseq
    this.#local.publish(notice)
    this.#parts.link?.publish(channelOf(accountId), `${modseq} ${this.#parts.nodeId}`)
  }

  /** What was published here while the link was down reached nobody. */
  tellToLook(): void {
    this.#parts.link?.publish(LOOK, this.#parts.nodeId)
  }

  /** Those made here. */
  subscribeAll(listener: (notice: ChangeNotice) => void): () => void {
    return this.#local.subscribeAll(listener)
  }

  subscribe(accountId: AccountId, listener: (notice: ChangeNotice) => void): () => void {
    const end = this.#local.subscribe(accountId, listener)
    const open = this.#open.get(accountId)
    if (open) open.listeners++
    else this.#open.set(accountId, { listeners: 1, modseq: 0, stopListening: this.#listen(accountId) })
    let ended = false
    return () => {
      if (ended) return
      ended = true
      end()
      this.#close(accountId)
    }
  }

  #close(accountId: AccountId): void {
    const open = this.#open.get(accountId)
    if (!open || --open.listeners > 0) return
    open.stopListening()
    this.#open.delete(accountId)
  }

  #listen(accountId: AccountId): () => void {
    const { link, nodeId } = this.#parts
    if (!link) return () => {}
    return link.listen(channelOf(accountId), {
      heard: text => {
        const [modseq, from] = text.split(' ')
        if (from !== nodeId) this.#tell(accountId, Number(modseq))
      },
      begun: () => this.#lookAtOnce([accountId]),
    })
  }

  #lookAtOnce(accountIds: Iterable<AccountId>): void {
    for (const accountId of accountIds) this.#waiting.add(accountId)
    this.#cancelWaiting ??= this.#timers.after(0, () => {
      this.#cancelWaiting = null
      const waiting = this.#waiting
      this.#waiting = new Set()
      void this.#look([...waiting])
    })
  }

  #tell(accountId: AccountId, modseq: Modseq): void {
    const open = this.#open.get(accountId)
    if (!open || !(modseq > open.modseq)) return
    open.modseq = modseq
    this.#local.tell({ accountId, modseq })
  }

  #plan(): void {
    if (this.#stopped) return
    this.#cancel = this.#timers.after(POLLED_EVERY_MS, () => void this.#poll().finally(() => this.#plan()))
  }

  async #poll(): Promise<void> {
    const now = performance.now()
    const othersPoll = this.#parts.othersPoll()
    // Once more when it is over: the last of what they could not say.
    const isTold = this.#parts.link?.isReady && !othersPoll && !this.#othersPolled
    this.#othersPolled = othersPoll
    if (isTold && !this.#failed && now - this.#lookedAt < LOOKED_AFTER_MS) return
    this.#lookedAt = now
    await this.#look([...this.#open.keys()])
  }

  /** Never rejects: what can't be read now is read the next time. */
  async #look(accountIds: readonly AccountId[]): Promise<void> {
    try {
      for (let from = 0; from < accountIds.length && !this.#stopped; from += ACCOUNTS_AT_ONCE) {
        const some = accountIds.slice(from, from + ACCOUNTS_AT_ONCE)
        const found = await this.#parts.store.read('account.modseqs', { accountIds: some })
        for (const { accountId, modseq } of found) this.#tell(accountId, modseq)
      }
      this.#failed = false
    } catch (error) {
      if (!this.#failed && !this.#stopped) this.#parts.log.warn({ err: error }, 'changes of other nodes can’t be read')
      this.#failed = true
    }
  }
}
