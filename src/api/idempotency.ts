/** A POST that makes something can be repeated with its Idempotency-Key: it is done once and answered alike. */
import { createHash } from 'node:crypto'
import type { Clock } from '../ops/clock.ts'
import type { SecretBox } from '../ops/secret-box.ts'
import type { Store } from '../store/store.ts'
import type { PrincipalId } from '../store/types/principals.ts'
import { IDEMPOTENCY_LONGEST_MS } from './limits.ts'
import { ApiProblem } from './problem.ts'

export interface KeptAnswer {
  status: number
  body: string
}

export class Idempotency {
  readonly #store: Pick<Store, 'write'>
  readonly #box: SecretBox
  readonly #clock: Clock

  constructor(store: Pick<Store, 'write'>, box: SecretBox, clock: Clock) {
    this.#store = store
    this.#box = box
    this.#clock = clock
  }

  /** null: go on, then `finish` or `forget`. Throws where the key stands for another request, or for one under way. */
  async begin(principalId: PrincipalId, key: string, request: readonly unknown[]): Promise<KeptAnswer | null> {
    const requestHash = createHash('sha256').update(JSON.stringify(request)).digest('hex')
    const at = this.#clock.now()
    const kept = await this.#store.write('idempotency.begin', { principalId, key, requestHash, at })
    if (!kept) return null
    if (kept.requestHash !== requestHash) throw new ApiProblem('idempotency-mismatch')
    if (kept.status === null && at - kept.createdAt > IDEMPOTENCY_LONGEST_MS)
      throw new ApiProblem('idempotency-unknown')
    if (kept.status === null || kept.body === null)
      throw new ApiProblem('idempotency-running', { retryAfterSeconds: 2 })
    // Answers may hold what is shown once, a token or a link.
    const body = this.#box.open(Buffer.from(kept.body, 'base64'), `idempotency:${principalId}:${key}`)
    return { status: kept.status, body: body.toString() }
  }

  async finish(principalId: PrincipalId, key: string, { status, body }: KeptAnswer): Promise<void> {
    const sealed = this.#box.seal(Buffer.from(body), `idempotency:${principalId}:${key}`).toString('base64')
    await this.#store.write('idempotency.finish', { principalId, key, status, body: sealed })
  }

  /** Nothing was done: the key may be used again. */
  async forget(principalId: PrincipalId, key: string): Promise<void> {
    await this.#store.write('idempotency.forget', { principalId, key })
  }
}
