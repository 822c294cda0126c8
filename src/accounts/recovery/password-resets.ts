/**
 * A forgotten password, set anew through a link mailed to the external address.
 *
 * Whoever asks is answered before anything is looked up, so that neither the answer nor its time tells who is a user here
 * or has an external address. What follows is done behind that answer, one after the other.
 */
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import { addressGroup, isLoopback } from '../../ops/network-address.ts'
import type { LinkTo } from '../../ops/public-url.ts'
import { type AnyOperation, type Store, writeAll } from '../../store/store.ts'
import type { OneTimeTokenRow } from '../../store/types/links.ts'
import type { PrincipalRow } from '../../store/types/principals.ts'
import { AccountError } from '../account-error.ts'
import { audited, linkHolder } from '../actor.ts'
import { parseAddress } from '../addresses.ts'
import { AttemptLimit } from '../attempt-limit.ts'
import { webhookEvent } from '../billing/events.ts'
import { expectingWaiting, linkOver, mailboxDomain } from '../links/credential-links.ts'
import type { NewPasswords } from '../new-passwords.ts'
import type { Notices } from '../notices.ts'
import { hashToken, newToken } from '../secrets.ts'
import type { SharedCounts } from '../shared-counts.ts'
import { FACTOR_TRIES, RESET_LINK_MS, RESETS_OF_ADDRESS, RESETS_OF_CLIENT, RESETS_WAITING } from './limits.ts'
import { readerOf } from './recovery-addresses.ts'

/** Asked where a second factor is on. */
export interface ChecksSecondFactor {
  isOn(principalId: number): Promise<boolean>
  /** A code of the app, or a recovery code; spends it. */
  check(principalId: number, code: string): Promise<boolean>
}

export interface OpenedReset {
  address: string
  expiresAt: number
  needsSecondFactor: boolean
}

export interface ResetWish {
  token: string
  password: string
  /** Of the second factor; null where none was given. */
  code: string | null
  /** App passwords and API tokens too. */
  revokeOthers: boolean
}

export interface PasswordResetsOptions {
  store: Store
  clock: Clock
  notices: Notices
  linkTo: LinkTo
  newPasswords: NewPasswords
  secondFactor: ChecksSecondFactor
  /** Whether clients on this machine are counted too. */
  limitLoopback: boolean
  shared?: SharedCounts
  log: Log
}

const PURPOSE = 'password-reset'

export class PasswordResets {
  readonly #options: PasswordResetsOptions
  readonly #ofAddress: AttemptLimit
  readonly #ofClient: AttemptLimit
  readonly #tries: AttemptLimit
  #waiting = 0
  #last: Promise<void> = Promise.resolve()

  constructor(options: PasswordResetsOptions) {
    this.#options = options
    this.#ofAddress = new AttemptLimit({ ...options, name: 'resets of an address', ...RESETS_OF_ADDRESS })
    this.#ofClient = new AttemptLimit({ ...options, name: 'resets of a client', ...RESETS_OF_CLIENT })
    this.#tries = new AttemptLimit({ ...options, name: 'codes of resets', max: FACTOR_TRIES, perMs: RESET_LINK_MS })
  }

