/**
 * Scripts that stop at an error (RFC 5228 §2.10.6: who wrote one should be told): kept, the last error of each, until the script
 * is changed, and told by mail, at most once a day. The owner is told of his own; who manages the domain, or the staff,
 * of what runs for all.
 */
import { type WhoIsToldParts, whoIsTold } from '../../accounts/billing/who-is-told.ts'
import type { NoticeReader, Notices } from '../../accounts/notices.ts'
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import type { LinkTo } from '../../ops/public-url.ts'
import type { Store } from '../../store/store.ts'
import type { ScriptFailureFacts, ScriptFailureNews, ScriptSubject } from '../../store/types/rules.ts'
import type { AccountRow } from '../../store/types.ts'
import type { NamedScript } from './compiled-rules.ts'
import * as limits from './limits.ts'

export interface ScriptFailuresParts extends WhoIsToldParts {
  store: Pick<Store, 'read' | 'write'>
  notices: Notices
  linkTo: LinkTo
  /** Whether it is told here; on several nodes one does, who looks by itself. */
  isTold: () => boolean
  clock: Clock
  log: Log
  /** Calls `run` once, `ms` from now; a test's decides when. */
  after?(ms: number, run: () => void): void
}

interface Waiting {
  subject: ScriptSubject
  revision: number
  facts: ScriptFailureFacts
  at: number
  messages: number
}

export class ScriptFailures {
  readonly #parts: ScriptFailuresParts
  #waiting = new Map<string, Waiting>()
  #planned = false
  #working: Promise<void> = Promise.resolve()

  constructor(parts: ScriptFailuresParts) {
    this.#parts = parts
  }

  failed({ kind, revision }: Pick<NamedScript, 'kind' | 'revision'>, account: AccountRow, facts: ScriptFailureFacts) {
    const { clock, after = unreferenced } = this.#parts
    const { accountId, domain } = account
    const subject: ScriptSubject =
      kind === 'script' ? { kind: 'mailbox', accountId } : { kind: 'domain', domain: kind === 'service' ? '' : domain }
    const key = subject.kind === 'mailbox' ? `${accountId}` : `@${subject.domain}`
    const before = this.#waiting.get(key)
    if (!before && this.#waiting.size >= limits.FAILURES_WAITING) return
    const messages = before?.revision === revision ? before.messages + 1 : 1
    this.#waiting.set(key, { subject, revision, facts, at: clock.now(), messages })
    if (this.#planned) return
    this.#planned = true
    after(limits.FAILURES_GATHERED_MS, () => {
      this.#planned = false
      void this.tell()
    })
  }

  /** Writes what waits, and tells what is news. Never rejects: what can't be told now stays. */
  tell(): Promise<void> {
    this.#working = this.#working.then(async () => {
      await this.#write()
      await this.#news()
    })
    return this.#working
  }

  /** Nothing may be told it after it. */
  stop(): Promise<void> {
    this.#working = this.#working.then(() => this.#write())
    return this.#working
  }

  async #write(): Promise<void> {
    const { store, log } = this.#parts
    const waiting = [...this.#waiting.values()]
    this.#waiting = new Map()
    try {
      for (const { subject, revision, facts, at, messages } of waiting) {
        const failure = { ...facts, at, messages }
        await store.write('script.failed', { subject, revision, failure, quietMs: limits.FAILURE_TOLD_EVERY_MS })
      }
    } catch (error) {
      // The next message fails too.
      log.warn({ err: error }, 'failures of scripts not kept')
    }
  }

  async #news(): Promise<void> {
    const { store, isTold, clock, log } = this.#parts
    if (!isTold()) return
    try {
      for (let isMore = true; isMore; ) {
        const page = await store.read('script.failureNews', { limit: limits.FAILURE_NEWS_AT_ONCE })
        let told = 0
        for (const news of page) {
          if (!(await this.#mail(news))) continue
          await store.write('script.failureTold', { subject: news.subject, at: clock.now() })
          told++
        }
        isMore = page.length === limits.FAILURE_NEWS_AT_ONCE && told > 0
      }
    } catch (error) {
      log.error({ err: error }, 'failures of scripts not told')
    }
  }

  async #mail({ subject, name, domain, failure }: ScriptFailureNews): Promise<boolean> {
    const { store, notices, linkTo } = this.#parts
    const scope = subject.kind === 'mailbox' ? 'mailbox' : domain === null ? 'service' : 'domain'
    let readers: NoticeReader[]
    if (subject.kind === 'mailbox') {
      const owner = await store.read('principal.byId', { principalId: subject.accountId })
      const { language = null, timeZone = null } = owner ?? {}
      readers = [{ address: name, language, timeZone, domain }]
    } else readers = await whoIsTold(this.#parts, domain)
    const url = linkTo(
      { mailbox: '/filters', domain: `/domains/${encodeURIComponent(name)}/filters`, service: '/service/filters' }[
        scope
      ],
    )
    const values = { scope, name, ...failure, url } as const
    const told = await Promise.all(readers.map(reader => notices.send('script-failed', reader, values)))
    // Nobody to tell is told; one who was is enough, lest the others are told twice.
    return told.length === 0 || told.includes(true)
  }
}

function unreferenced(ms: number, run: () => void): void {
  setTimeout(run, ms).unref()
}
