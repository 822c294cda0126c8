/**
 * What someone adds to the password, and takes away again: codes of an app, passkeys, and the recovery codes that come
 * with the first of them. With the first, all other sessions end: they were opened by a password alone.
 */
import type { Clock } from '../../ops/clock.ts'
import { type AnyOperation, type Store, StoreError, writeAll } from '../../store/store.ts'
import type { PrincipalId, PrincipalRow } from '../../store/types/principals.ts'
import type { PasskeyRow } from '../../store/types/sign-in.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited } from '../actor.ts'
import type { AuditAction } from '../audited-facts.ts'
import { mailboxDomain } from '../links/credential-links.ts'
import type { SecurityChange } from '../notices.ts'
import type { Principals } from '../principals.ts'
import { hashToken } from '../secrets.ts'
import type { SecurityNotices } from '../security-notices.ts'
import { grouped, newTypedSecret } from '../typed-secrets.ts'
import type { CodeCheck } from './code-check.ts'
import { type CodeSetUp, newCodeSecret, setUpOf } from './codes.ts'
import { PASSKEYS, RECOVERY_CODES } from './limits.ts'
import type { PasskeyAnswer, Passkeys } from './passkeys.ts'
import type { SecondFactorPolicy } from './policy.ts'

export interface SecondFactorState {
  isOn: boolean
  isRequired: boolean
  /** When codes of an app were taken into use; null where they are not. */
  codesSince: number | null
  passkeys: PasskeyRow[]
  recoveryCodes: { left: number; total: number }
}

export interface SecondFactorsOptions {
  store: Store
  principals: Pick<Principals, 'own'>
  clock: Clock
  codes: CodeCheck
  passkeys: Passkeys
  policy: SecondFactorPolicy
  notices: SecurityNotices
}

export class SecondFactors {
  readonly #options: SecondFactorsOptions

  constructor(options: SecondFactorsOptions) {
    this.#options = options
  }

  async state(principal: PrincipalRow): Promise<SecondFactorState> {
    const { store, policy } = this.#options
    const { principalId, hasSecondFactor } = principal
    const totp = await store.read('totp.get', { principalId })
    return {
      isOn: hasSecondFactor,
      isRequired: await policy.isRequired(principal),
      codesSince: totp?.confirmedAt ?? null,
      passkeys: await store.read('passkey.list', { principalId }),
      recoveryCodes: await store.read('recoveryCode.count', { principalId }),
    }
  }

  /** A new secret, which counts once its first code is shown. `issuer`: the service's name. */
  async beginCodes(actor: Actor, issuer: string): Promise<CodeSetUp> {
    const { store, codes, clock } = this.#options
    const { principalId, address } = await this.#options.principals.own(actor)
    const secret = newCodeSecret()
    const secretEncrypted = codes.seal(principalId, secret)
    await expecting(store.write('totp.begin', { principalId, secretEncrypted, at: clock.now() }), {
      'already-exists': new AccountError('codes-in-use', 'Codes of an app are in use already'),
    })
    return setUpOf(secret, { issuer, address })
  }

  /** Takes the codes into use. Returns the recovery codes, shown once, where there were none; else null. */
  async confirmCodes(actor: Actor, code: string): Promise<string[] | null> {
    const { codes, clock } = this.#options
    const principal = await this.#options.principals.own(actor)
    const { principalId } = principal
    const step = await codes.firstStep(principalId, code)
    if (step === null) throw new AccountError('wrong-first-code', 'The code is wrong', { field: 'code' })
    const added: AnyOperation = { operation: 'totp.confirm', args: { principalId, step, at: clock.now() } }
    return this.#add(actor, principal, added, { kind: 'codes-added' })
  }

  async removeCodes(actor: Actor): Promise<void> {
    const principal = await this.#options.principals.own(actor)
    const state = await this.state(principal)
    if (state.codesSince === null) throw new AccountError('no-second-factor', 'No codes of an app are in use')
    const { principalId } = principal
    const removed: AnyOperation = { operation: 'totp.remove', args: { principalId } }
    await this.#remove(actor, principal, state, removed, { kind: 'codes-removed' })
  }

  async passkeyOptions(actor: Actor, asked: { host: string; serviceName: string }) {
    const principal = await this.#options.principals.own(actor)
    const { passkeys } = await this.state(principal)
    if (passkeys.length >= PASSKEYS) throw new AccountError('too-many-passkeys', 'Remove one first', { most: PASSKEYS })
    return this.#options.passkeys.registrationOptions(principal, asked)
  }

  /** As `confirmCodes`. */
  async addPasskey(
    actor: Actor,
    asked: { host: string; label: string; answer: PasskeyAnswer },
  ): Promise<{ passkey: PasskeyRow; recoveryCodes: string[] | null }> {
    const principal = await this.#options.principals.own(actor)
    const label = asked.label.trim()
    const passkey = await this.#options.passkeys.registered(principal, { ...asked, label })
    const recoveryCodes = await expecting(
      this.#add(actor, principal, { operation: 'passkey.add', args: passkey }, { kind: 'passkey-added', label }),
      { 'already-exists': new AccountError('passkey-exists', 'The passkey is known already') },
    )
    return { passkey, recoveryCodes }
  }

