/** What is swept besides the store's own: each line is what one part of the service no longer needs. */
import * as links from '../accounts/links/limits.ts'
import * as signIns from '../accounts/sign-ins/limits.ts'
import { IDEMPOTENCY_KEPT_MS } from '../api/limits.ts'
import type { Sweep } from '../ops/sweeper.ts'
import type { Services } from './services.ts'

export function sweepsOf({ store, directory }: Pick<Services, 'store' | 'directory'>): Record<string, Sweep> {
  const all =
    (sweep: (now: number) => Promise<void>): Sweep =>
    async now => {
      await sweep(now)
      return false
    }
  return {
    bin: () => directory.bin.purgeDue(),
    sessions: all(now => store.write('session.sweep', { at: now })),
    signIns: now => store.write('signIn.sweep', { before: now - signIns.KEPT_MS, limit: signIns.ROWS_AT_ONCE }),
    links: now =>
      store.write('credentialLink.sweep', { at: now, before: now - links.LINKS_KEPT_MS, limit: links.SWEPT_AT_ONCE }),
    oneTimeTokens: now => store.write('oneTimeToken.sweep', { at: now, limit: links.SWEPT_AT_ONCE }),
    apiTokens: all(now => store.write('apiToken.sweep', { before: now - links.TOKENS_KEPT_MS })),
    idempotency: all(now => store.write('idempotency.sweep', { before: now - IDEMPOTENCY_KEPT_MS })),
  }
}