  /** Returns at once. Throws `too-many-mails` for the client; for the address it is done in silence. */
  ask(text: string, remoteAddress: string): void {
    const { limitLoopback, log } = this.#options
    const client = addressGroup(remoteAddress)
    if ((limitLoopback || !isLoopback(remoteAddress)) && !this.#ofClient.take(client))
      throw new AccountError('too-many-mails', 'Too many resets were asked for from there')
    if (this.#waiting >= RESETS_WAITING) {
      log.warn({ waiting: this.#waiting }, 'reset of a password dropped: too many wait')
      return
    }
    this.#waiting++
    this.#last = this.#last
      .then(() => this.#mailLink(text, remoteAddress))
      .catch(error => log.error({ err: error }, 'reset of a password failed'))
      .finally(() => this.#waiting--)
  }

  /** Resolves when all that was asked for is done. */
  settled(): Promise<void> {
    return this.#last
  }

  /** Spends nothing. Throws `link-over`. */
  async open(token: string): Promise<OpenedReset> {
    const { found, principal } = await this.#find(token)
    const needsSecondFactor = await this.#options.secondFactor.isOn(principal.principalId)
    return { address: principal.address, expiresAt: found.expiresAt, needsSecondFactor }
  }

  /** Throws `link-over`, `second-factor-needed`, `wrong-second-factor`, or what `NewPasswords` finds wrong. */
  async complete({ token, password, code, revokeOthers }: ResetWish, remoteAddress: string): Promise<void> {
    const { store, clock, newPasswords } = this.#options
    const { found, principal } = await this.#find(token)
    const { principalId, address } = principal
    const passwordHash = await newPasswords.hash(password, address)
    await this.#checkSecondFactor(found.tokenHash, principal, code)
    const at = clock.now()
    const domain = mailboxDomain(principal)
    const others: AnyOperation[] = revokeOthers
      ? [
          { operation: 'appPassword.removeAll', args: { principalId } },
          { operation: 'apiToken.removeAll', args: { principalId } },
        ]
      : []
    await expectingWaiting(
      writeAll(store, [
        { operation: 'oneTimeToken.take', args: { tokenHash: found.tokenHash, purpose: PURPOSE, at } },
        { operation: 'principal.setPassword', args: { principalId, passwordHash, at } },
        ...others,
        audited(linkHolder(principal, remoteAddress), at, {
          action: 'password.reset',
          target: address,
          domain,
          after: { othersRevoked: revokeOthers },
        }),
        ...(domain === null ? [] : [webhookEvent('password.changed', { at, domain, data: { address, by: 'reset' } })]),
      ]),
    )
    await this.#tell(principal, at, remoteAddress)
  }

  async #mailLink(text: string, remoteAddress: string): Promise<void> {
    const { store, clock, notices, linkTo, log } = this.#options
    const parsed = parseAddress(text.trim())
    if (!parsed) return
    if (!this.#ofAddress.take(parsed.address)) {
      log.info({ user: parsed.address, remote: remoteAddress }, 'reset of a password refused after too many')
      return
    }
    const principal = await store.read('principal.byAddress', { address: parsed.address })
    const to = principal?.signInEnabled ? await this.#externalAddressOf(principal) : null
    if (!principal || to === null) {
      log.info({ user: parsed.address, remote: remoteAddress }, 'reset of a password without an address to mail to')
      return
    }
    const token = newToken()
    const at = clock.now()
    const expiresAt = at + RESET_LINK_MS
    const { principalId, address } = principal
    const row = {
      tokenHash: hashToken(token),
      purpose: PURPOSE,
      principalId,
      data: {},
      createdAt: at,
      expiresAt,
    } as const
    await writeAll(store, [
      { operation: 'oneTimeToken.add', args: { ...row, only: false } },
      audited(linkHolder(principal, remoteAddress), at, {
        action: 'password.ask-reset',
        target: address,
        domain: mailboxDomain(principal),
      }),
    ])
    const values = { address, url: linkTo(`/reset#${token}`), expiresAt }
    await notices.send('password-reset-link', { ...readerOf(principal), address: to }, values)
  }

  async #find(token: string): Promise<{ found: OneTimeTokenRow; principal: PrincipalRow }> {
    const { store, clock } = this.#options
    const wanted = { tokenHash: hashToken(token), purpose: PURPOSE, at: clock.now() } as const
    const found = await store.read('oneTimeToken.find', wanted)
    const principal = found && (await store.read('principal.byId', { principalId: found.principalId }))
    if (!found || !principal?.signInEnabled) throw linkOver()
    return { found, principal }
  }

  async #checkSecondFactor(tokenHash: string, { principalId }: PrincipalRow, code: string | null): Promise<void> {
    const { store, secondFactor } = this.#options
    if (!(await secondFactor.isOn(principalId))) return
    if (code === null || code.trim() === '')
      throw new AccountError('second-factor-needed', 'A code of the second factor is needed', { field: 'code' })
    if (!this.#tries.take(tokenHash)) {
      await store.write('oneTimeToken.removeAll', { principalId, purpose: PURPOSE })
      throw linkOver()
    }
    if (!(await secondFactor.check(principalId, code.trim())))
      throw new AccountError('wrong-second-factor', 'The code of the second factor is wrong', { field: 'code' })
  }

  async #tell(principal: PrincipalRow, at: number, remoteAddress: string): Promise<void> {
    const { notices, linkTo } = this.#options
    const { address } = principal
    const values = { address, at, remoteAddress, securityUrl: linkTo('/security') }
    for (const to of new Set([address, principal.recoveryAddress ?? address]))
      await notices.send('password-reset-done', { ...readerOf(principal), address: to }, values)
  }

  /**
   * Where a reset link may go: the confirmed address; of who has no mailbox here, else the one that is signed in with.
   * In a domain of ours that one is whose the domain's manager says, by an alias, a catch-all or a script.
   */
  async #externalAddressOf({ recoveryAddress, hasMailbox, address }: PrincipalRow): Promise<string | null> {
    if (recoveryAddress !== null || hasMailbox) return recoveryAddress
    const parsed = parseAddress(address)
    const found = parsed && (await this.#options.store.read('address.lookup', parsed))
    return found && !found.domain ? address : null
  }
}