  async renamePasskey(actor: Actor, credentialId: string, text: string): Promise<PasskeyRow> {
    const { store } = this.#options
    const principal = await this.#options.principals.own(actor)
    const { principalId } = principal
    const passkey = await this.#passkey(principalId, credentialId)
    const label = text.trim()
    await writeAll(store, [
      { operation: 'passkey.rename', args: { principalId, credentialId, label } },
      this.#audited(actor, principal, 'passkey-renamed', { label: passkey.label }, { label }),
    ])
    return { ...passkey, label }
  }

  async removePasskey(actor: Actor, credentialId: string): Promise<void> {
    const principal = await this.#options.principals.own(actor)
    const { principalId } = principal
    const { label } = await this.#passkey(principalId, credentialId)
    const removed: AnyOperation = { operation: 'passkey.remove', args: { principalId, credentialId } }
    await this.#remove(actor, principal, await this.state(principal), removed, { kind: 'passkey-removed', label })
  }

  /** Shown once; those before are void. */
  async renewRecoveryCodes(actor: Actor): Promise<string[]> {
    const { store, notices } = this.#options
    const principal = await this.#options.principals.own(actor)
    if (!principal.hasSecondFactor)
      throw new AccountError('no-second-factor', 'Recovery codes come with a second factor')
    const { shown, operation } = newRecoveryCodes(principal.principalId)
    await writeAll(store, [operation, this.#audited(actor, principal, 'recovery-codes-renewed')])
    await notices.tell(principal, { kind: 'recovery-codes-renewed' }, actor.remoteAddress)
    return shown
  }

  async #add(
    actor: Actor,
    principal: PrincipalRow,
    added: AnyOperation,
    change: FactorChange,
  ): Promise<string[] | null> {
    const { store, clock, notices } = this.#options
    const { principalId } = principal
    const { sessionId } = actor
    const isFirst = !principal.hasSecondFactor
    const recovery = isFirst ? newRecoveryCodes(principalId) : null
    // Whoever adds one has just shown it.
    const confirmed: AnyOperation[] =
      sessionId === null
        ? []
        : [{ operation: 'session.confirm', args: { sessionId, at: clock.now(), secondFactor: true } }]
    await writeAll(store, [
      added,
      ...confirmed,
      ...(recovery
        ? [
            recovery.operation,
            { operation: 'session.removeAll', args: { principalId, except: sessionId } } satisfies AnyOperation,
          ]
        : []),
      this.#audited(actor, principal, change.kind, null, labelOf(change)),
    ])
    await notices.tell(principal, change, actor.remoteAddress)
    return recovery?.shown ?? null
  }

  async #remove(
    actor: Actor,
    principal: PrincipalRow,
    { isRequired, codesSince, passkeys }: SecondFactorState,
    removed: AnyOperation,
    change: FactorChange,
  ): Promise<void> {
    const { store, notices } = this.#options
    const { principalId } = principal
    const isLast = (codesSince === null ? 0 : 1) + passkeys.length === 1
    if (isLast && isRequired)
      throw new AccountError('second-factor-is-required', 'The last one can not be removed where one is required')
    await writeAll(store, [
      removed,
      ...(isLast
        ? [{ operation: 'recoveryCode.replace', args: { principalId, codeHashes: [] } } satisfies AnyOperation]
        : []),
      this.#audited(actor, principal, change.kind, labelOf(change)),
    ])
    await notices.tell(principal, change, actor.remoteAddress)
  }

  async #passkey(principalId: PrincipalId, credentialId: string): Promise<PasskeyRow> {
    const passkey = await this.#options.store.read('passkey.byId', { credentialId })
    if (passkey?.principalId !== principalId) throw new AccountError('passkey-not-found', 'There is no such passkey')
    return passkey
  }

  #audited(
    actor: Actor,
    principal: PrincipalRow,
    what: AuditedKind,
    before: { label: string } | null = null,
    after: { label: string } | null = null,
  ): AnyOperation {
    return audited(actor, this.#options.clock.now(), {
      action: `second-factor.${what}`,
      target: principal.address,
      domain: mailboxDomain(principal),
      before,
      after,
    })
  }
}

type AuditedKind<A = AuditAction> = A extends `second-factor.${infer Kind}` ? Kind : never
type FactorChange = Extract<SecurityChange, { kind: AuditedKind }>

function newRecoveryCodes(principalId: PrincipalId): { shown: string[]; operation: AnyOperation } {
  const codes = Array.from({ length: RECOVERY_CODES }, newTypedSecret)
  return {
    shown: codes.map(code => grouped(code, '-')),
    operation: { operation: 'recoveryCode.replace', args: { principalId, codeHashes: codes.map(hashToken) } },
  }
}

const labelOf = (change: SecurityChange): { label: string } | null =>
  'label' in change ? { label: change.label } : null

async function expecting<T>(operation: Promise<T>, expected: { 'already-exists': AccountError }): Promise<T> {
  try {
    return await operation
  } catch (error) {
    throw error instanceof StoreError && error.code === 'already-exists' ? expected['already-exists'] : error
  }
}
