/**
 * The filters of a mailbox as the panel shows them: rules put together there, or else a script written by hand or by a mail
 * program, which is shown as it is and kept as it is.
 */
import { AccountError } from '../../accounts/account-error.ts'
import { administeredAccount, ownAccount } from '../../accounts/account-of.ts'
import type { Actor } from '../../accounts/actor.ts'
import { type Store, StoreError } from '../../store/store.ts'
import type { ScriptFailure } from '../../store/types/rules.ts'
import type { AccountRow } from '../../store/types.ts'
import type { Contradiction } from '../../wire/sieve/contradictions.ts'
import type { Rule } from '../../wire/sieve/rule.ts'
import { rulesOfText, textOfRules } from '../../wire/sieve/rules.ts'
import type { CommonScripts, ScriptsBefore } from './common-scripts.ts'
import { type RuleContradiction, refuseContradicting, rulesThatContradict, warningsOf } from './rule-check.ts'
import { checkedBy, type ScriptCheck } from './script-check.ts'
import { told } from './script-errors.ts'
import type { Scripts } from './scripts.ts'

export interface FiltersState {
  /** The mailbox. */
  address: string
  /** null where a script written by hand is active. */
  rules: Rule[] | null
  /** The active one; null: none. */
  script: { name: string; source: string; updatedAt: number } | null
  contradictions: RuleContradiction[]
  /** What may go wrong in a script written by hand. */
  warnings: Contradiction[]
  /** The last error the active one stopped at since it was changed. */
  failure: ScriptFailure | null
  before: ScriptsBefore
  /** Another with each change of the rules. */
  revision: number
}

/** `revision`: of the filters that were seen; left out: whichever they are. */
type Seen = { revision?: number | undefined }

export type RulesChange = Seen & { rules: Rule[]; replacesScript?: boolean | undefined }

/** The name under which the panel's script is stored; programs that speak ManageSieve see it. */
const PANEL_SCRIPT = 'Facteur'
/** Of a script that is written in the panel where there was none. */
const OWN_SCRIPT = 'Script'

export class Filters {
  readonly #store: Pick<Store, 'read'>
  readonly #scripts: Scripts
  readonly #common: Pick<CommonScripts, 'before'>

  constructor(store: Pick<Store, 'read'>, scripts: Scripts, common: Pick<CommonScripts, 'before'>) {
    this.#store = store
    this.#scripts = scripts
    this.#common = common
  }

  async own(actor: Actor): Promise<FiltersState> {
    return this.#of(await ownAccount(this.#store, actor))
  }

  async ofMailbox(actor: Actor, address: string): Promise<FiltersState> {
    return this.#of(await administeredAccount(this.#store, actor, address))
  }

  /**
   * The rules run from now on. `filters-by-hand` where a script written by hand is active and `replacesScript` is false; it
   * stays stored, and runs no longer. `script-wrong`, `script-too-large`, `too-many-scripts`, `rule-contradicts`;
   * `script-changed` where they are others by now than those that were seen.
   */
  async setOwn(actor: Actor, change: RulesChange): Promise<FiltersState> {
    return this.#set(actor, await ownAccount(this.#store, actor), change)
  }

  async setOfMailbox(actor: Actor, address: string, change: RulesChange): Promise<FiltersState> {
    return this.#set(actor, await administeredAccount(this.#store, actor, address), change)
  }

  /** A script written in the panel, which runs from now on. `script-wrong` with the places; see above. */
  async setOwnScript(actor: Actor, { source, revision }: { source: string } & Seen): Promise<FiltersState> {
    const account = await ownAccount(this.#store, actor)
    const active = (await this.#scripts.list(account.accountId)).find(({ isActive }) => isActive)
    const name = active && active.name !== PANEL_SCRIPT ? active.name : OWN_SCRIPT
    return this.#put(actor, account, { name, source, revision })
  }

  /** What is wrong with a script of one's own, and what may go wrong; nothing is changed. `script-too-large`. */
  async check(actor: Actor, source: string): Promise<ScriptCheck> {
    const { accountId } = await ownAccount(this.#store, actor)
    return told(checkedBy(() => this.#scripts.check(accountId, source), source))
  }

  async #of({ accountId, address, domain, rulesRevision: revision }: AccountRow): Promise<FiltersState> {
    const before = await this.#common.before(domain)
    const nothing = { rules: [], script: null, contradictions: [], warnings: [], failure: null }
    const state = { address, ...nothing, before, revision }
    const active = (await this.#scripts.list(accountId)).find(({ isActive }) => isActive)
    if (!active) return state
    const { name, updatedAt } = active
    const source = await this.#scripts.source(accountId, name)
    const rules = rulesOfText(source)
    const failure = await this.#store.read('script.failure', { subject: { kind: 'mailbox', accountId } })
    const shown = { ...state, rules, failure, script: { name, source, updatedAt } }
    if (rules) return { ...shown, contradictions: await rulesThatContradict(rules) }
    return { ...shown, warnings: await warningsOf(source) }
  }

  async #set(actor: Actor, account: AccountRow, change: RulesChange): Promise<FiltersState> {
    const { rules, replacesScript = false, revision } = change
    await refuseContradicting(rules)
    const before = await this.#of(account)
    if (before.rules === null && !replacesScript)
      throw new AccountError('filters-by-hand', 'A script written by hand is active')
    return this.#put(actor, account, { name: PANEL_SCRIPT, source: textOfRules(rules), revision })
  }

  async #put(
    actor: Actor,
    account: AccountRow,
    { name, source, revision }: { name: string; source: string } & Seen,
  ): Promise<FiltersState> {
    const { accountId } = account
    try {
      await told(this.#scripts.put(actor, account, name, source, { activate: true, replaces: revision }))
    } catch (error) {
      if (error instanceof StoreError && error.code === 'conflict')
        throw new AccountError('script-changed', 'Other filters were set meanwhile')
      throw error
    }
    return this.#of((await this.#store.read('account.byId', { accountId })) ?? account)
  }
}
