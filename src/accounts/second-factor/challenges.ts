/**
 * Challenges for passkeys. What was asked travels sealed with whoever has to answer, so that a stranger who asks for very
 * many pushes nobody's out. That an answer is taken once is the store's to see to.
 */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../ops/clock.ts'
import type { SecretBox } from '../../ops/secret-box.ts'
import { CHALLENGE_MS } from './limits.ts'

export interface Challenge {
  /** base64url. */
  challenge: string
  expiresAt: number
}

export class Challenges {
  readonly #box: SecretBox
  readonly #clock: Clock

  constructor(box: SecretBox, clock: Clock) {
    this.#box = box
    this.#clock = clock
  }

  /** `purpose`: an answer for another is none. */
  make(purpose: string): { bytes: Uint8Array<ArrayBuffer>; token: string } {
    // WebAuthn §13.4.3: at least 16 bytes.
    const bytes = Uint8Array.from(randomBytes(32))
    const challenge: Challenge = {
      challenge: Buffer.from(bytes).toString('base64url'),
      expiresAt: this.#clock.now() + CHALLENGE_MS,
    }
    const sealed = this.#box.seal(Buffer.from(JSON.stringify(challenge)), contextOf(purpose))
    return { bytes, token: sealed.toString('base64url') }
  }

  /** null where the token is of another purpose or service, or over. */
  open(token: string, purpose: string): string | null {
    let opened: Challenge
    try {
      opened = JSON.parse(this.#box.open(Buffer.from(token, 'base64url'), contextOf(purpose)).toString())
    } catch {
      return null
    }
    const { challenge, expiresAt } = opened
    return expiresAt > this.#clock.now() ? challenge : null
  }
}

const contextOf = (purpose: string): string => `passkey:${purpose}`
