/**
 * Links by which a phone fetches its configuration profile without being signed in: shown as a picture to be scanned,
 * good once and for minutes. Opening the page spends nothing; only asking for the profile does.
 */
import type { Clock } from '../ops/clock.ts'
import { type Store, StoreError, writeAll } from '../store/store.ts'
import type { Language, PrincipalRow } from '../store/types/principals.ts'
import { domainOf } from '../wire/mime/domain-of.ts'
import { AccountError } from './account-error.ts'
import { type Actor, audited, linkHolder } from './actor.ts'
import type { AppPasswords } from './app-passwords/app-passwords.ts'
import type { AppleProfiles } from './apple-profiles.ts'
import type { ClientSetUp } from './client-set-up.ts'
import { DEVICE_LINK_MS } from './limits.ts'
import { hashToken, newToken } from './secrets.ts'

export interface DeviceLinksParts {
  store: Store
  clientSetUp: ClientSetUp
  appleProfiles: AppleProfiles
  appPasswords: Pick<AppPasswords, 'create'>
  clock: Clock
}

export interface DeviceLinkWish {
  /** As the app password will be called; null: the device asks for a password. */
  passwordLabel: string | null
}

export interface DeviceLink {
  address: string
  withPassword: boolean
  expiresAt: number
}

const PURPOSE = 'device-profile'

export class DeviceLinks {
  readonly #parts: DeviceLinksParts

  constructor(parts: DeviceLinksParts) {
    this.#parts = parts
  }

  /** Instead of the one made before. */
  async make(
    actor: Actor & { principalId: number },
    { passwordLabel }: DeviceLinkWish,
  ): Promise<{ url: string; expiresAt: number }> {
    const { store, clientSetUp, clock } = this.#parts
    const { address, principalId } = actor
    const token = newToken()
    const now = clock.now()
    const expiresAt = now + DEVICE_LINK_MS
    const row = { tokenHash: hashToken(token), purpose: PURPOSE, principalId, createdAt: now, expiresAt } as const
    await writeAll(store, [
      { operation: 'oneTimeToken.add', args: { ...row, data: { passwordLabel }, only: true } },
      audited(actor, now, {
        action: 'device-link.create',
        target: address,
        domain: domainOf(address),
        after: { withPassword: passwordLabel !== null },
      }),
    ])
    return { url: clientSetUp.linkTo(`/device/${token}`), expiresAt }
  }

  /** Throws `device-link-gone` where it was spent, has expired, or never was. */
  async look(token: string): Promise<DeviceLink> {
    const { store, clock } = this.#parts
    const found = await store.read('oneTimeToken.find', {
      tokenHash: hashToken(token),
      purpose: PURPOSE,
      at: clock.now(),
    })
    if (!found) throw gone()
    const { address } = await this.#owner(found.principalId)
    return { address, withPassword: labelOf(found.data) !== null, expiresAt: found.expiresAt }
  }

  /** Spends it and makes the profile. Throws `device-link-gone`. */
  async open(
    token: string,
    { remoteAddress, language }: { remoteAddress: string; language: Language },
  ): Promise<{ address: string; profile: Buffer }> {
    const { store, appleProfiles, clock } = this.#parts
    const taken = await store
      .write('oneTimeToken.take', { tokenHash: hashToken(token), purpose: PURPOSE, at: clock.now() })
      .catch(error => {
        throw error instanceof StoreError && error.code === 'not-found' ? gone() : error
      })
    const owner = await this.#owner(taken.principalId)
    const label = labelOf(taken.data)
    const password = label === null ? null : await this.#appPassword(linkHolder(owner, remoteAddress), label)
    const profile = await appleProfiles.make(owner, { protocol: 'imap', password, language })
    return { address: owner.address, profile }
  }

  /** For reading by IMAP and sending, which is what the profile sets up. */
  async #appPassword(actor: Actor, label: string): Promise<string> {
    const wanted = { accountId: null, label, protocols: ['imap', 'submission'] as const, networks: [], expiresAt: null }
    return (await this.#parts.appPasswords.create(actor, wanted)).secret
  }

  async #owner(principalId: number): Promise<PrincipalRow> {
    const owner = await this.#parts.store.read('principal.byId', { principalId })
    if (!owner?.hasMailbox || !owner.signInEnabled) throw gone()
    return owner
  }
}

const gone = (): AccountError => new AccountError('device-link-gone', 'The link was spent, or has expired')

function labelOf({ passwordLabel }: Record<string, unknown>): string | null {
  return typeof passwordLabel === 'string' ? passwordLabel : null
}
