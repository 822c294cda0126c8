/** Who has to have a second factor, and what follows from having or having to have one. */
import type { PrincipalRow } from '../../store/types/principals.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'

export class SecondFactorPolicy {
  readonly #settings: ReadsSettings

  constructor(settings: ReadsSettings) {
    this.#settings = settings
  }

  /** By whoever administers it, or for all of its role. */
  async isRequired({ secondFactorRequired, role }: PrincipalRow): Promise<boolean> {
    if (secondFactorRequired) return true
    return role === 'staff' && (await this.#settings.current()).secondFactorForStaff
  }

  /** It has to have one and has none: then it may set one up, and nothing else. */
  async mustSetUp(principal: PrincipalRow): Promise<boolean> {
    return !principal.hasSecondFactor && (await this.isRequired(principal))
  }

  /** Mail programs can't ask for a second factor: where there is one, or has to be, they need a password of their own. */
  async needsAppPasswords(principal: PrincipalRow): Promise<boolean> {
    return principal.hasSecondFactor || (await this.isRequired(principal))
  }
}
