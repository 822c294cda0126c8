/**
 * Codes of an app and recovery codes, taken once each. Tries at the six digits are limited for each principal, whoever
 * makes them and from wherever; a recovery code can't be guessed, so an owner whose tries others have used up still gets in.
 */
import type { Clock } from '../../ops/clock.ts'
import type { SecretBox } from '../../ops/secret-box.ts'
import type { Store } from '../../store/store.ts'
import type { PrincipalId } from '../../store/types/principals.ts'
import { AttemptLimit } from '../attempt-limit.ts'
import { hashToken } from '../secrets.ts'
import type { SharedCounts } from '../shared-counts.ts'
import { readTypedSecret } from '../typed-secrets.ts'
import { stepOf } from './codes.ts'
import { CODE_TRIES, CODE_TRIES_MS } from './limits.ts'

export type CodeVerdict = { ok: true; kind: 'code' | 'recovery-code' } | { ok: false; reason: 'wrong' | 'too-many' }

export interface CodeCheckOptions {
  store: Store
  box: SecretBox
  clock: Clock
  shared?: SharedCounts
}

export class CodeCheck {
  readonly #options: CodeCheckOptions
  readonly #tries: AttemptLimit

  constructor(options: CodeCheckOptions) {
    this.#options = options
    this.#tries = new AttemptLimit({ ...options, name: 'codes', max: CODE_TRIES, perMs: CODE_TRIES_MS })
  }

  /** A code of the app, or a recovery code; spends it. */
  async spend(principalId: PrincipalId, text: string): Promise<CodeVerdict> {
    const { store, clock } = this.#options
    const recoveryCode = readTypedSecret(text)
    if (recoveryCode !== null) {
      const spent = { principalId, codeHash: hashToken(recoveryCode), at: clock.now() }
      const isRight = await store.write('recoveryCode.spend', spent)
      return isRight ? { ok: true, kind: 'recovery-code' } : { ok: false, reason: 'wrong' }
    }
    const key = String(principalId)
    if (!this.#tries.take(key)) return { ok: false, reason: 'too-many' }
    const step = await this.#stepOf(principalId, text)
    if (step === null || !(await store.write('totp.spend', { principalId, step })))
      return { ok: false, reason: 'wrong' }
    this.#tries.giveBack(key)
    return { ok: true, kind: 'code' }
  }

  /** Of a code for a secret that waits for its first; null where there is none, or the code is wrong. */
  async firstStep(principalId: PrincipalId, text: string): Promise<number | null> {
    const row = await this.#options.store.read('totp.get', { principalId })
    return row && row.confirmedAt === null ? this.#step(principalId, row.secretEncrypted, text) : null
  }

  seal(principalId: PrincipalId, secret: Uint8Array): Buffer {
    return this.#options.box.seal(secret, contextOf(principalId))
  }

  async #stepOf(principalId: PrincipalId, text: string): Promise<number | null> {
    const row = await this.#options.store.read('totp.get', { principalId })
    return row && row.confirmedAt !== null ? this.#step(principalId, row.secretEncrypted, text) : null
  }

  #step(principalId: PrincipalId, secretEncrypted: Uint8Array, text: string): number | null {
    const { box, clock } = this.#options
    return stepOf(box.open(secretEncrypted, contextOf(principalId)), text, clock.now())
  }
}

/** What its seed is sealed with. */
export const contextOf = (principalId: PrincipalId): string => `totp:${principalId}`
