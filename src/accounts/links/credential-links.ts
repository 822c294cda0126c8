/**
 * Single-use links to sign-in data, made when a mailbox is and when a password is set anew: the password is made up here,
 * and known to the link alone. At most one link of a principal waits; another, or another password, revokes it.
 */
import type { Clock } from '../../ops/clock.ts'
import { DAY_MS } from '../../ops/durations.ts'
import type { LinkTo } from '../../ops/public-url.ts'
import { type AnyOperation, type Store, StoreError, writeAll } from '../../store/store.ts'
import type { CredentialLinkRow, CredentialLinkState } from '../../store/types/links.ts'
import type { PrincipalId, PrincipalRow } from '../../store/types/principals.ts'
import { domainOf } from '../../wire/mime/domain-of.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited, mayAdminister, sessionOf, visibleDomains } from '../actor.ts'
import { keptForm, parseAddress } from '../addresses.ts'
import { webhookEvent } from '../billing/events.ts'
import { generatedCode, generatedPassword } from '../generated-password.ts'
import type { Notices } from '../notices.ts'
import { hashPassword } from '../passwords.ts'
import { hashToken, newId, newToken } from '../secrets.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { CODE_DIGITS } from './limits.ts'
import { hashCode, linkPath, sealSecret } from './link-secret.ts'

export interface LinkWish {
  /** Digits of a code to be given by phone; null for none. */
  codeDigits: number | null
  /** An address elsewhere that it is mailed to; null where it is handed over in another way. */
  sendTo: string | null
  /** How long it can be opened; null, left out: as long as the service says. */
  expiryDays?: number | null
}

/** Whom a link is for. `domain`: of the mailbox; null for somebody without one. */
export interface LinkHolder {
  address: string
  domain: string | null
}

/** Shown to whoever made it, once. */
export interface IssuedLink {
  linkId: string
  address: string
  url: string
  code: string | null
  expiresAt: number
  /** Where it was mailed to; null where it was not, though it may have been asked for. */
  sentTo: string | null
}

/** A link that is committed together with what it is for. */
export interface PreparedLink {
  link: IssuedLink
  /** Of the password that the link reveals. */
  passwordHash: string
  /** To be written after what makes the principal, in the same transaction. Then comes `deliver`. */
  operations: AnyOperation[]
  sendTo: string | null
}

export interface LinkFilter {
  principalId: PrincipalId | null
  state: CredentialLinkState | null
  search: string
  before: { createdAt: number; linkId: string } | null
  limit: number
}

export interface CredentialLinksOptions {
  store: Store
  clock: Clock
  settings: ReadsSettings
  notices: Notices
  linkTo: LinkTo
}

export class CredentialLinks {
  readonly #options: CredentialLinksOptions

  constructor(options: CredentialLinksOptions) {
    this.#options = options
  }

  /** For somebody who is being made. Throws as `send` does. */
  async prepare(
    actor: Actor,
    { address, domain }: LinkHolder,
    { codeDigits, sendTo, expiryDays = null }: LinkWish,
  ): Promise<PreparedLink> {
    const { clock, settings, linkTo } = this.#options
    const recipient = sendTo === null ? null : recipientOf(sendTo, { address, domain })
    const [token, linkId, password] = [newToken(), newId(), generatedPassword()]
    const code = codeDigits === null ? null : generatedCode(codeDigits)
    const passwordHash = await hashPassword(password)
    const { linkExpiryDays } = await settings.current()
    const at = clock.now()
    const expiresAt = at + (expiryDays ?? linkExpiryDays) * DAY_MS
    const row = {
      linkId,
      tokenHash: hashToken(token),
      address,
      domain,
      secretEncrypted: sealSecret(token, linkId, { password }),
      codeHash: code === null ? null : hashCode(token, code),
      createdBy: actor.address,
      at,
      expiresAt,
    }
    const after = { linkId, expiresAt, code: code !== null }
    return {
      link: { linkId, address, url: linkTo(linkPath(token)), code, expiresAt, sentTo: null },
      passwordHash,
      operations: [
        { operation: 'credentialLink.add', args: row },
        audited(actor, at, { action: 'link.create', target: address, domain, after }),
        ...(domain === null
          ? []
          : [webhookEvent('link.created', { at, domain, data: { address, linkId, expiresAt } })]),
      ],
      sendTo: recipient,
    }
  }

