/**
 * What the holder of a single-use link can do, without signing in: look whether it waits, take its secret out once, and
 * then, for a short time and once, choose a password of his own.
 */
import type { Clock } from '../../ops/clock.ts'
import type { Log } from '../../ops/log.ts'
import { type Store, StoreError, writeAll } from '../../store/store.ts'
import type { CredentialLinkRow } from '../../store/types/links.ts'
import type { PrincipalRow } from '../../store/types/principals.ts'
import { AccountError } from '../account-error.ts'
import { audited, linkHolder } from '../actor.ts'
import { webhookEvent } from '../billing/events.ts'
import type { NewPasswords } from '../new-passwords.ts'
import { hashToken, newToken } from '../secrets.ts'
import { expectingWaiting, linkOver, mailboxDomain, stateOf } from './credential-links.ts'
import { CHOOSE_PASSWORD_MS, CODE_TRIES } from './limits.ts'
import { hashCode, isSameHash, openSecret } from './link-secret.ts'

export interface OpenedLink {
  expiresAt: number
  needsCode: boolean
}

export interface RevealedLink {
  principal: PrincipalRow
  password: string
  /** For `choosePassword`, until `chooseUntil`. */
  chooseToken: string
  chooseUntil: number
}

export interface LinkRevealOptions {
  store: Store
  clock: Clock
  newPasswords: NewPasswords
  log: Log
}

export class LinkReveal {
  readonly #options: LinkRevealOptions

  constructor(options: LinkRevealOptions) {
    this.#options = options
  }

  /** Spends nothing and tells nothing of what is behind it. Throws `link-over`. */
  async open(token: string, remoteAddress: string): Promise<OpenedLink> {
    const { linkId, expiresAt, codeHash } = await this.#waiting(token)
    await this.#options.store.write('credentialLink.opened', { linkId, at: this.#options.clock.now(), remoteAddress })
    return { expiresAt, needsCode: codeHash !== null }
  }

  /** Once, whoever asks at the same time. Throws `link-over`, or `wrong-code` with the tries that are left. */
  async reveal(token: string, code: string | null, remoteAddress: string): Promise<RevealedLink> {
    const { store, clock } = this.#options
    const link = await this.#waiting(token)
    const { linkId, principalId } = link
    const principal = await store.read('principal.byId', { principalId })
    if (!principal) throw linkOver()
    const holder = linkHolder(principal, remoteAddress)
    if (link.codeHash !== null)
      await this.#checkCode({ linkId, token, codeHash: link.codeHash, code, principal, remoteAddress })
    const at = clock.now()
    const chooseToken = newToken()
    const chooseUntil = at + CHOOSE_PASSWORD_MS
    const { address } = principal
    const domain = mailboxDomain(principal)
    const [{ secretEncrypted }] = await expectingWaiting(
      writeAll(store, [
        { operation: 'credentialLink.reveal', args: { linkId, at, remoteAddress } },
        {
          operation: 'oneTimeToken.add',
          args: {
            tokenHash: hashToken(chooseToken),
            purpose: 'choose-password',
            principalId,
            data: {},
            createdAt: at,
            expiresAt: chooseUntil,
            only: true,
          },
        },
        audited(holder, at, { action: 'link.reveal', target: address, domain, after: { linkId } }),
        ...(domain === null
          ? []
          : [webhookEvent('link.revealed', { at, domain, data: { address, linkId, remoteAddress } })]),
      ]),
    )
    return { principal, password: openSecret(token, linkId, secretEncrypted).password, chooseToken, chooseUntil }
  }

  /** Throws `link-over`, or what `NewPasswords` finds wrong, which spends nothing. */
  async choosePassword(chooseToken: string, password: string, remoteAddress: string): Promise<void> {
    const { store, clock, newPasswords } = this.#options
    const tokenHash = hashToken(chooseToken)
    const purpose = 'choose-password'
    const found = await store.read('oneTimeToken.find', { tokenHash, purpose, at: clock.now() })
    const principal = found && (await store.read('principal.byId', { principalId: found.principalId }))
    if (!principal) throw linkOver()
    const passwordHash = await newPasswords.hash(password, principal.address)
    const { principalId, address } = principal
    const domain = mailboxDomain(principal)
    const at = clock.now()
    await expectingWaiting(
      writeAll(store, [
        { operation: 'oneTimeToken.take', args: { tokenHash, purpose, at } },
        { operation: 'principal.setPassword', args: { principalId, passwordHash, at } },
        audited(linkHolder(principal, remoteAddress), at, { action: 'password.choose', target: address, domain }),
        ...(domain === null ? [] : [webhookEvent('password.changed', { at, domain, data: { address, by: 'owner' } })]),
      ]),
    )
  }

  async #waiting(token: string): Promise<CredentialLinkRow> {
    const link = await this.#options.store.read('credentialLink.byToken', { tokenHash: hashToken(token) })
    if (!link || stateOf(link, this.#options.clock.now()) !== 'waiting') throw linkOver()
    return link
  }

  /** Counted before it is looked at: many tries at once are no more than `CODE_TRIES`. */
  async #checkCode({ linkId, token, codeHash, code, principal, remoteAddress }: CodeTry): Promise<void> {
    const { store, clock, log } = this.#options
    if (code === null)
      throw new AccountError('wrong-code', 'The link needs a code', { left: CODE_TRIES, field: 'code' })
    const attempts = await countAttempt(store, linkId)
    if (attempts !== null && isSameHash(hashCode(token, code.replace(/\s/g, '')), codeHash)) return
    const left = attempts === null ? 0 : CODE_TRIES - attempts
    log.info({ linkId, user: principal.address, remote: remoteAddress, left }, 'wrong code of a link')
    if (left > 0) throw new AccountError('wrong-code', `Tries left: ${left}`, { left, field: 'code' })
    const at = clock.now()
    await expectingWaiting(
      writeAll(store, [
        { operation: 'credentialLink.revoke', args: { linkId, at } },
        audited(linkHolder(principal, remoteAddress), at, {
          action: 'link.lock',
          target: principal.address,
          domain: mailboxDomain(principal),
          after: { linkId },
        }),
      ]),
    )
    throw linkOver()
  }
}

interface CodeTry {
  linkId: string
  token: string
  codeHash: string
  /** null where none was given. */
  code: string | null
  principal: PrincipalRow
  remoteAddress: string
}

/** null where all tries were made. */
async function countAttempt(store: Store, linkId: string): Promise<number | null> {
  try {
    return (await store.write('credentialLink.attempt', { linkId, max: CODE_TRIES })).attempts
  } catch (error) {
    if (error instanceof StoreError && error.code === 'not-allowed') return null
    throw error
  }
}
