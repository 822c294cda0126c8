/**
 * The filters of a mailbox as the panel shows them: rules put together there, or else a script written by hand or by a mail
 * program, which is shown as it is and kept as it is.
 */
import { AccountError } from '../../accounts/account-error.ts'
import { managedAccount, ownAccount } from '../../accounts/account-of.ts'
import type { Actor } from '../../accounts/actor.ts'
import type { Store } from '../../store/store.ts'
import type { AccountRow } from '../../store/types.ts'
import type { Rule } from '../../wire/sieve/rule.ts'
import { rulesOfText, textOfRules } from '../../wire/sieve/rules.ts'
import type { ScriptProblem } from '../../wire/sieve/types.ts'
import { ScriptRefused, type Scripts } from './scripts.ts'

export interface FiltersState {
  /** The mailbox. */
  address: string
  /** null where a script written by hand is active. */
  rules: Rule[] | null
  /** The active one; null: none. */
  script: { name: string; source: string; updatedAt: number } | null
}

/** The name under which the panel's script is stored; programs that speak ManageSieve see it. */
const PANEL_SCRIPT = 'Facteur'
/** Of a script that is written in the panel where there was none. */
const OWN_SCRIPT = 'Script'

export class Filters {
  readonly #store: Pick<Store, 'read'>
  readonly #scripts: Scripts

  constructor(store: Pick<Store, 'read'>, scripts: Scripts) {
    this.#store = store
    this.#scripts = scripts
  }

  async own(actor: Actor): Promise<FiltersState> {
    return this.#of(await ownAccount(this.#store, actor))
  }

  async ofMailbox(actor: Actor, address: string): Promise<FiltersState> {
    return this.#of(await managedAccount(this.#store, actor, address))
  }

  /**
   * The rules run from now on. `filters-by-hand` where a script written by hand is active and `replacesScript` is false; it
   * stays stored, and runs no longer. `script-wrong`, `script-too-large`, `too-many-scripts`.
   */
  async setOwn(actor: Actor, rules: Rule[], replacesScript: boolean): Promise<FiltersState> {
    return this.#set(actor, await ownAccount(this.#store, actor), rules, replacesScript)
  }

  async setOfMailbox(actor: Actor, address: string, rules: Rule[], replacesScript: boolean): Promise<FiltersState> {
    return this.#set(actor, await managedAccount(this.#store, actor, address), rules, replacesScript)
  }

  /** A script written in the panel, which runs from now on. `script-wrong` with the places; see above. */
  async setOwnScript(actor: Actor, source: string): Promise<FiltersState> {
    const account = await ownAccount(this.#store, actor)
    const active = (await this.#scripts.list(account.accountId)).find(({ isActive }) => isActive)
    const name = active && active.name !== PANEL_SCRIPT ? active.name : OWN_SCRIPT
    await told(this.#scripts.put(actor, account, name, source, { activate: true }))
    return this.#of(account)
  }

  async #of({ accountId, address }: AccountRow): Promise<FiltersState> {
    const active = (await this.#scripts.list(accountId)).find(({ isActive }) => isActive)
    if (!active) return { address, rules: [], script: null }
    const { name, updatedAt } = active
    const source = await this.#scripts.source(accountId, name)
    return { address, rules: rulesOfText(source), script: { name, source, updatedAt } }
  }

  async #set(actor: Actor, account: AccountRow, rules: Rule[], replacesScript: boolean): Promise<FiltersState> {
    const before = await this.#of(account)
    if (before.rules === null && !replacesScript)
      throw new AccountError('filters-by-hand', 'A script written by hand is active')
    await told(this.#scripts.put(actor, account, PANEL_SCRIPT, textOfRules(rules), { activate: true }))
    return this.#of(account)
  }
}

/** What is wrong with a script, as the panel's own errors. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ScriptRefused)) throw error
    const { code, message, problems } = error
    if (code !== 'script-wrong' && code !== 'script-too-large' && code !== 'too-many-scripts') throw error
    const [first] = problems
    throw new AccountError(code, message, { field: 'source', ...(first ? placeOf(first) : {}) })
  }
}

const placeOf = ({ line, column, message }: ScriptProblem) => ({ line, column, problem: message })
