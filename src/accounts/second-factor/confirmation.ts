/** Shows once more who sits there, before what is dangerous: by the password, a code of the app, or a passkey. */
import type { Store } from '../../store/store.ts'
import type { PrincipalRow } from '../../store/types/principals.ts'
import type { Actor } from '../actor.ts'
import type { PanelAuthenticator, PanelRefusal } from '../authentication.ts'
import type { Principals } from '../principals.ts'
import type { Sessions } from '../sessions.ts'
import type { CodeCheck } from './code-check.ts'
import type { PasskeyAnswer, Passkeys } from './passkeys.ts'

export type ConfirmationProof = { password: string } | { code: string } | { passkey: PasskeyAnswer }

/** null: confirmed. */
export type ConfirmationRefusal = PanelRefusal | 'wrong-second-factor' | 'too-many-codes'

export interface ConfirmationsOptions {
  store: Store
  principals: Pick<Principals, 'own'>
  authenticator: PanelAuthenticator
  sessions: Sessions
  codes: CodeCheck
  passkeys: Passkeys
}

export class Confirmations {
  readonly #options: ConfirmationsOptions

  constructor(options: ConfirmationsOptions) {
    this.#options = options
  }

  /** What of it can be shown here. */
  async methods(actor: Actor, host: string): Promise<('password' | 'code' | 'passkey')[]> {
    const { store, passkeys } = this.#options
    const principal = await this.#options.principals.own(actor)
    const { principalId } = principal
    const totp = await store.read('totp.get', { principalId })
    return [
      ...((await passkeys.has(principalId, host)) ? (['passkey'] as const) : []),
      ...(principal.passwordHash === null ? [] : (['password'] as const)),
      ...(totp && totp.confirmedAt !== null ? (['code'] as const) : []),
    ]
  }

  passkeyOptions({ principalId }: Actor, host: string) {
    return this.#options.passkeys.signInOptions({ kind: 'confirmation', principalId: principalId ?? 0 }, host)
  }

  async confirm(
    actor: Actor & { sessionId: string },
    proof: ConfirmationProof,
    client: { host: string; userAgent: string },
  ): Promise<ConfirmationRefusal | null> {
    const principal = await this.#options.principals.own(actor)
    const refusal = await this.#judge(principal, proof, actor.remoteAddress, client)
    if (refusal === null)
      await this.#options.sessions.confirm(actor.sessionId, { secondFactor: !('password' in proof) })
    return refusal
  }

  async #judge(
    { principalId, address }: PrincipalRow,
    proof: ConfirmationProof,
    remoteAddress: string,
    { host, userAgent: client }: { host: string; userAgent: string },
  ): Promise<ConfirmationRefusal | null> {
    const { authenticator, codes, passkeys } = this.#options
    if ('password' in proof) {
      const { password } = proof
      const outcome = await authenticator.signInPrincipal({ user: address, password, remoteAddress, client })
      return outcome.ok ? null : outcome.reason
    }
    if ('passkey' in proof) {
      const passkey = await passkeys.answered({ kind: 'confirmation', principalId }, host, proof.passkey)
      return passkey ? null : 'wrong-second-factor'
    }
    const verdict = await codes.spend(principalId, proof.code)
    if (verdict.ok) return null
    return verdict.reason === 'too-many' ? 'too-many-codes' : 'wrong-second-factor'
  }
}
