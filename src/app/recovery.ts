/** What is done through links without signing in, wired: revealing, resetting, confirming; and the log of what was done. */
import { LinkReveal } from '../accounts/links/link-reveal.ts'
import { type ChecksSecondFactor, PasswordResets } from '../accounts/recovery/password-resets.ts'
import { RecoveryAddresses } from '../accounts/recovery/recovery-addresses.ts'
import type { SharedCounts } from '../accounts/shared-counts.ts'
import type { ApiServices } from '../api/services.ts'
import type { Clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import type { Log } from '../ops/log.ts'
import type { Services } from './services.ts'

export interface RecoveryParts {
  config: Config
  services: Services
  secondFactor: ChecksSecondFactor
  shared: SharedCounts
  clock: Clock
  log: Log
}

type Made = Pick<
  ApiServices,
  | 'links'
  | 'linkReveal'
  | 'users'
  | 'firstStaff'
  | 'tokens'
  | 'newPasswords'
  | 'recoveryAddresses'
  | 'passwordResets'
  | 'audit'
>

export function createRecovery({ config, services, secondFactor, shared, clock, log }: RecoveryParts): Made {
  const { store, notices, publicUrl, links, users, firstStaff, tokens, newPasswords, audit } = services
  const { linkTo } = publicUrl
  const { limitLoopback } = config
  return {
    links,
    linkReveal: new LinkReveal({ store, clock, newPasswords, log }),
    users,
    firstStaff,
    tokens,
    newPasswords,
    recoveryAddresses: new RecoveryAddresses({ store, clock, notices, linkTo, shared }),
    passwordResets: new PasswordResets({
      store,
      clock,
      notices,
      linkTo,
      newPasswords,
      secondFactor,
      limitLoopback,
      shared,
      log,
    }),
    audit,
  }
}
