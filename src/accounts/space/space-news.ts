/**
 * Tells by mail that a mailbox is nearly full: its owner at 80 % and 95 %, who manages it at 95 %. The store notes each
 * crossing with what caused it; here it is looked up from time to time, so that no delivery waits for it.
 */
import type { Log } from '../../ops/log.ts'
import type { LinkTo } from '../../ops/public-url.ts'
import { type Store, writeAll } from '../../store/store.ts'
import type { SpaceNews as NewsOf } from '../../store/types/space.ts'
import { webhookEvent } from '../billing/events.ts'
import { whoIsTold } from '../billing/who-is-told.ts'
import type { NoticeReader, Notices } from '../notices.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'

export interface SpaceNewsParts {
  store: Pick<Store, 'read' | 'write'>
  settings: ReadsSettings
  notices: Notices
  linkTo: LinkTo
  /** Whether it is told here; on several nodes one does, who looks by itself. */
  isTold: () => boolean
  clock: { now(): number }
  log: Log
}

/** Soon enough for who gets a large message, seldom enough to cost nothing. */
const EVERY_MS = 5_000
const NEWS_AT_ONCE = 20
/** Named in the mail: where most of the space went. */
const FOLDERS_NAMED = 3

/** Tests move time by hand. */
interface Timers {
  after(ms: number, run: () => void): () => void
}

const ownTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms).unref()
    return () => clearTimeout(timer)
  },
}

export class SpaceNews {
  readonly #parts: SpaceNewsParts
  #running: Promise<void> | null = null

  constructor(parts: SpaceNewsParts) {
    this.#parts = parts
  }

  /** Returns what ends it. */
  start(timers: Timers = ownTimers): () => Promise<void> {
    let cancel = (): void => {}
    const wait = (): void => {
      cancel = timers.after(EVERY_MS, () => {
        wait()
        void this.tell()
      })
    }
    wait()
    return async () => {
      cancel()
      await this.#running
    }
  }

  /** What can't be told now stays. Never rejects. */
  tell(): Promise<void> {
    if (!this.#parts.isTold()) return Promise.resolve()
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #run(): Promise<void> {
    const { store, log } = this.#parts
    try {
      for (let after = 0; ; ) {
        const page = await store.read('space.news', { after, limit: NEWS_AT_ONCE })
        for (const news of page) await this.#tell(news)
        const last = page.at(-1)
        if (!last || page.length < NEWS_AT_ONCE) return
        after = last.accountId
      }
    } catch (error) {
      log.error({ err: error }, 'warnings of full mailboxes not sent')
    }
  }

  /** Its owner is tried until the mail is in; whoever else is told is told once, whatever becomes of that. */
  async #tell(news: NewsOf): Promise<void> {
    const { store, linkTo, notices, clock } = this.#parts
    const { accountId, address, domain, percent, usedBytes, quotaBytes } = news
    const facts = { address, percent, usedBytes, quotaBytes, folders: await this.#largest(accountId) }
    if (!news.managersTold) {
      const readers = percent === 95 ? await whoIsTold(this.#parts, domain) : []
      const url = linkTo(`/mailboxes/${encodeURIComponent(address)}`)
      for (const reader of readers)
        if (reader.address !== address) await notices.send('space-warning', reader, { ...facts, isOwner: false, url })
      await writeAll(store, [
        { operation: 'space.told', args: { accountId, percent, who: 'managers' } },
        webhookEvent('quota.warning', { at: clock.now(), domain, data: { address, usedBytes, quotaBytes, percent } }),
      ])
    }
    const owner = await store.read('principal.byId', { principalId: accountId })
    if (owner) {
      const reader: NoticeReader = { address, language: owner.language, timeZone: owner.timeZone, domain }
      if (!(await notices.send('space-warning', reader, { ...facts, isOwner: true, url: linkTo('/plan') }))) return
    }
    await store.write('space.told', { accountId, percent, who: 'all' })
  }

  async #largest(accountId: number): Promise<{ name: string; sizeBytes: number }[]> {
    const mailboxes = await this.#parts.store.read('mailbox.list', { accountId })
    return mailboxes
      .filter(({ sizeBytes }) => sizeBytes > 0)
      .toSorted((a, b) => b.sizeBytes - a.sizeBytes)
      .slice(0, FOLDERS_NAMED)
      .map(({ name, sizeBytes }) => ({ name, sizeBytes }))
  }
}
