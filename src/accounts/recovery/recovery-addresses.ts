/**
 * The external address of whoever signs in, by which a forgotten password is set anew. It counts once a link mailed there
 * was clicked; until then the one before it does. It can't be the mailbox itself, nor lead there.
 */
import type { Clock } from '../../ops/clock.ts'
import type { LinkTo } from '../../ops/public-url.ts'
import { type Store, writeAll } from '../../store/store.ts'
import type { PrincipalId, PrincipalRow } from '../../store/types/principals.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited, linkHolder, mayAdminister } from '../actor.ts'
import { parseAddress } from '../addresses.ts'
import { AttemptLimit } from '../attempt-limit.ts'
import { expectingWaiting, isBeyondToken, linkOver, mailboxDomain } from '../links/credential-links.ts'
import type { NoticeReader, Notices } from '../notices.ts'
import { resolveAddress } from '../resolve.ts'
import { hashToken, newToken } from '../secrets.ts'
import type { SharedCounts } from '../shared-counts.ts'
import { CHECK_LINK_MS, CHECKS_OF_USER } from './limits.ts'
import { maskedAddress } from './masked-address.ts'

/** Addresses are masked. */
export interface RecoveryState {
  address: string | null
  confirmedAt: number | null
  /** Waits to be confirmed. */
  pending: { address: string; expiresAt: number } | null
}

export interface RecoveryAddressesOptions {
  store: Store
  clock: Clock
  notices: Notices
  linkTo: LinkTo
  shared?: SharedCounts
}

const PURPOSE = 'recovery-address'

export class RecoveryAddresses {
  readonly #options: RecoveryAddressesOptions
  readonly #limit: AttemptLimit

  constructor(options: RecoveryAddressesOptions) {
    this.#options = options
    this.#limit = new AttemptLimit({ ...options, name: 'recovery addresses', ...CHECKS_OF_USER })
  }

  async state(actor: Actor, principalId: PrincipalId): Promise<RecoveryState> {
    const { store, clock } = this.#options
    const { recoveryAddress, recoveryConfirmedAt } = await this.#visible(actor, principalId)
    const token = await store.read('oneTimeToken.latest', { principalId, purpose: PURPOSE, at: clock.now() })
    return {
      address: recoveryAddress === null ? null : maskedAddress(recoveryAddress),
      confirmedAt: recoveryConfirmedAt,
      pending: token && { address: maskedAddress(wantedOf(token.data)), expiresAt: token.expiresAt },
    }
  }

