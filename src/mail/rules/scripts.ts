/**
 * The scripts of an account: whoever owns it writes them, in the panel or with a mail program. What can't be compiled is
 * refused where it is written, so that what runs is right.
 */
import { type Actor, audited } from '../../accounts/actor.ts'
import type { AuditAction } from '../../accounts/audited-facts.ts'
import type { Clock } from '../../ops/clock.ts'
import { type AnyOperation, type Store, StoreError, writeAll } from '../../store/store.ts'
import type { ScriptRow } from '../../store/types/rules.ts'
import type { AccountId, AccountRow } from '../../store/types.ts'
import { capabilities, notificationMethods } from '../../wire/sieve/capabilities.ts'
import { type CompileOptions, compilation } from '../../wire/sieve/compile.ts'
import { REDIRECTS } from '../../wire/sieve/limits.ts'
import { inSlices } from '../../wire/sieve/slices.ts'
import type { ScriptProblem } from '../../wire/sieve/types.ts'
import { Breather } from '../breather.ts'
import { personal } from './compiled-rules.ts'
import { SCRIPT_BYTES, SCRIPTS } from './limits.ts'

export type ScriptRefusalCode =
  | 'no-such-script'
  | 'script-exists'
  | 'script-active'
  | 'script-wrong'
  | 'script-too-large'
  | 'too-many-scripts'

export class ScriptRefused extends Error {
  override name = 'ScriptRefused'
  readonly code: ScriptRefusalCode
  /** Of `script-wrong`. */
  readonly problems: readonly ScriptProblem[]
  constructor(code: ScriptRefusalCode, message: string, problems: readonly ScriptProblem[] = []) {
    super(message)
    this.code = code
    this.problems = problems
  }
}

type ScriptFacts = { name?: string; sizeBytes?: number; isActive?: boolean; active?: string | null }

/** By the command, with why. */
type Forbidden = CompileOptions['forbidden']
type Owned = Pick<AccountRow, 'accountId' | 'address' | 'domain'>

export class Scripts {
  /** What scripts may ask for: told to programs that write them. */
  readonly language = { extensions: capabilities, notificationMethods, maxRedirects: REDIRECTS }
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  list(accountId: AccountId): Promise<ScriptRow[]> {
    return this.#store.read('script.list', { accountId })
  }

  /** `no-such-script`. */
  async source(accountId: AccountId, name: string): Promise<string> {
    const script = await this.#store.read('script.get', { accountId, name })
    if (!script) throw noSuchScript(name)
    return script.source
  }

  /** `forbidden`: commands, with why. `script-wrong`, `script-too-large`. */
  async check(accountId: AccountId, source: string, forbidden?: Forbidden): Promise<void> {
    requireSize(Buffer.byteLength(source))
    const others = await this.#store.read('script.sources', { accountId })
    const included = personal(new Map(others.map(other => [other.name, other.source])))
    await requireRight(source, { included, ...(forbidden && { forbidden }) })
  }

  /** `script-too-large`, `too-many-scripts`. */
  async requireSpace(accountId: AccountId, name: string, sizeBytes: number): Promise<void> {
    requireSize(sizeBytes)
    const scripts = await this.list(accountId)
    if (scripts.length >= SCRIPTS && !scripts.some(script => script.name === name)) throw tooMany()
  }

