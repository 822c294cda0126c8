/**
 * How many recipients a mailbox and a domain may send to within an hour: counted where a message is accepted, asked before
 * that, and a block for whoever asks for more. What has to be told of it is `sending-news.ts`.
 */
import type { AnyOperation, Store } from '../../store/store.ts'
import type { SendingDefaults } from '../../store/types/sending.ts'
import type { AccountId } from '../../store/types.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { BLOCKED_MS, SAMPLE_RECIPIENTS } from './limits.ts'

export interface SendingLimitsParts {
  store: Pick<Store, 'read' | 'write'>
  settings: ReadsSettings
  clock: { now(): number }
  /** Called where there may be something to tell. */
  onNews: () => void
}

export class SendingLimits {
  readonly #parts: SendingLimitsParts

  constructor(parts: SendingLimitsParts) {
    this.#parts = parts
  }

  /**
   * Whether a message to so many could be sent now. Where not, the account or its domain is blocked from now on, as it is
   * where one is refused at its end.
   */
  async passes(accountId: AccountId, recipients: readonly string[]): Promise<boolean> {
    const { store, clock } = this.#parts
    const defaults = await this.#defaults()
    const at = clock.now()
    const account = await store.read('sending.gauge', { subject: { kind: 'mailbox', accountId }, defaults, at })
    if (!account) return true
    const subject = { kind: 'domain', domain: account.domain } as const
    const domain = await store.read('sending.gauge', { subject, defaults, at })
    const gauges = [account, domain].filter(gauge => gauge !== null)
    if (gauges.some(({ blockedUntil }) => blockedUntil !== null)) return false
    const isOver = gauges.some(({ limit, used }) => limit !== null && used + recipients.length > limit)
    return !isOver || (await this.refused(accountId, recipients)) === null
  }

  /** To go first into what else commits with the message; `over-limit` then undoes all of it. */
  async charge(accountId: AccountId, recipients: number, at: number): Promise<AnyOperation[]> {
    const defaults = await this.#defaults()
    return [{ operation: 'sending.charge', args: { accountId, recipients, defaults, at } }]
  }

  /** A message was charged: a warning may be due. */
  charged(): void {
    this.#parts.onNews()
  }

  /** A message was over a limit. Until when nothing more can be sent; null where it could be sent by now. */
  async refused(accountId: AccountId, recipients: readonly string[]): Promise<number | null> {
    const { store, clock, onNews } = this.#parts
    const defaults = await this.#defaults()
    const until = await store.write('sending.block', {
      accountId,
      recipients: recipients.length,
      sample: recipients.slice(0, SAMPLE_RECIPIENTS),
      blockedMs: BLOCKED_MS,
      defaults,
      at: clock.now(),
    })
    onNews()
    return until
  }

  #defaults(): Promise<SendingDefaults> {
    return sendingDefaults(this.#parts.settings)
  }
}

export async function sendingDefaults(settings: ReadsSettings): Promise<SendingDefaults> {
  const { mailboxHourlyLimit, domainHourlyLimit } = await settings.current()
  return { mailbox: mailboxHourlyLimit, domain: domainHourlyLimit }
}
