/** What somebody asks from the help pages, mailed to whoever supports him, with what helps to answer it. */
import type { Clock } from '../ops/clock.ts'
import { HOUR_MS } from '../ops/durations.ts'
import { domainOf } from '../wire/mime/domain-of.ts'
import { AccountError } from './account-error.ts'
import type { Actor } from './actor.ts'
import { BoundedMap } from './bounded-map.ts'
import type { Brands } from './brands/brands.ts'
import type { NoticeKinds, Notices } from './notices.ts'
import type { SignInHistory } from './sign-ins/history.ts'
import { CONTEXT_CHARACTERS, COUNTED_REQUESTERS, REQUESTS_AN_HOUR } from './support-limits.ts'

export interface SupportRequestsParts {
  brands: Pick<Brands, 'forActor'>
  notices: Notices
  signIns: Pick<SignInHistory, 'latest'>
  clock: Clock
  version: string
}

export interface SupportRequest {
  subject: string
  message: string
  /** Path of the page it was written on. */
  page: string
  userAgent: string
}

export class SupportRequests {
  readonly #parts: SupportRequestsParts
  readonly #sent = new BoundedMap<number, number[]>(COUNTED_REQUESTERS)

  constructor(parts: SupportRequestsParts) {
    this.#parts = parts
  }

  /** Throws `no-support-address`, `too-many-requests`, or `request-not-sent` where the mail can't be kept now. */
  async send(actor: Actor & { principalId: number }, request: SupportRequest): Promise<void> {
    const { brands, notices, clock, version } = this.#parts
    const { address, role, hasMailbox, principalId, remoteAddress } = actor
    const { supportAddress } = await brands.forActor(actor)
    if (supportAddress === null) throw new AccountError('no-support-address', 'There is no support address')
    const now = clock.now()
    const recent = (this.#sent.get(principalId) ?? []).filter(at => at > now - HOUR_MS)
    if (recent.length >= REQUESTS_AN_HOUR) throw new AccountError('too-many-requests', 'Too many requests')
    // Counted before it is sent: many at once gain nothing.
    this.#sent.set(principalId, [...recent, now])
    const isSent = await notices.send(
      'support-request',
      {
        address: supportAddress,
        language: null,
        timeZone: null,
        domain: hasMailbox ? domainOf(address) : null,
        replyTo: address,
      },
      {
        address,
        role: role === 'system' ? 'staff' : role,
        subject: request.subject,
        message: request.message,
        page: request.page.slice(0, CONTEXT_CHARACTERS),
        userAgent: request.userAgent.slice(0, CONTEXT_CHARACTERS),
        remoteAddress,
        version,
        lastFailure: await this.#lastFailure(principalId),
      },
    )
    if (!isSent) throw new AccountError('request-not-sent', 'The request could not be kept')
  }

  /** The latest over any protocol that no success followed. */
  async #lastFailure(principalId: number): Promise<NoticeKinds['support-request']['lastFailure']> {
    const latest = await this.#parts.signIns.latest(principalId)
    const failed = latest
      .flatMap(({ any }) => (any !== null && any.outcome !== 'ok' ? any : []))
      .toSorted((a, b) => b.lastAt - a.lastAt)[0]
    if (!failed) return null
    const { protocol, outcome, lastAt: at, remoteAddress } = failed
    return { protocol, outcome, at, remoteAddress }
  }
}
