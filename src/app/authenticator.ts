/** Sign-in, the same for mail programs and the panel, and counted. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Authenticator, PanelAuthenticator } from '../accounts/authentication.ts'
import { createAuthenticator } from '../accounts/authenticator.ts'
import type { SecondFactorPolicy } from '../accounts/second-factor/policy.ts'
import type { OpenSignIns } from '../accounts/sign-ins/open-sign-ins.ts'
import type { SignInsSeen } from '../accounts/sign-ins/recorder.ts'
import type { Throttle } from '../accounts/throttle.ts'
import type { Clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import type { Store } from '../store/store.ts'
import type { SignInProtocol } from '../store/types/sign-in.ts'

export interface AuthenticatorParts {
  store: Store
  config: Config
  metrics: Metrics
  clock: Clock
  throttle: Throttle
  policy: SecondFactorPolicy
  seen: SignInsSeen
  open: OpenSignIns
  log: Log
}

export function countedAuthenticator(parts: AuthenticatorParts): Authenticator & PanelAuthenticator {
  const { config, metrics, ...rest } = parts
  const verified = createAuthenticator({ ...rest, defaultDomain: config.defaultDomain, sleep })
  const counted = async <O extends { ok: true } | { ok: false; reason: string }>(
    protocol: SignInProtocol,
    outcome: Promise<O>,
  ): Promise<O> => {
    const settled = await outcome
    metrics.signIn(protocol, settled.ok ? 'ok' : settled.reason)
    return settled
  }
  return {
    signIn: attempt => counted(attempt.protocol, verified.signIn(attempt)),
    signInPrincipal: attempt => counted('panel', verified.signInPrincipal(attempt)),
  }
}
