/**
 * Tells whoever has a session open that a credential may no longer be good. It carries no data: whoever hears it looks
 * for itself, so that a lost or doubled notice does no harm. All that is announced is announced here, by what was
 * committed: whichever service, command or screen it came from.
 */
import type { AnyOperation, Operations, Store } from '../../store/store.ts'
import type { PrincipalId } from '../../store/types/principals.ts'
import { rowOfSetting } from '../service-settings/service-settings.ts'

export interface CredentialNotices {
  /** null: of everybody. */
  publish(principalId: PrincipalId | null): void
  /** Returns the function that ends the subscription. */
  subscribe(listener: (principalId: PrincipalId | null) => void): () => void
}

export class LocalCredentialNotices implements CredentialNotices {
  readonly #listeners = new Set<(principalId: PrincipalId | null) => void>()

  publish(principalId: PrincipalId | null): void {
    for (const listener of this.#listeners) listener(principalId)
  }

  subscribe(listener: (principalId: PrincipalId | null) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** The same store; what it commits that may end a sign-in is announced. */
export function announcing(store: Store, notices: Pick<CredentialNotices, 'publish'>): Store {
  return {
    blobs: store.blobs,
    read: (query, args) => store.read(query, args),
    async write(operation, args) {
      const result = await store.write(operation, args)
      // The name and the arguments are of one operation; the compiler can't follow that for a name not known before.
      const concerned = concernedBy(operation, args as never)
      // Once whoever wrote has gone on: what it keeps in memory is then of after the change.
      if (concerned.size > 0)
        setImmediate(() => {
          for (const each of concerned) notices.publish(each)
        })
      return result
    },
    verify: progress => store.verify(progress),
    close: () => store.close(),
  }
}

type Concerned<K extends keyof Operations> = (args: Operations[K]['args']) => PrincipalId | null | 'nobody'

const ofPrincipal = ({ principalId }: { principalId: PrincipalId }): PrincipalId => principalId
const ofAccount = ({ accountId }: { accountId: PrincipalId }): PrincipalId => accountId
const ofSetting = ({ name }: { name: string }): null | 'nobody' =>
  name === rowOfSetting('secondFactorForStaff') ? null : 'nobody'

/** What can end a sign-in of a mail program. */
const ending: { readonly [K in keyof Operations]?: Concerned<K> } = {
  'principal.update': ({ principalId, role, signInEnabled, secondFactorRequired }) =>
    signInEnabled === false || secondFactorRequired === true || role !== undefined ? principalId : 'nobody',
  'principal.setPassword': ofPrincipal,
  'principal.remove': ofPrincipal,
  'account.toBin': ofAccount,
  'account.remove': ofAccount,
  'totp.confirm': ofPrincipal,
  'passkey.add': ofPrincipal,
  'appPassword.update': ofPrincipal,
  'appPassword.remove': ofPrincipal,
  'appPassword.removeAll': ofPrincipal,
  'member.set': ofPrincipal,
  'member.remove': ofPrincipal,
  'setting.set': ofSetting,
  'setting.remove': ofSetting,
}

const nobody: ReadonlySet<PrincipalId | null> = new Set()

/** Whose sign-ins it can end. */
export function concernedBy<K extends keyof Operations>(
  operation: K,
  args: Operations[K]['args'],
): ReadonlySet<PrincipalId | null> {
  if (operation === 'several') {
    const { operations } = args as { operations: readonly AnyOperation[] }
    return new Set(operations.flatMap(each => [...concernedBy(each.operation, each.args)]))
  }
  const concerned = ending[operation]?.(args)
  return concerned === undefined || concerned === 'nobody' ? nobody : new Set([concerned])
}
