/**
 * What is added to all that a mailbox sends, whatever its mail programs do: copies to further addresses, and its own copy
 * among what it sent. Its owner, the manager of its domain or staff set it.
 */
import type { Clock } from '../../ops/clock.ts'
import { type Store, writeAll } from '../../store/store.ts'
import type { SendingRulesRow } from '../../store/types/rules.ts'
import type { AccountRow } from '../../store/types.ts'
import { AccountError } from '../account-error.ts'
import { administeredAccount, ownAccount } from '../account-of.ts'
import { type Actor, audited } from '../actor.ts'
import { parseAddress } from '../addresses.ts'
import { AUTOMATIC_COPIES } from './limits.ts'

export type SendingRulesContent = Pick<SendingRulesRow, 'copiesCc' | 'copiesBcc' | 'filesSentCopy'>

export interface SendingRules extends SendingRulesContent {
  /** The mailbox. */
  address: string
  /** null: never set. */
  updatedAt: number | null
}

const none: SendingRulesContent = { copiesCc: [], copiesBcc: [], filesSentCopy: false }

export class SendingRulesOf {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  async own(actor: Actor): Promise<SendingRules> {
    return this.#of(await ownAccount(this.#store, actor))
  }

  /** `invalid-copy-address`, `copy-to-itself`, `too-many-copies`. */
  async setOwn(actor: Actor, content: SendingRulesContent): Promise<SendingRules> {
    return this.#set(actor, await ownAccount(this.#store, actor), content)
  }

  async ofMailbox(actor: Actor, address: string): Promise<SendingRules> {
    return this.#of(await administeredAccount(this.#store, actor, address))
  }

  async setOfMailbox(actor: Actor, address: string, content: SendingRulesContent): Promise<SendingRules> {
    return this.#set(actor, await administeredAccount(this.#store, actor, address), content)
  }

  async #of({ accountId, address }: AccountRow): Promise<SendingRules> {
    const row = await this.#store.read('sendingRules.get', { accountId })
    return row ? { address, ...contentOf(row), updatedAt: row.updatedAt } : { address, ...none, updatedAt: null }
  }

  async #set(actor: Actor, account: AccountRow, given: SendingRulesContent): Promise<SendingRules> {
    const { accountId, address, domain } = account
    const now = this.#clock.now()
    const content = checked(account, given)
    const before = await this.#store.read('sendingRules.get', { accountId })
    await writeAll(this.#store, [
      { operation: 'sendingRules.set', args: { accountId, ...content, updatedAt: now } },
      audited(actor, now, {
        action: 'sendingRules.update',
        target: address,
        domain,
        before: before && { ...contentOf(before) },
        after: { ...content },
      }),
    ])
    return { address, ...content, updatedAt: now }
  }
}

/** Each address once; where it stands in both lists, all may see it. */
function checked(
  account: AccountRow,
  { copiesCc, copiesBcc, filesSentCopy }: SendingRulesContent,
): SendingRulesContent {
  const seen = new Set<string>()
  const addresses = (field: 'copiesCc' | 'copiesBcc', list: readonly string[]): string[] =>
    list.flatMap(text => {
      const parsed = parseAddress(text.trim())
      if (!parsed || parsed.domain.startsWith('['))
        throw new AccountError('invalid-copy-address', `${text} is no address`, { field })
      if (parsed.address === account.address)
        throw new AccountError('copy-to-itself', 'The copy would come back to the same mailbox', { field })
      if (seen.has(parsed.address)) return []
      seen.add(parsed.address)
      return parsed.asWritten
    })
  const content = { copiesCc: addresses('copiesCc', copiesCc), copiesBcc: addresses('copiesBcc', copiesBcc) }
  if (seen.size > AUTOMATIC_COPIES)
    throw new AccountError('too-many-copies', `There may be ${AUTOMATIC_COPIES} automatic copies`, {
      field: 'copiesBcc',
    })
  return { ...content, filesSentCopy }
}

function contentOf({ copiesCc, copiesBcc, filesSentCopy }: SendingRulesRow): SendingRulesContent {
  return { copiesCc, copiesBcc, filesSentCopy }
}