  /** Mails the link that confirms it. Throws `invalid-recovery-address`, `recovery-leads-back`, `too-many-mails`. */
  async ask(actor: Actor, principalId: PrincipalId, text: string): Promise<RecoveryState> {
    const { store, clock, notices, linkTo } = this.#options
    const principal = await this.#administered(actor, principalId)
    const wanted = parseAddress(text.trim())
    if (!wanted || wanted.domain.startsWith('['))
      throw new AccountError('invalid-recovery-address', `${text} is no address`, { field: 'address' })
    await this.#refuseLeadingBack(principal, wanted.asWritten, wanted.address)
    if (!this.#limit.take(String(actor.principalId ?? principalId)))
      throw new AccountError('too-many-mails', 'Too many mails were asked for')
    const token = newToken()
    const at = clock.now()
    const expiresAt = at + CHECK_LINK_MS
    const { address } = principal
    const domain = mailboxDomain(principal)
    await writeAll(store, [
      {
        operation: 'oneTimeToken.add',
        args: {
          tokenHash: hashToken(token),
          purpose: PURPOSE,
          principalId,
          data: { address: wanted.asWritten },
          createdAt: at,
          expiresAt,
          only: true,
        },
      },
      audited(actor, at, {
        action: 'recovery.ask',
        target: address,
        domain,
        after: { recoveryAddress: maskedAddress(wanted.asWritten) },
      }),
    ])
    const sent = await notices.send(
      'recovery-address-check',
      { ...readerOf(principal), address: wanted.asWritten },
      { address, url: linkTo(`/confirm#${token}`), expiresAt },
    )
    if (!sent) throw new AccountError('not-sent', 'The mail could not be taken')
    return this.state(actor, principalId)
  }

  /** The one that counts, and the one that waits. */
  async remove(actor: Actor, principalId: PrincipalId): Promise<void> {
    const { store, clock } = this.#options
    const principal = await this.#administered(actor, principalId)
    const { recoveryAddress, address } = principal
    const at = clock.now()
    await writeAll(store, [
      { operation: 'oneTimeToken.removeAll', args: { principalId, purpose: PURPOSE } },
      { operation: 'oneTimeToken.removeAll', args: { principalId, purpose: 'password-reset' } },
      { operation: 'principal.update', args: { principalId, recovery: null } },
      audited(actor, at, {
        action: 'recovery.remove',
        target: address,
        domain: mailboxDomain(principal),
        before: { recoveryAddress: recoveryAddress === null ? null : maskedAddress(recoveryAddress) },
        after: { recoveryAddress: null },
      }),
    ])
    if (recoveryAddress !== null) await this.#tell(principal, null, recoveryAddress, actor.remoteAddress)
  }

  /** By the link. Answers whose it is and which address, masked. Throws `link-over`, `recovery-leads-back`. */
  async confirm(token: string, remoteAddress: string): Promise<{ address: string; recoveryAddress: string }> {
    const { store, clock } = this.#options
    const tokenHash = hashToken(token)
    const at = clock.now()
    const found = await store.read('oneTimeToken.find', { tokenHash, purpose: PURPOSE, at })
    const principal = found && (await store.read('principal.byId', { principalId: found.principalId }))
    if (!principal) throw linkOver()
    const { principalId, address, recoveryAddress: former } = principal
    const wanted = wantedOf(found.data)
    // An alias or a forward may have been made meanwhile.
    await this.#refuseLeadingBack(principal, wanted, parseAddress(wanted)?.address ?? wanted)
    await expectingWaiting(
      writeAll(store, [
        { operation: 'oneTimeToken.take', args: { tokenHash, purpose: PURPOSE, at } },
        // Links that went to the former one.
        { operation: 'oneTimeToken.removeAll', args: { principalId, purpose: 'password-reset' } },
        { operation: 'principal.update', args: { principalId, recovery: { address: wanted, confirmedAt: at } } },
        audited(linkHolder(principal, remoteAddress), at, {
          action: 'recovery.confirm',
          target: address,
          domain: mailboxDomain(principal),
          before: { recoveryAddress: former === null ? null : maskedAddress(former) },
          after: { recoveryAddress: maskedAddress(wanted) },
        }),
      ]),
    )
    await this.#tell(principal, maskedAddress(wanted), former === wanted ? null : former, remoteAddress)
    return { address, recoveryAddress: maskedAddress(wanted) }
  }

  /** The mailbox, and the address that counted before: who took one over can't change the other unseen. */
  async #tell(principal: PrincipalRow, now: string | null, former: string | null, remoteAddress: string) {
    const { notices, clock } = this.#options
    const { address } = principal
    const values = { address, recoveryAddress: now, at: clock.now(), remoteAddress }
    for (const to of former === null ? [address] : [address, former])
      await notices.send('recovery-address-changed', { ...readerOf(principal), address: to }, values)
  }

  async #refuseLeadingBack(principal: PrincipalRow, asWritten: string, address: string): Promise<void> {
    const { store } = this.#options
    const found = await resolveAddress(store, asWritten, { postmaster: null })
    const leadsBack =
      address === principal.address ||
      (found.kind === 'local' &&
        (found.accounts.some(({ accountId }) => accountId === principal.principalId) ||
          found.elsewhere.some(target => parseAddress(target)?.address === principal.address)))
    if (leadsBack)
      throw new AccountError('recovery-leads-back', `${asWritten} leads to ${principal.address}`, { field: 'address' })
    if (found.kind === 'unknown' || found.kind === 'too-far')
      throw new AccountError('invalid-recovery-address', `${asWritten} leads to nobody`, { field: 'address' })
  }

  /** To be changed. Not a token's own, nor any of the staff's: as with a credential link. */
  async #administered(actor: Actor, principalId: PrincipalId): Promise<PrincipalRow> {
    const principal = await this.#visible(actor, principalId)
    if (isBeyondToken(actor, principal)) throw noUser()
    return principal
  }

  /** The actor's own, or of somebody he administers. */
  async #visible(actor: Actor, principalId: PrincipalId): Promise<PrincipalRow> {
    const principal = await this.#options.store.read('principal.byId', { principalId })
    const isOwn = actor.principalId === principalId
    if (!principal || !(isOwn || mayAdminister(actor, principal))) throw noUser()
    return principal
  }
}

const noUser = (): AccountError => new AccountError('user-not-found', 'There is no such user')

export function readerOf(principal: PrincipalRow): NoticeReader {
  const { address, language, timeZone } = principal
  return { address, language, timeZone, domain: mailboxDomain(principal) }
}

function wantedOf({ address }: Record<string, unknown>): string {
  if (typeof address !== 'string') throw new Error('a token of a recovery address without the address')
  return address
}
