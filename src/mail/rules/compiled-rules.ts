/**
 * The rules of accounts, read and compiled: kept by account until they change. Those that stand for a whole domain or for
 * the service are looked at again every few seconds.
 */
import { BoundedMap } from '../../accounts/bounded-map.ts'
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import type { Store } from '../../store/store.ts'
import type { AutoReplyRow } from '../../store/types/auto-reply.ts'
import type { AccountId, AccountRow } from '../../store/types.ts'
import { type Compiled, compileScript } from '../../wire/sieve/compile.ts'
import { linesOfRules, type RuleLine } from '../../wire/sieve/rules.ts'
import { ACCOUNTS_KEPT, COMMON_SCRIPTS_KEPT_MS } from './limits.ts'

export type CompiledScript = Extract<Compiled, { ok: true }>['script']

/** A script with what the trace calls it. */
export interface NamedScript {
  program: CompiledScript
  kind: 'script' | 'domain' | 'service'
  /** Empty where there is but one of the kind. */
  name: string
  /** Of a script of the panel. */
  rules: RuleLine[] | null
}

export interface AccountRules {
  revision: number
  /** The active one; null where there is none. */
  script: NamedScript | null
  /** null where it is off. */
  autoReply: AutoReplyRow | null
}

interface CommonScript {
  readAt: number
  revision: number
  script: NamedScript | null
}

const none: AccountRules = { revision: 0, script: null, autoReply: null }

/** What a script may include (RFC 6609): others of the account; there are no global ones. */
export const personal =
  (sources: ReadonlyMap<string, string>) =>
  (location: 'personal' | 'global', name: string): string | null =>
    location === 'personal' ? (sources.get(name) ?? null) : null

export interface CompiledRulesOptions {
  store: Pick<Store, 'read'>
  clock: Clock
  log: Log
}

export class CompiledRules {
  readonly #options: CompiledRulesOptions
  readonly #accounts = new BoundedMap<AccountId, AccountRules>(ACCOUNTS_KEPT)
  readonly #common = new BoundedMap<string, CommonScript>(ACCOUNTS_KEPT)

  constructor(options: CompiledRulesOptions) {
    this.#options = options
  }

  async of({ accountId, rulesRevision: revision }: AccountRow): Promise<AccountRules> {
    if (revision === 0) return none
    const kept = this.#accounts.get(accountId)
    if (kept?.revision === revision) return kept
    const { store } = this.#options
    const sources = await store.read('script.sources', { accountId })
    const autoReply = await store.read('autoReply.get', { accountId })
    const active = sources.find(({ isActive }) => isActive)
    const included = new Map(sources.map(({ name, source }) => [name, source]))
    const program = active ? this.#compile(active.source, { accountId, script: active.name }, included) : null
    const rules: AccountRules = {
      revision,
      script:
        active && program ? { program, kind: 'script', name: active.name, rules: linesOfRules(active.source) } : null,
      autoReply: autoReply?.enabled ? autoReply : null,
    }
    this.#accounts.set(accountId, rules)
    return rules
  }

  /** The service's, then the domain's: those there are. */
  async common(domain: string): Promise<NamedScript[]> {
    const scripts: NamedScript[] = []
    for (const scope of ['', domain]) {
      const script = this.#fresh(scope) ?? (await this.#read(scope))
      if (script.script) scripts.push(script.script)
    }
    return scripts
  }

  #fresh(scope: string): CommonScript | null {
    const kept = this.#common.get(scope)
    return kept && this.#options.clock.now() - kept.readAt < COMMON_SCRIPTS_KEPT_MS ? kept : null
  }

  async #read(scope: string): Promise<CommonScript> {
    const { store, clock } = this.#options
    const readAt = clock.now()
    const row = await store.read('commonScript.get', { domain: scope })
    const kept = this.#common.get(scope)
    if (kept && kept.revision === row?.revision) {
      this.#common.set(scope, { ...kept, readAt })
      return { ...kept, readAt }
    }
    const program = row && this.#compile(row.source, { domain: scope }, new Map())
    const kind = scope === '' ? 'service' : 'domain'
    const script: NamedScript | null = program && { program, kind, name: '', rules: null }
    const common = { readAt, revision: row?.revision ?? 0, script }
    this.#common.set(scope, common)
    return common
  }

  /** What was right when it was stored can be wrong once a script that it includes is another: then it doesn't run. */
  #compile(source: string, of: object, included: ReadonlyMap<string, string>): CompiledScript | null {
    const compiled = compileScript(source, { included: personal(included) })
    if (compiled.ok) return compiled.script
    this.#options.log.warn({ ...of, errors: compiled.errors }, 'script can not be compiled')
    return null
  }
}
