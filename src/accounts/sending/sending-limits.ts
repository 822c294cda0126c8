/**
 * How many recipients a mailbox and a domain may send to within an hour: counted where a message is accepted, asked before
 * that, and a block for whoever asks for more. What has to be told of it is `sending-news.ts`.
 */
import type { AnyOperation, Store } from '../../store/store.ts'
import type { SendingDefaults } from '../../store/types/sending.ts'
import type { AccountId } from '../../store/types.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { BLOCKED_MS, SAMPLE_RECIPIENTS } from './limits.ts'
import type { SendingAccount, UnusualSending } from './unusual-sending.ts'

export interface SendingLimitsParts {
  store: Pick<Store, 'read' | 'write'>
  settings: ReadsSettings
  clock: { now(): number }
  /** Finds what is to be held; null: nothing is. */
  unusual: Pick<UnusualSending, 'watch' | 'hold'> | null
  /** Called where there may be something to tell. */
  onNews: () => void
}

/** What commits with the message, first of all; and whether it waits for the staff. */
export interface Charge {
  operations: AnyOperation[]
  isHeld: boolean
}

export class SendingLimits {
  readonly #parts: SendingLimitsParts

  constructor(parts: SendingLimitsParts) {
    this.#parts = parts
  }

  /**
   * Whether a message to so many could be sent now. Where not, the account or its domain is blocked from now on, as it is
   * where one is refused at its end; only then it is asked who the recipients are, of whom there may be thousands.
   */
  async passes(accountId: AccountId, count: number, recipients: () => readonly string[]): Promise<boolean> {
    const { store, clock } = this.#parts
    const defaults = await this.#defaults()
    const at = clock.now()
    const account = await store.read('sending.gauge', { subject: { kind: 'mailbox', accountId }, defaults, at })
    if (!account) return true
    const subject = { kind: 'domain', domain: account.domain } as const
    const domain = await store.read('sending.gauge', { subject, defaults, at })
    const gauges = [account, domain].filter(gauge => gauge !== null)
    if (gauges.some(({ blockedUntil }) => blockedUntil !== null)) return false
    const isOver = gauges.some(({ limit, used }) => limit !== null && used + count > limit)
    return !isOver || (await this.refused(accountId, recipients())) === null
  }

  /** `over-limit` and `unusual` of the store undo the whole message; `conflict` too: whether it is held has just changed. */
  async charge(sender: SendingAccount, recipients: number, at: number): Promise<Charge> {
    const defaults = await this.#defaults()
    const watched = await this.#parts.unusual?.watch(sender)
    const args = { accountId: sender.accountId, recipients, defaults, ...(watched && { watched }), at }
    return { operations: [{ operation: 'sending.charge', args }], isHeld: watched?.held ?? false }
  }

  /** A message was `unusual`: it, and all that the account sends from now on, is held. */
  async hold(sender: SendingAccount, recipients: readonly string[]): Promise<void> {
    await this.#parts.unusual?.hold(sender, recipients)
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
