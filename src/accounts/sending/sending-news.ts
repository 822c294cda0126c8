/**
 * Tells by mail of what limits of sending did: staff of a block, with what helps to find its cause; the owner (of a domain,
 * its managers) that little is left; staff and owner of mail that is held, and the owner of what became of it. The
 * store keeps what is to be told until it was, so that none is lost.
 */
import type { Log } from '../../ops/log.ts'
import type { LinkTo } from '../../ops/public-url.ts'
import { type AnyOperation, type Store, writeAll } from '../../store/store.ts'
import type { SendingNews as NewsOf } from '../../store/types/sending.ts'
import type { AccountId } from '../../store/types.ts'
import { webhookEvent } from '../billing/events.ts'
import { whoIsTold } from '../billing/who-is-told.ts'
import type { NoticeKinds, NoticeReader, Notices, SendingSignIn } from '../notices.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { NEWS_AT_ONCE, SAMPLE_SIGN_INS } from './limits.ts'

export interface SendingNewsParts {
  store: Pick<Store, 'read' | 'write'>
  settings: ReadsSettings
  notices: Notices
  linkTo: LinkTo
  /** Writes the sign-ins that wait in memory: those of who sends all at once are the newest. */
  signInsWritten: () => Promise<void>
  /** Whether it is told here; on several nodes one does, who looks by itself. */
  isTold: () => boolean
  log: Log
}

type Blocked = Extract<NewsOf, { kind: 'blocked' }>
type Warning = Extract<NewsOf, { kind: 'warning' }>
type Held = Extract<NewsOf, { kind: 'held' }>
type Decided = Extract<NewsOf, { kind: 'hold-decided' }>

export class SendingNews {
  readonly #parts: SendingNewsParts
  #running: Promise<void> | null = null
  #again = false

  constructor(parts: SendingNewsParts) {
    this.#parts = parts
  }

  /** Resolves once nothing is left to tell; what can't be told now stays. Never rejects. */
  tell(): Promise<void> {
    if (!this.#parts.isTold()) return Promise.resolve()
    this.#again = true
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #run(): Promise<void> {
    const { store, log } = this.#parts
    try {
      while (this.#again) {
        this.#again = false
        for (const news of await store.read('sending.news', { limit: NEWS_AT_ONCE })) await this.#tell(news)
      }
    } catch (error) {
      log.error({ err: error }, 'news of sending limits not told')
    }
  }

  async #tell(news: NewsOf): Promise<void> {
    const { store, log } = this.#parts
    const { subject, kind, name, domain, at } = news
    const operations: AnyOperation[] = [{ operation: 'sending.told', args: { subject, kind } }]
    // Without a name it is of a mailbox that is gone.
    if (name !== '' && !(await this.#mail(news))) return
    if (news.kind === 'blocked') {
      const { limit: hourlyLimit, blockedUntil, sender } = news.facts
      log.warn({ subject: name, hourlyLimit, blockedUntil }, 'sending blocked: over the hourly limit')
      const address = subject.kind === 'mailbox' ? name : sender
      const data = { address, limit: subject.kind, hourlyLimit, blockedUntil }
      operations.push(webhookEvent('limit.exceeded', { at, domain: domain || null, data }))
    }
    if (news.kind === 'held' && name !== '') {
      const { reason, count } = news.facts
      operations.push(webhookEvent('sending.held', { at, domain, data: { address: name, reason, count } }))
    }
    if (news.kind === 'hold-decided' && name !== '')
      operations.push(webhookEvent('sending.decided', { at, domain, data: { address: name, ...news.facts } }))
    await writeAll(store, operations)
  }

  #mail(news: NewsOf): Promise<boolean> {
    switch (news.kind) {
      case 'blocked':
        return this.#blocked(news)
      case 'warning':
        return this.#warning(news)
      case 'held':
        return this.#held(news)
      case 'hold-decided':
        return this.#decided(news)
    }
  }

  async #blocked({ subject, name, at, facts }: Blocked): Promise<boolean> {
    const { linkTo } = this.#parts
    const signIns = await this.#signIns(facts.senderId)
    const url = linkTo(subject.kind === 'mailbox' ? `/mailboxes/${encodeURIComponent(name)}` : `/domains/${name}`)
    return this.#send(await whoIsTold(this.#parts, null), 'sending-blocked', { name, at, ...facts, signIns, url })
  }

