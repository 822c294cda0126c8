/** How someone signs in, and what guards it, wired. */
import { setTimeout as sleep } from 'node:timers/promises'
import { AppPasswords } from '../accounts/app-passwords/app-passwords.ts'
import type { PanelAuthenticator } from '../accounts/authentication.ts'
import { OwnPassword } from '../accounts/own-password.ts'
import { PanelSignIn } from '../accounts/panel-sign-in.ts'
import { Principals } from '../accounts/principals.ts'
import type { ChecksSecondFactor } from '../accounts/recovery/password-resets.ts'
import { CodeCheck } from '../accounts/second-factor/code-check.ts'
import { Confirmations } from '../accounts/second-factor/confirmation.ts'
import { Passkeys } from '../accounts/second-factor/passkeys.ts'
import type { SecondFactorPolicy } from '../accounts/second-factor/policy.ts'
import { SecondFactors } from '../accounts/second-factor/second-factors.ts'
import { Sessions } from '../accounts/sessions.ts'
import type { SharedCounts } from '../accounts/shared-counts.ts'
import { SignInHistory } from '../accounts/sign-ins/history.ts'
import type { SignInsSeen } from '../accounts/sign-ins/recorder.ts'
import type { Throttle } from '../accounts/throttle.ts'
import type { ApiServices } from '../api/services.ts'
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import type { SecretBox } from '../ops/secret-box.ts'
import type { Services } from './services.ts'

export interface SecurityParts {
  services: Pick<Services, 'store' | 'newPasswords' | 'securityNotices' | 'securityAdministration'>
  authenticator: PanelAuthenticator
  throttle: Throttle
  policy: SecondFactorPolicy
  seen: SignInsSeen
  box: SecretBox
  shared: SharedCounts
  clock: Clock
  log: Log
}

type Made = Pick<
  ApiServices,
  | 'sessions'
  | 'principals'
  | 'signIns'
  | 'appPasswords'
  | 'panelSignIn'
  | 'confirmations'
  | 'secondFactors'
  | 'ownPassword'
  | 'securityAdministration'
>

/** `secondFactor`: for those who let someone in by other ways than the sign-in page. */
export function createSecurity(parts: SecurityParts): Made & { secondFactor: ChecksSecondFactor } {
  const { authenticator, throttle, policy, seen, box, shared, clock, log } = parts
  const { store, newPasswords, securityNotices: notices, securityAdministration } = parts.services
  const sessions = new Sessions(store, clock, policy)
  const principals = new Principals(store, clock)
  const codes = new CodeCheck({ store, box, clock, shared })
  const passkeys = new Passkeys({ store, box, clock })
  return {
    sessions,
    principals,
    signIns: new SignInHistory(store),
    appPasswords: new AppPasswords({ store, clock, notices }),
    panelSignIn: new PanelSignIn({
      store,
      box,
      clock,
      shared,
      authenticator,
      sessions,
      codes,
      passkeys,
      throttle,
      seen,
      notices,
      sleep,
      log,
    }),
    confirmations: new Confirmations({ store, principals, authenticator, sessions, codes, passkeys }),
    secondFactors: new SecondFactors({ store, principals, clock, codes, passkeys, policy, notices }),
    ownPassword: new OwnPassword({ store, principals, clock, authenticator, newPasswords, notices }),
    securityAdministration,
    secondFactor: {
      isOn: async principalId => (await store.read('principal.byId', { principalId }))?.hasSecondFactor === true,
      check: async (principalId, code) => (await codes.spend(principalId, code)).ok,
    },
  }
}
