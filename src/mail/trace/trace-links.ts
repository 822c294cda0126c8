/** Links by which whoever supports somebody reads one trace without signing in, for some days. */
import { AccountError } from '../../accounts/account-error.ts'
import { type Actor, audited } from '../../accounts/actor.ts'
import { hashToken, newToken } from '../../accounts/secrets.ts'
import type { Clock } from '../../ops/clock.ts'
import type { LinkTo } from '../../ops/public-url.ts'
import { type Store, writeAll } from '../../store/store.ts'
import type { Language } from '../../store/types/principals.ts'
import { LINK_MS } from './limits.ts'
import type { Side, TraceDetail, Traces } from './traces.ts'

export interface TraceLinksParts {
  store: Store
  traces: Traces
  linkTo: LinkTo
  clock: Clock
}

export class TraceLinks {
  readonly #parts: TraceLinksParts

  constructor(parts: TraceLinksParts) {
    this.#parts = parts
  }

  /** Shows no more recipients, and no more of each, than whoever makes it sees. Throws `trace-not-found`. */
  async make(actor: Actor, side: Side, traceId: number): Promise<{ url: string; expiresAt: number }> {
    const { store, traces, linkTo, clock } = this.#parts
    const { recipients, id } = await traces.linked(actor, side, traceId)
    const token = newToken()
    const now = clock.now()
    const expiresAt = now + LINK_MS
    await writeAll(store, [
      {
        operation: 'trace.link',
        args: {
          tokenHash: hashToken(token),
          traceId,
          recipients,
          createdBy: actor.address,
          createdAt: now,
          expiresAt,
        },
      },
      audited(actor, now, { action: 'trace.link', target: id || String(traceId), domain: actorDomain(actor) }),
    ])
    // Behind "#", so that it stands in no log.
    return { url: linkTo(`/trace#${token}`), expiresAt }
  }

  /** Throws `trace-link-gone`. */
  async open(token: string, language: Language): Promise<TraceDetail & { expiresAt: number }> {
    const { store, traces, clock } = this.#parts
    const link = await store.read('trace.byLink', { tokenHash: hashToken(token), at: clock.now() })
    if (!link) throw gone()
    const { traceId, recipients, expiresAt } = link
    const trace = await traces.showToHolder(traceId, recipients, language).catch(error => {
      throw error instanceof AccountError && error.code === 'trace-not-found' ? gone() : error
    })
    return { ...trace, expiresAt }
  }
}

const gone = (): AccountError => new AccountError('trace-link-gone', 'The link has expired, or never was')

function actorDomain({ address }: Actor): string | null {
  const at = address.lastIndexOf('@')
  return at < 0 ? null : address.slice(at + 1)
}
