/**
 * Holds a password against the one of a principal.
 *
 * Invariants: an unknown user costs what a wrong password does; the only shortcuts are for a password that was verified
 * before, and for a wrong one that came from the same address before. Both are held as HMACs under a key of this process
 * and bound to the account's stored hash, so that a change of password ends them.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import { addressGroup } from '../ops/network-address.ts'
import type { Store } from '../store/store.ts'
import type { PrincipalRow } from '../store/types/principals.ts'
import { BoundedMap } from './bounded-map.ts'
import * as limits from './limits.ts'
import { hashPassword, needsRehash, preparePassword, verifyPassword } from './passwords.ts'
import { VerificationQueue } from './verification-queue.ts'

export interface PasswordCheckOptions {
  store: Store
  clock: Clock
  log: Log
}

export class PasswordCheck {
  readonly #options: PasswordCheckOptions
  readonly #key = randomBytes(32)
  readonly #verified = new BoundedMap<number, Buffer>(limits.VERIFIED_PASSWORDS)
  /** By address: what an attempt costs must not tell others that it is what someone's program still tries. */
  readonly #wrong = new BoundedMap<string, true>(limits.KNOWN_WRONG_PASSWORDS)
  readonly #queue = new VerificationQueue({
    atOnce: limits.VERIFICATIONS_AT_ONCE,
    waiting: limits.WAITING_VERIFICATIONS,
    waitingPerAddress: limits.WAITING_VERIFICATIONS_PER_ADDRESS,
  })
  /** What an unknown user's password is held against; of no password. */
  readonly #decoy: Promise<string>

  constructor(options: PasswordCheckOptions) {
    this.#options = options
    this.#decoy = hashPassword(randomBytes(16).toString('base64'))
    this.#decoy.catch(() => {})
  }

  /**
   * `user`: what the name was read as, also where it is nobody's. `principal`: null where it is nobody's, or nobody's who
   * may sign in. Rejects with QueueFull where too many wait.
   */
  async judge(
    user: string,
    principal: PrincipalRow | null,
    password: string,
    remoteAddress: string,
  ): Promise<'right' | 'wrong' | 'wrong-again'> {
    const stored = principal?.passwordHash ?? null
    const code = this.#code(stored ?? user, password)
    if (principal && stored !== null && this.#isVerified(principal, code)) return 'right'
    const address = addressGroup(remoteAddress)
    const wrongCode = this.#code(`${stored ?? user}\0${address}`, password).toString('base64')
    if (this.#wrong.get(wrongCode) !== undefined) return 'wrong-again'

    const hash = stored ?? (await this.#decoy)
    const right = await this.#queue.run(address, () => verifyPassword(password, hash))
    if (right && principal && stored !== null) {
      this.#verified.set(principal.principalId, code)
      if (needsRehash(stored)) void this.#rehash(principal, password)
      return 'right'
    }
    // A program that opens several connections at once shows it on each.
    const again = this.#wrong.get(wrongCode) !== undefined
    this.#wrong.set(wrongCode, true)
    return again ? 'wrong-again' : 'wrong'
  }

  #isVerified({ principalId }: PrincipalRow, code: Buffer): boolean {
    const known = this.#verified.get(principalId)
    return known !== undefined && timingSafeEqual(known, code)
  }

  /** Bound to the stored hash (or, where there is none, to the name). */
  #code(boundTo: string, password: string): Buffer {
    return createHmac('sha256', this.#key).update(boundTo).update('\0').update(preparePassword(password)).digest()
  }

  /** Parameters have changed since the password was set: the hash follows at the first sign-in. */
  async #rehash(principal: PrincipalRow, password: string): Promise<void> {
    const { store, clock, log } = this.#options
    const { principalId } = principal
    try {
      const passwordHash = await hashPassword(password)
      const now = await store.read('principal.byId', { principalId })
      // Changed meanwhile: the new password stays.
      if (now?.passwordHash !== principal.passwordHash) return
      const at = now.passwordChangedAt ?? clock.now()
      await store.write('principal.setPassword', { principalId, passwordHash, at })
    } catch (error) {
      log.warn({ user: principal.address, err: error }, 'password not rehashed')
    }
  }
}
