/** Who signed in from where, for the list in the panel and for "test my settings". */
import type { Store } from '../../store/store.ts'
import type { PrincipalId } from '../../store/types/principals.ts'
import type { SignInProtocol, SignInRow } from '../../store/types/sign-in.ts'

export interface LatestSignIn {
  protocol: SignInProtocol
  /** However it ended. */
  any: SignInRow | null
  /** That was let in. */
  ok: SignInRow | null
}

export const signInProtocols = ['imap', 'pop3', 'submission', 'panel'] as const satisfies SignInProtocol[]

export class SignInHistory {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Of each protocol. What was seen in the last two seconds may still be missing. */
  latest(principalId: PrincipalId): Promise<LatestSignIn[]> {
    return Promise.all(
      signInProtocols.map(async protocol => ({
        protocol,
        ...(await this.#store.read('signIn.latest', { principalId, protocol })),
      })),
    )
  }

  /** Latest first. `after`: what `signInCursor` said of the last of the page before. */
  list(principalId: PrincipalId, page: { after: string | null; limit: number }): Promise<SignInRow[]> {
    return this.#store.read('signIn.list', { principalId, before: parseCursor(page.after), limit: page.limit })
  }
}

export const signInCursor = ({ lastAt, signInId }: SignInRow): string => `${lastAt}-${signInId}`

function parseCursor(text: string | null): { lastAt: number; signInId: number } | null {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? '')
  return match ? { lastAt: Number(match[1]), signInId: Number(match[2]) } : null
}
