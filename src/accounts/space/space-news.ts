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
  clock: { now(): number }
  log: Log
}

/** Soon enough for who gets a large message, seldom enough to cost nothing. */
const EVERY_MS = 30_000
const NEWS_AT_ONCE = 20
/** Named in the mail: where most of the space went. */
const FOLDERS_NAMED = 3

export class SpaceNews {
  readonly #parts: SpaceNewsParts
  #running: Promise<void> | null = null

  constructor(parts: SpaceNewsParts) {
    this.#parts = parts
  }

  /** Returns what ends it. */
  start(): () => Promise<void> {
    const timer = setInterval(() => void this.tell(), EVERY_MS).unref()
    return async () => {
      clearInterval(timer)
      await this.#running
    }
  }

  /** What can't be told now stays. Never rejects. */
  tell(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #run(): Promise<void> {
    const { store, log } = this.#parts
    try {
      for (const news of await store.read('space.news', { limit: NEWS_AT_ONCE })) await this.#tell(news)
    } catch (error) {
      log.error({ err: error }, 'warnings of full mailboxes not sent')
    }
  }

  async #tell({ accountId, address, domain, percent, usedBytes, quotaBytes }: NewsOf): Promise<void> {
    const { store, notices, linkTo, clock } = this.#parts
    const owner = await store.read('principal.byId', { principalId: accountId })
    const mailboxes = await store.read('mailbox.list', { accountId })
    const folders = mailboxes
      .filter(({ sizeBytes }) => sizeBytes > 0)
      .toSorted((a, b) => b.sizeBytes - a.sizeBytes)
      .slice(0, FOLDERS_NAMED)
      .map(({ name, sizeBytes }) => ({ name, sizeBytes }))
    const facts = { address, percent, usedBytes, quotaBytes, folders }
    const readers: [NoticeReader, isOwner: boolean][] = []
    if (owner) {
      const { language, timeZone } = owner
      readers.push([{ address, language, timeZone, domain }, true])
    }
    if (percent === 95)
      for (const reader of await whoIsTold(this.#parts, domain))
        if (reader.address !== address) readers.push([reader, false])
    const told = await Promise.all(
      readers.map(([reader, isOwner]) => {
        const url = linkTo(isOwner ? '/plan' : `/mailboxes/${encodeURIComponent(address)}`)
        return notices.send('space-warning', reader, { ...facts, isOwner, url })
      }),
    )
    if (told.length > 0 && !told.includes(true)) return
    const at = clock.now()
    await writeAll(store, [
      { operation: 'space.told', args: { accountId, percent } },
      webhookEvent('quota.warning', { at, domain, data: { address, usedBytes, quotaBytes, percent } }),
    ])
  }
}