  /** Mails a link that was prepared and committed, where that was asked for. It stands, whether or not the mail goes. */
  async deliver(actor: Actor, { link, sendTo }: Pick<PreparedLink, 'link' | 'sendTo'>): Promise<IssuedLink> {
    if (sendTo === null || !(await this.#mail(actor, link, sendTo))) return link
    return { ...link, sentTo: sendTo }
  }

  /** Sets a new password, which the link reveals; sessions of the panel end. Throws `user-not-found`, or as `send` does. */
  async issue(actor: Actor, address: string, wish: LinkWish): Promise<IssuedLink> {
    const principal = await this.#administered(actor, address)
    const { principalId } = principal
    const domain = mailboxDomain(principal)
    const prepared = await this.prepare(actor, { address: principal.address, domain }, wish)
    const { passwordHash, operations } = prepared
    const at = this.#options.clock.now()
    const exceptSession = sessionOf(actor, principalId)
    await writeAll(this.#options.store, [
      { operation: 'principal.setPassword', args: { principalId, passwordHash, at, exceptSession } },
      ...operations,
      ...(domain === null
        ? []
        : [webhookEvent('password.changed', { at, domain, data: { address: principal.address, by: byOf(actor) } })]),
    ])
    return this.deliver(actor, prepared)
  }

  /** For whom the former was; with a code where that had one, unless the wish says otherwise. */
  async issueAgain(actor: Actor, linkId: string, wish: Partial<LinkWish>): Promise<IssuedLink> {
    const { address, codeHash } = await this.get(actor, linkId)
    const asBefore = codeHash === null ? null : CODE_DIGITS.usual
    const { codeDigits = asBefore, sendTo = null, expiryDays = null } = wish
    return this.issue(actor, address, { codeDigits, sendTo, expiryDays })
  }

  /**
   * Mails a link whose token the caller still holds. Throws `invalid-recipient`, `send-to-itself` for the mailbox that it
   * opens, `link-over`, `not-sent` where no mail can be taken now.
   */
  async send(actor: Actor, linkId: string, token: string, to: string): Promise<CredentialLinkRow> {
    const { store, clock, linkTo } = this.#options
    const known = await store.read('credentialLink.byToken', { tokenHash: hashToken(token) })
    if (known?.linkId !== linkId) throw notFound()
    const row = await this.get(actor, linkId)
    const recipient = recipientOf(to, row)
    if (stateOf(row, clock.now()) !== 'waiting') throw linkOver()
    if (!(await this.#mail(actor, { linkId, url: linkTo(linkPath(token)) }, recipient)))
      throw new AccountError('not-sent', 'The mail could not be taken; the link is valid')
    return this.get(actor, linkId)
  }

  /** Latest first; managers see those of owners in their domains. */
  list(actor: Actor, filter: LinkFilter): Promise<CredentialLinkRow[]> {
    const { store, clock } = this.#options
    const domains = visibleDomains(actor)
    return store.read('credentialLink.list', {
      ...filter,
      search: keptForm(filter.search),
      domains: domains === null ? null : [...domains],
      at: clock.now(),
    })
  }

  async get(actor: Actor, linkId: string): Promise<CredentialLinkRow> {
    const { store } = this.#options
    const row = await store.read('credentialLink.byId', { linkId })
    const principal = row && (await store.read('principal.byId', { principalId: row.principalId }))
    if (!principal || !mayAdminister(actor, principal)) throw notFound()
    return row
  }

  /** The password stays as it is: nobody knows it. Throws `link-over` where it no longer waits. */
  async revoke(actor: Actor, linkId: string): Promise<CredentialLinkRow> {
    const { address, domain } = await this.get(actor, linkId)
    const at = this.#options.clock.now()
    await expectingWaiting(
      writeAll(this.#options.store, [
        { operation: 'credentialLink.revoke', args: { linkId, at } },
        audited(actor, at, { action: 'link.revoke', target: address, domain, after: { linkId } }),
      ]),
    )
    return this.get(actor, linkId)
  }

  async #mail(actor: Actor, { linkId, url }: Pick<IssuedLink, 'linkId' | 'url'>, to: string): Promise<boolean> {
    const { store, clock, notices } = this.#options
    const row = await store.read('credentialLink.byId', { linkId })
    const principal = row && (await store.read('principal.byId', { principalId: row.principalId }))
    if (!principal) throw notFound()
    const { address, domain, expiresAt, codeHash } = row
    const { language, timeZone } = principal
    const values = { address, url, expiresAt, needsCode: codeHash !== null }
    if (!(await notices.send('credential-link', { address: to, language, timeZone, domain }, values))) return false
    const at = clock.now()
    await writeAll(store, [
      { operation: 'credentialLink.sent', args: { linkId, sentTo: to, at } },
      audited(actor, at, { action: 'link.send', target: address, domain, after: { linkId, sentTo: to } }),
    ])
    return true
  }

  async #administered(actor: Actor, address: string): Promise<PrincipalRow> {
    const parsed = parseAddress(address.trim())
    const principal = parsed && (await this.#options.store.read('principal.byAddress', { address: parsed.address }))
    if (!principal || isBeyondToken(actor, principal) || !mayAdminister(actor, principal))
      throw new AccountError('user-not-found', `Nobody signs in as ${address}`)
    return principal
  }
}

/** By a new password of its own user, or of any of the staff, a token would gain all that it leaves out. */
export function isBeyondToken({ via, principalId }: Actor, principal: PrincipalRow): boolean {
  return via === 'token' && (principal.principalId === principalId || principal.role === 'staff')
}

export function stateOf(link: CredentialLinkRow, now: number): CredentialLinkState {
  if (link.revokedAt !== null) return 'revoked'
  if (link.revealedAt !== null) return 'revealed'
  return link.expiresAt <= now ? 'expired' : 'waiting'
}

export async function expectingWaiting<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation
  } catch (error) {
    if (error instanceof StoreError && error.code === 'not-found') throw linkOver()
    throw error
  }
}

/** The same for a token that was never given out: who guesses learns nothing. */
export const linkOver = (): AccountError =>
  new AccountError('link-over', 'The link was used, has expired, or was revoked')

/** As it was written: the local part's case is the other host's. Who has no mailbox here reads the address he signs in with. */
function recipientOf(text: string, { address, domain }: { address: string; domain: string | null }): string {
  const parsed = parseAddress(text.trim())
  const field = 'sendTo'
  if (!parsed) throw new AccountError('invalid-recipient', `${text} is no address`, { field })
  if (domain !== null && parsed.address === address)
    throw new AccountError('send-to-itself', "The link can't be mailed to the mailbox it opens: give another address", {
      field,
    })
  return parsed.asWritten
}

const notFound = (): AccountError => new AccountError('link-not-found', 'There is no such link')

/** Of the mailbox; null for somebody without one. */
export function mailboxDomain({ address, hasMailbox }: Pick<PrincipalRow, 'address' | 'hasMailbox'>): string | null {
  return hasMailbox ? domainOf(address) : null
}

function byOf({ role }: Actor): 'owner' | 'manager' | 'staff' | 'command-line' {
  return role === 'system' ? 'command-line' : role
}
