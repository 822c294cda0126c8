/**
 * The first of the staff: while there is nobody, each start of the service makes a link by which whoever sees its output
 * makes himself one. The link of the start before is void.
 */
import type { Clock } from '../../ops/clock.ts'
import type { LinkTo } from '../../ops/public-url.ts'
import { type Store, StoreError, writeAll } from '../../store/store.ts'
import type { Language, PrincipalId } from '../../store/types/principals.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited, commandLine } from '../actor.ts'
import { parseAddress } from '../addresses.ts'
import { expectingWaiting, linkOver } from '../links/credential-links.ts'
import type { NewPasswords } from '../new-passwords.ts'
import { hashToken, newToken } from '../secrets.ts'

/** Somebody stands before the terminal, or reads the log of a container soon. */
export const FIRST_STAFF_LINK_MS = 24 * 60 * 60_000

const NOBODY: PrincipalId = 0
const PURPOSE = 'first-staff'

export interface NewStaff {
  token: string
  address: string
  name: string
  password: string
  language: Language
}

export interface FirstStaffOptions {
  store: Store
  clock: Clock
  newPasswords: NewPasswords
  linkTo: LinkTo
}

export class FirstStaff {
  readonly #options: FirstStaffOptions

  constructor(options: FirstStaffOptions) {
    this.#options = options
  }

  /** null where there is staff. */
  async offer(): Promise<{ url: string; expiresAt: number } | null> {
    const { store, clock, linkTo } = this.#options
    if (await this.#hasStaff()) return null
    const token = newToken()
    const createdAt = clock.now()
    const expiresAt = createdAt + FIRST_STAFF_LINK_MS
    const row = {
      tokenHash: hashToken(token),
      purpose: PURPOSE,
      principalId: NOBODY,
      data: {},
      createdAt,
      expiresAt,
    } as const
    await store.write('oneTimeToken.add', { ...row, only: true })
    return { url: linkTo(`/welcome#${token}`), expiresAt }
  }

  /** Spends nothing. Throws `link-over`. */
  async open(token: string): Promise<{ expiresAt: number }> {
    const { store, clock } = this.#options
    const found = await store.read('oneTimeToken.find', {
      tokenHash: hashToken(token),
      purpose: PURPOSE,
      at: clock.now(),
    })
    if (!found || (await this.#hasStaff())) throw linkOver()
    return { expiresAt: found.expiresAt }
  }

  /** Throws `link-over`, `invalid-user-address`, `user-exists`, or what `NewPasswords` finds wrong; these spend nothing. */
  async create(
    { token, address: text, name, password, language }: NewStaff,
    remoteAddress: string,
  ): Promise<PrincipalId> {
    const { store, clock, newPasswords } = this.#options
    await this.open(token)
    const address = parseAddress(text.trim())?.address
    if (address === undefined)
      throw new AccountError('invalid-user-address', `${text} is no address`, { field: 'address' })
    const passwordHash = await newPasswords.hash(password, address)
    const at = clock.now()
    const actor: Actor = { ...commandLine, via: 'link', address, remoteAddress }
    try {
      const [, { principalId }] = await expectingWaiting(
        writeAll(store, [
          { operation: 'oneTimeToken.take', args: { tokenHash: hashToken(token), purpose: PURPOSE, at } },
          {
            operation: 'principal.add',
            args: { address, role: 'staff', name, passwordHash, language, domains: [], at },
          },
          audited(actor, at, { action: 'user.create', target: address, domain: null, after: { role: 'staff', name } }),
        ]),
      )
      return principalId
    } catch (error) {
      if (error instanceof StoreError && error.code === 'already-exists')
        throw new AccountError('user-exists', `Somebody signs in as ${address} already`, { field: 'address' })
      throw error
    }
  }

  async #hasStaff(): Promise<boolean> {
    const staff = await this.#options.store.read('principal.list', { role: 'staff', after: null, limit: 1 })
    return staff.length > 0
  }
}
