/** Sign-in, the same for mail programs and the panel, and counted. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Authenticator, PanelAuthenticator, SignIn } from '../accounts/authentication.ts'
import { createAuthenticator } from '../accounts/authenticator.ts'
import type { SignInsSeen } from '../accounts/sign-ins/recorder.ts'
import { Throttle } from '../accounts/throttle.ts'
import type { Clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import type { Store } from '../store/store.ts'

export interface AuthenticatorParts {
  store: Store
  config: Config
  metrics: Metrics
  clock: Clock
  seen: SignInsSeen
  log: Log
}

export function countedAuthenticator(parts: AuthenticatorParts): Authenticator & PanelAuthenticator {
  const { store, config, metrics, clock, seen, log } = parts
  const { limitLoopback, defaultDomain } = config
  const throttle = new Throttle({ clock, limitLoopback })
  const verified = createAuthenticator({ store, clock, throttle, defaultDomain, sleep, seen, log })
  const counted = async <O extends { ok: true } | { ok: false; reason: string }>(
    { protocol }: SignIn,
    outcome: Promise<O>,
  ): Promise<O> => {
    const settled = await outcome
    metrics.signIn(protocol, settled.ok ? 'ok' : settled.reason)
    return settled
  }
  return {
    signIn: attempt => counted(attempt, verified.signIn(attempt)),
    signInPrincipal: attempt => counted(attempt, verified.signInPrincipal(attempt)),
  }
}
