/**
 * The scripts that stand before those of owners: the service's, which its staff set, and one for each domain, which its
 * managers set too. Put together of rules as owners' filters are, or written by hand.
 */
import { AccountError } from '../../accounts/account-error.ts'
import { type Actor, audited, isStaff, mayManage, requireDomain } from '../../accounts/actor.ts'
import { domainNameOf } from '../../accounts/directory/names.ts'
import type { Clock } from '../../ops/clock.ts'
import { type AnyOperation, type Store, StoreError, writeAll } from '../../store/store.ts'
import type { CommonScriptRow, ScriptFailure } from '../../store/types/rules.ts'
import type { Contradiction } from '../../wire/sieve/contradictions.ts'
import type { Rule } from '../../wire/sieve/rule.ts'
import { rulesOfText, textOfRules } from '../../wire/sieve/rules.ts'
import { forbiddenIn } from './forbidden-commands.ts'
import { type RuleContradiction, refuseContradicting, rulesThatContradict, warningsOf } from './rule-check.ts'
import { checkedScript, type ScriptCheck } from './script-check.ts'
import { told } from './script-errors.ts'
import { requireRight } from './scripts.ts'

export interface CommonScriptState {
  /** null: the whole service. */
  domain: string | null
  /** null where the script is written by hand. */
  rules: Rule[] | null
  contradictions: RuleContradiction[]
  /** null: there is none. */
  script: CommonScript | null
  /** What may go wrong in a script written by hand. */
  warnings: Contradiction[]
  /** The last error it stopped at since it was changed. */
  failure: ScriptFailure | null
}

export interface CommonScript {
  source: string
  isActive: boolean
  /** Another with each change. */
  revision: number
  updatedAt: number
}

/** What a domain's mailboxes are told of what comes before their own filters. */
export interface ScriptsBefore {
  /** Whether the service has one; what it says is staff's to know. */
  service: boolean
  domain: { name: string; rules: Rule[] | null; source: string; updatedAt: number } | null
}

/** `revision`: of the script that was seen; null: there was none. */
export type CommonScriptChange = { revision: number | null; isActive?: boolean } & (
  | { source: string }
  | { rules: Rule[] }
)

export class CommonScripts {
  readonly #store: Store
  readonly #clock: Clock
  readonly #changed: () => void

  /** `changed`: called once a change is committed, before it is answered. */
  constructor(store: Store, clock: Clock, changed: () => void) {
    this.#store = store
    this.#clock = clock
    this.#changed = changed
  }

  /** Those there are that the actor may set. */
  async list(actor: Actor): Promise<(Omit<CommonScript, 'source'> & { domain: string | null; sizeBytes: number })[]> {
    const rows = await this.#store.read('commonScript.list', {})
    return rows
      .filter(({ domain }) => mayManage(actor, domain))
      .map(({ domain, ...row }) => ({ domain: domain === '' ? null : domain, ...row }))
  }

  /** `domain`: null for the service's. `domain-not-found`, `not-allowed`. */
  async get(actor: Actor, domain: string | null): Promise<CommonScriptState> {
    return this.#of(await this.#scope(actor, domain))
  }

  async before(domain: string): Promise<ScriptsBefore> {
    const [common, own] = [await this.#row(null), await this.#row(domain)]
    return {
      service: common?.isActive ?? false,
      domain: own?.isActive
        ? { name: domain, rules: rulesOfText(own.source), source: own.source, updatedAt: own.updatedAt }
        : null,
    }
  }

  /** What is wrong with a script, and what may go wrong; nothing is changed. `script-too-large`. */
  async check(actor: Actor, domain: string | null, source: string): Promise<ScriptCheck> {
    return told(checkedScript(await this.#scope(actor, domain), source))
  }

  /** `script-changed` where another is there than the one that was seen; `script-wrong`, `script-too-large`, `rules-contradict`. */
  async put(actor: Actor, given: string | null, change: CommonScriptChange): Promise<CommonScriptState> {
    const domain = await this.#scope(actor, given)
    if ('rules' in change) await refuseContradicting(change.rules)
    const source = 'rules' in change ? textOfRules(change.rules) : change.source
    await told(requireRight(source, { forbidden: forbiddenIn(domain) }))
    const before = await this.#row(domain)
    const isActive = change.isActive ?? before?.isActive ?? true
    await this.#set(actor, domain, { before, after: { source, isActive }, revision: change.revision })
    return this.#of(domain)
  }

  /** Whether it runs. `script-not-found`, `script-changed`. */
  async activate(actor: Actor, given: string | null, isActive: boolean, revision: number): Promise<CommonScriptState> {
    const domain = await this.#scope(actor, given)
    const before = await this.#existing(domain)
    if (before.isActive !== isActive || before.revision !== revision)
      await this.#set(actor, domain, { before, after: { source: before.source, isActive }, revision })
    return this.#of(domain)
  }

  /** `script-not-found`, `script-changed`. */
  async remove(actor: Actor, given: string | null, revision: number): Promise<void> {
    const domain = await this.#scope(actor, given)
    await this.#set(actor, domain, { before: await this.#existing(domain), after: null, revision })
  }

  /** The domain by its stored name, where it is the actor's. */
  async #scope(actor: Actor, given: string | null): Promise<string | null> {
    if (given === null) {
      if (!isStaff(actor)) throw new AccountError('not-allowed', 'The script of the service is for its staff')
      return null
    }
    const domain = domainNameOf(given)
    requireDomain(actor, domain)
    if (!(await this.#store.read('domain.byName', { name: domain })))
      throw new AccountError('domain-not-found', `There is no domain ${domain}`, { domain })
    return domain
  }

  async #of(domain: string | null): Promise<CommonScriptState> {
    const row = await this.#row(domain)
    if (!row) return { domain, rules: [], contradictions: [], script: null, warnings: [], failure: null }
    const { source, isActive, revision, updatedAt } = row
    const rules = rulesOfText(source)
    return {
      domain,
      rules,
      contradictions: rules ? await rulesThatContradict(rules) : [],
      script: { source, isActive, revision, updatedAt },
      warnings: rules ? [] : await warningsOf(source),
      failure: await this.#store.read('script.failure', { subject: { kind: 'domain', domain: domain ?? '' } }),
    }
  }

  #row(domain: string | null): Promise<CommonScriptRow | null> {
    return this.#store.read('commonScript.get', { domain: domain ?? '' })
  }

  async #existing(domain: string | null): Promise<CommonScriptRow> {
    const row = await this.#row(domain)
    if (!row) throw new AccountError('script-not-found', 'There is no script')
    return row
  }

  /** The audit log keeps the whole text: it is what was done to the mail of many. */
  async #set(
    actor: Actor,
    domain: string | null,
    change: {
      before: CommonScriptRow | null
      after: { source: string; isActive: boolean } | null
      revision: number | null
    },
  ): Promise<void> {
    const { before, after, revision } = change
    const at = this.#clock.now()
    const scope = { domain: domain ?? '', replaces: revision, at }
    const operation: AnyOperation = after
      ? { operation: 'commonScript.set', args: { ...scope, ...after } }
      : { operation: 'commonScript.remove', args: scope }
    const entry = audited(actor, at, {
      action: after ? 'commonScript.set' : 'commonScript.remove',
      target: domain ?? 'service',
      domain,
      before: before && { isActive: before.isActive, source: before.source },
      after,
    })
    try {
      await writeAll(this.#store, [operation, entry])
    } catch (error) {
      if (error instanceof StoreError && error.code === 'conflict')
        throw new AccountError('script-changed', 'Another script was set meanwhile')
      throw error
    }
    this.#changed()
  }
}
