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
import { type Compiled, type CompileOptions, compilation } from '../../wire/sieve/compile.ts'
import { linesOfRules, type RuleLine } from '../../wire/sieve/rules.ts'
import { inSlices } from '../../wire/sieve/slices.ts'
import type { ScriptProblem } from '../../wire/sieve/types.ts'
import { Breather } from '../breather.ts'
import { forbiddenIn } from './forbidden-commands.ts'
import { ACCOUNTS_KEPT, COMMON_SCRIPTS_KEPT_MS } from './limits.ts'

export type CompiledScript = Extract<Compiled, { ok: true }>['script']

/** A script with what the trace calls it. */
export interface NamedScript {
  /** What was right when it was stored can be wrong once a script that it includes is another: then it does not run. */
  program: CompiledScript | { problem: ScriptProblem }
  kind: 'script' | 'domain' | 'service'
  /** Empty where there is but one of the kind. */
  name: string
  /** Of a script of the panel. */
  rules: RuleLine[] | null
  /** Of the account's rules, or of the script for all: another with each change. */
  revision: number
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
  /** null: none that runs. */
  source: string | null
  script: Promise<NamedScript | null>
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
  /** Those that are being made: messages that come meanwhile wait for the same. */
  readonly #making = new Map<AccountId, { revision: number; rules: Promise<AccountRules> }>()
  readonly #common = new BoundedMap<string, CommonScript>(ACCOUNTS_KEPT)
  #timesForgotten = 0

  constructor(options: CompiledRulesOptions) {
    this.#options = options
  }

  async of({ accountId, rulesRevision: revision }: AccountRow): Promise<AccountRules> {
    if (revision === 0) return none
    const kept = this.#accounts.get(accountId)
    if (kept?.revision === revision) return kept
    const making = this.#making.get(accountId)
    if (making?.revision === revision) return making.rules
    const rules = this.#make(accountId, revision)
    this.#making.set(accountId, { revision, rules })
    try {
      const made = await rules
      this.#accounts.set(accountId, made)
      return made
    } finally {
      if (this.#making.get(accountId)?.rules === rules) this.#making.delete(accountId)
    }
  }

  async #make(accountId: AccountId, revision: number): Promise<AccountRules> {
    const { store } = this.#options
    const sources = await store.read('script.sources', { accountId })
    const autoReply = await store.read('autoReply.get', { accountId })
    const active = sources.find(({ isActive }) => isActive)
    const included = personal(new Map(sources.map(({ name, source }) => [name, source])))
    const program = active
      ? await this.#compile(active.source, { accountId, script: active.name }, { name: active.name, included })
      : null
    return {
      revision,
      script:
        active && program
          ? { program, kind: 'script', name: active.name, rules: linesOfRules(active.source), revision }
          : null,
      autoReply: autoReply?.enabled ? autoReply : null,
    }
  }

  /** The service's, then the domain's: those there are. */
  async common(domain: string): Promise<NamedScript[]> {
    const scripts: NamedScript[] = []
    for (const scope of [null, domain]) {
      const script = await (this.#fresh(scope) ?? (await this.#read(scope))).script
      if (script) scripts.push(script)
    }
    return scripts
  }

  /** Those of domains or of the service may have changed: they are read again for the next message. */
  forgetCommon(): void {
    this.#timesForgotten++
    for (const kept of this.#common.values()) kept.readAt = Number.NEGATIVE_INFINITY
  }

  #fresh(scope: string | null): CommonScript | null {
    const kept = this.#common.get(scope ?? '')
    return kept && Math.abs(this.#options.clock.now() - kept.readAt) < COMMON_SCRIPTS_KEPT_MS ? kept : null
  }

  async #read(scope: string | null): Promise<CommonScript> {
    const { store, clock } = this.#options
    const startedAt = clock.now()
    const timesForgotten = this.#timesForgotten
    const row = await store.read('commonScript.get', { domain: scope ?? '' })
    const source = row?.isActive ? row.source : null
    const kept = this.#common.get(scope ?? '')
    // Told by the text: a script that was removed and made anew may have any revision.
    const compiled = kept && kept.source === source ? kept.script : this.#commonScript(scope, source)
    const revision = row?.revision ?? 0
    const script = compiled.then(named => named && (named.revision === revision ? named : { ...named, revision }))
    // What was read while it changed may be what was there before.
    const readAt = timesForgotten === this.#timesForgotten ? startedAt : Number.NEGATIVE_INFINITY
    const common = { readAt, source, script }
    this.#common.set(scope ?? '', common)
    return common
  }

  async #commonScript(scope: string | null, source: string | null): Promise<NamedScript | null> {
    if (source === null) return null
    const program = await this.#compile(source, { domain: scope }, { forbidden: forbiddenIn(scope) })
    const kind = scope === null ? 'service' : 'domain'
    return program && { program, kind, name: '', rules: linesOfRules(source), revision: 0 }
  }

  /** null: a mistake of ours. */
  async #compile(source: string, of: object, options: CompileOptions): Promise<NamedScript['program'] | null> {
    const { log } = this.#options
    const breather = new Breather()
    try {
      const compiled = await inSlices(compilation(source, options), () => breather.pause())
      if (compiled.ok) return compiled.script
      log.warn({ ...of, errors: compiled.errors }, 'script can not be compiled')
      const [problem] = compiled.errors
      return problem ? { problem } : null
    } catch (error) {
      // Mail arrives all the same.
      log.error({ ...of, err: error }, 'script can not be compiled')
    }
    return null
  }
}
