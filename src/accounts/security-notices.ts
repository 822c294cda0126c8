/** Tells whoever it concerns of changes to how they sign in, where they read mail: here, and at the external address. */
import type { Clock } from '../ops/clock.ts'
import type { LinkTo } from '../ops/public-url.ts'
import type { PrincipalRow } from '../store/types/principals.ts'
import type { Notices, SecurityChange } from './notices.ts'
import { readerOf } from './recovery/recovery-addresses.ts'

export interface SecurityNoticesOptions {
  notices: Notices
  linkTo: LinkTo
  clock: Clock
}

export class SecurityNotices {
  readonly #options: SecurityNoticesOptions

  constructor(options: SecurityNoticesOptions) {
    this.#options = options
  }

  /** After the change is made; resolves once the mails are durable, or given up. */
  async tell(principal: PrincipalRow, change: SecurityChange, remoteAddress: string): Promise<void> {
    const { notices, linkTo, clock } = this.#options
    const { address, recoveryAddress, recoveryConfirmedAt } = principal
    const values = { address, change, at: clock.now(), remoteAddress, securityUrl: linkTo('/security') }
    const external = recoveryConfirmedAt === null ? null : recoveryAddress
    for (const to of new Set([address, external ?? address]))
      await notices.send('security-changed', { ...readerOf(principal), address: to }, values)
  }
}