  /**
   * Adds or replaces. `activate`: it runs from now on. `replaces`: the revision of the rules that was seen.
   * `script-wrong`, `script-too-large`, `too-many-scripts`; StoreError `conflict` where they are others by now.
   */
  async put(
    actor: Actor,
    account: Owned,
    name: string,
    source: string,
    {
      activate = false,
      replaces,
      forbidden,
    }: { activate?: boolean; replaces?: number | undefined; forbidden?: Forbidden } = {},
  ): Promise<void> {
    const { accountId } = account
    await this.check(accountId, source, forbidden)
    const before = await this.#store.read('script.get', { accountId, name })
    const at = this.#clock.now()
    const args = {
      accountId,
      name,
      source,
      maxScripts: SCRIPTS,
      activate,
      at,
      ...(replaces !== undefined && { replaces }),
    }
    await this.#write(actor, account, 'script.put', { operation: 'script.put', args }, [
      before && { name, sizeBytes: before.sizeBytes, isActive: before.isActive },
      { name, sizeBytes: Buffer.byteLength(source), isActive: activate || (before?.isActive ?? false) },
    ])
  }

  /** null: no script runs. `no-such-script`; `script-wrong` for one that does what is forbidden. */
  async activate(actor: Actor, account: Owned, name: string | null, forbidden?: Forbidden): Promise<void> {
    const { accountId } = account
    if (name !== null) await this.#requireAllowed(accountId, name, forbidden)
    const active = (await this.list(accountId)).find(({ isActive }) => isActive)?.name ?? null
    const args = { accountId, name, at: this.#clock.now() }
    const change = [{ active }, { active: name }] as const
    await this.#write(actor, account, 'script.activate', { operation: 'script.activate', args }, change)
  }

  /** `no-such-script`, `script-exists`; `script-wrong` for one that does what is forbidden: the active one may include it by its new name. */
  async rename(actor: Actor, account: Owned, name: string, newName: string, forbidden?: Forbidden): Promise<void> {
    await this.#requireAllowed(account.accountId, name, forbidden)
    const args = { accountId: account.accountId, name, newName, at: this.#clock.now() }
    const change = [{ name }, { name: newName }] as const
    await this.#write(actor, account, 'script.rename', { operation: 'script.rename', args }, change)
  }

  /** `no-such-script`; `script-active` for the one that runs. */
  async remove(actor: Actor, account: Owned, name: string): Promise<void> {
    const args = { accountId: account.accountId, name, at: this.#clock.now() }
    await this.#write(actor, account, 'script.remove', { operation: 'script.remove', args }, [{ name }, null])
  }

  async #requireAllowed(accountId: AccountId, name: string, forbidden?: Forbidden): Promise<void> {
    if (forbidden) await this.check(accountId, await this.source(accountId, name), forbidden)
  }

  async #write(
    actor: Actor,
    { address, domain }: Owned,
    action: AuditAction,
    operation: AnyOperation,
    [before, after]: readonly [ScriptFacts | null, ScriptFacts | null],
  ): Promise<void> {
    const entry = audited(actor, this.#clock.now(), { action, target: address, domain, before, after })
    try {
      await writeAll(this.#store, [operation, entry])
    } catch (error) {
      throw (error instanceof StoreError && refusalOf(error)) || error
    }
  }
}

/** `script-wrong`, `script-too-large`. */
export async function requireRight(source: string, options: CompileOptions): Promise<void> {
  requireSize(Buffer.byteLength(source))
  const breather = new Breather()
  const compiled = await inSlices(compilation(source, options), () => breather.pause())
  if (compiled.ok) return
  const lines = compiled.errors.map(({ line, column, message }) => `line ${line}, column ${column}: ${message}`)
  throw new ScriptRefused('script-wrong', lines.join('\r\n'), compiled.errors)
}

function refusalOf({ code }: StoreError): ScriptRefused | null {
  switch (code) {
    case 'not-found':
      return new ScriptRefused('no-such-script', 'There is no script of that name')
    case 'already-exists':
      return new ScriptRefused('script-exists', 'There is a script of that name already')
    case 'not-allowed':
      return new ScriptRefused('script-active', 'The script is active: switch it off first')
    case 'too-many':
      return tooMany()
    default:
      return null
  }
}

function requireSize(sizeBytes: number): void {
  if (sizeBytes > SCRIPT_BYTES) throw new ScriptRefused('script-too-large', `A script may have ${SCRIPT_BYTES} octets`)
}

const tooMany = (): ScriptRefused => new ScriptRefused('too-many-scripts', `There may be ${SCRIPTS} scripts`)
const noSuchScript = (name: string): ScriptRefused => new ScriptRefused('no-such-script', `There is no script ${name}`)
