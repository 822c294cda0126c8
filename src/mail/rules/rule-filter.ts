/**
 * What the rules of an account make of a message. What they were read and compiled to is kept by account until they change;
 * an account that never had rules costs nothing.
 */
import { statusAt } from '../../accounts/auto-reply/schedule.ts'
import { BoundedMap } from '../../accounts/bounded-map.ts'
import type { Log } from '../../ops/log.ts'
import type { Store } from '../../store/store.ts'
import type { AutoReplyRow } from '../../store/types/auto-reply.ts'
import type { AccountId, AccountRow } from '../../store/types.ts'
import { fieldText, readHeader } from '../../wire/mime/header.ts'
import type { HeaderField } from '../../wire/mime/types.ts'
import { type Arrival, type Filter, type FilterVerdict, keptInInbox } from '../filter.ts'
import type { AutoReplier } from './auto-replier.ts'
import type { HeaderTexts } from './automatic.ts'
import { ACCOUNTS_KEPT } from './limits.ts'

export interface RuleFilterOptions {
  store: Pick<Store, 'read'>
  replier: Pick<AutoReplier, 'reply'>
  log: Log
}

interface AccountRules {
  revision: number
  /** null where it is off. */
  autoReply: AutoReplyRow | null
}

const DAY_MS = 86_400_000

export class RuleFilter implements Filter {
  readonly #options: RuleFilterOptions
  readonly #kept = new BoundedMap<AccountId, AccountRules>(ACCOUNTS_KEPT)

  constructor(options: RuleFilterOptions) {
    this.#options = options
  }

  async filter(account: AccountRow, arrival: Arrival): Promise<FilterVerdict> {
    if (account.rulesRevision === 0) return keptInInbox
    const { autoReply } = await this.#rulesOf(account)
    if (!autoReply) return keptInInbox
    return { ...keptInInbox, ...(await this.#answer(account, autoReply, arrival)) }
  }

  async #rulesOf({ accountId, rulesRevision: revision }: AccountRow): Promise<AccountRules> {
    const kept = this.#kept.get(accountId)
    if (kept?.revision === revision) return kept
    const autoReply = await this.#options.store.read('autoReply.get', { accountId })
    const rules = { revision, autoReply: autoReply?.enabled ? autoReply : null }
    this.#kept.set(accountId, rules)
    return rules
  }

  async #answer(
    account: AccountRow,
    autoReply: AutoReplyRow,
    { message, bytes, at }: Arrival,
  ): Promise<Partial<Pick<FilterVerdict, 'sends' | 'also'>>> {
    if (statusAt(autoReply, at).state !== 'active') return {}
    const { subject, text, audience, intervalDays, updatedAt } = autoReply
    const answered = { reversePath: message.reversePath, header: headerTexts(bytes), at }
    const wanted = {
      // Another text is another reply: whoever had the former one gets it too.
      handle: `auto-reply ${updatedAt}`,
      intervalMs: intervalDays * DAY_MS,
      subject: subject === '' ? null : subject,
      body: { text },
      from: null,
      addresses: [],
      audience,
    }
    try {
      return (await this.#options.replier.reply(account, answered, wanted)) ?? {}
    } catch (error) {
      // The message counts for more than its answer.
      this.#options.log.error({ accountId: account.accountId, err: error }, 'automatic reply not written')
      return {}
    }
  }
}

/** Read once, asked by name. */
function headerTexts(bytes: Uint8Array): HeaderTexts {
  const named = new Map<string, HeaderField[]>()
  for (const field of readHeader(bytes).fields) {
    const name = field.name.toLowerCase()
    const fields = named.get(name)
    if (fields) fields.push(field)
    else named.set(name, [field])
  }
  return name => (named.get(name) ?? []).map(field => fieldText(bytes, field))
}