  async #warning({ subject, name, domain, facts }: Warning): Promise<boolean> {
    const { store, linkTo } = this.#parts
    if (subject.kind === 'domain')
      return this.#send(await whoIsTold(this.#parts, domain), 'sending-warning', {
        name,
        ...facts,
        url: linkTo(`/domains/${name}`),
      })
    const owner = await store.read('principal.byId', { principalId: subject.accountId })
    if (!owner) return true
    const { address, language, timeZone } = owner
    return this.#send([{ address, language, timeZone, domain }], 'sending-warning', {
      name,
      ...facts,
      url: linkTo('/'),
    })
  }

  /** Staff first: where the owner alone can't be told now, they are told again with him, which is the lesser evil. */
  async #held({ subject, name, domain, at, facts }: Held): Promise<boolean> {
    const { linkTo } = this.#parts
    const principalId = subject.kind === 'mailbox' ? subject.accountId : 0
    const signIns = await this.#signIns(principalId, facts.remoteAddress)
    const url = linkTo(`/mailboxes/${encodeURIComponent(name)}/sending`)
    const values = { address: name, at, ...facts, signIns, url }
    if (!(await this.#send(await whoIsTold(this.#parts, null), 'sending-held', values))) return false
    const owner = { address: name, at, reason: facts.reason, url: linkTo('/security') }
    return this.#send(await this.#ownerAndOutside(principalId, domain), 'sending-held-owner', owner)
  }

  async #decided({ subject, name, domain, facts }: Decided): Promise<boolean> {
    const principalId = subject.kind === 'mailbox' ? subject.accountId : 0
    const values = { address: name, ...facts, url: this.#parts.linkTo('/mailbox/traces') }
    return this.#send(await this.#ownerAndOutside(principalId, domain), 'sending-decided', values)
  }

  /** Also at the external address: whoever sends in the owner's name may read and delete his mail here. */
  async #ownerAndOutside(principalId: AccountId, domain: string): Promise<NoticeReader[]> {
    const owner = await this.#parts.store.read('principal.byId', { principalId })
    if (!owner) return []
    const { address, language, timeZone, recoveryAddress, recoveryConfirmedAt } = owner
    const outside = recoveryConfirmedAt === null ? null : recoveryAddress
    return [address, ...(outside === null ? [] : [outside])].map(to => ({ address: to, language, timeZone, domain }))
  }

  async #send<
    K extends 'sending-blocked' | 'sending-warning' | 'sending-held' | 'sending-held-owner' | 'sending-decided',
  >(readers: readonly NoticeReader[], kind: K, values: NoticeKinds[K]): Promise<boolean> {
    const told = await Promise.all(readers.map(reader => this.#parts.notices.send(kind, reader, values)))
    // Nobody to tell is told; one who was is enough, lest the others are told twice.
    return told.length === 0 || told.includes(true)
  }

  /** Latest first; `from`: those from there before the others. */
  async #signIns(principalId: AccountId, from: string | null = null): Promise<SendingSignIn[]> {
    await this.#parts.signInsWritten()
    const rows = await this.#parts.store.read('signIn.list', { principalId, before: null, limit: 100 })
    return rows
      .filter(({ protocol, outcome }) => protocol === 'submission' && outcome === 'ok')
      .toSorted((a, b) => Number(b.remoteAddress === from) - Number(a.remoteAddress === from))
      .slice(0, SAMPLE_SIGN_INS)
      .map(({ remoteAddress, credential, label, lastAt }) => ({ remoteAddress, credential, label, lastAt }))
  }
}
