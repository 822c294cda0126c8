/**
 * Administration of domains, mailboxes and aliases, for the command line and whoever else manages the service.
 * What can go wrong by a caller's doing is a DirectoryError whose message can be shown as it is.
 */
import type { Clock } from '../ops/clock.ts'
import { type Store, StoreError, type StoreErrorCode } from '../store/store.ts'
import type { AccountRow, AliasRow, DomainRow, SpecialUse } from '../store/types.ts'
import { type MailAddress, parseAddress, parseDomain } from './addresses.ts'
import { MAX_ALIAS_TARGETS, MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARACTERS } from './limits.ts'
import { hashPassword } from './passwords.ts'

export type DirectoryErrorCode =
  | 'invalid-domain'
  | 'invalid-address'
  | 'invalid-password'
  | 'invalid-quota'
  | 'invalid-target'
  | 'domain-exists'
  | 'domain-not-found'
  | 'domain-not-empty'
  | 'mailbox-exists'
  | 'mailbox-not-found'
  | 'alias-not-found'

export class DirectoryError extends Error {
  override name = 'DirectoryError'
  readonly code: DirectoryErrorCode
  constructor(code: DirectoryErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

export interface NewMailbox {
  address: string
  /** null: no one can sign in until it is set. */
  password: string | null
  /** Bytes; null for no limit. */
  quotaBytes: number | null
}

/** RFC 6154 §2, as clients expect to find them. */
const STANDARD_MAILBOXES: { name: string; specialUse: SpecialUse }[] = [
  { name: 'Drafts', specialUse: 'drafts' },
  { name: 'Sent', specialUse: 'sent' },
  { name: 'Junk', specialUse: 'junk' },
  { name: 'Trash', specialUse: 'trash' },
  { name: 'Archive', specialUse: 'archive' },
]

/** `after`: the last address of the page before. */
interface Page {
  after: string | null
  limit: number
}

export class Directory {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Returns the name as it is kept: lower case, A-labels. */
  async addDomain(text: string): Promise<string> {
    const name = domainOf(text)
    await expecting(this.#store.write('domain.add', { name, at: this.#clock.now() }), {
      'already-exists': ['domain-exists', `The domain ${name} exists already`],
    })
    return name
  }

  async removeDomain(text: string): Promise<void> {
    const name = domainOf(text)
    await expecting(this.#store.write('domain.remove', { name }), {
      'not-found': ['domain-not-found', `There is no domain ${name}`],
      'not-empty': ['domain-not-empty', `The domain ${name} has mailboxes; remove them first`],
    })
  }

  listDomains(): Promise<DomainRow[]> {
    return this.#store.read('domain.list', {})
  }

  /** `target` receives what no mailbox or alias of the domain does; null for nobody. */
  async setCatchAll(text: string, target: string | null): Promise<void> {
    const name = domainOf(text)
    const address = target === null ? null : targetOf(target).asWritten
    await expecting(this.#store.write('domain.setCatchAll', { name, target: address }), {
      'not-found': ['domain-not-found', `There is no domain ${name}`],
    })
  }

  /** Makes INBOX and the standard mailboxes too. Returns the address as it is kept, which is the user name. */
  async addMailbox({ address: text, password, quotaBytes }: NewMailbox): Promise<string> {
    const { address, domain } = newAddress(text, 'mailbox')
    checkQuota(quotaBytes)
    const passwordHash = password === null ? null : await hashNew(password)
    const mailboxes = STANDARD_MAILBOXES
    const at = this.#clock.now()
    await expecting(this.#store.write('account.add', { address, passwordHash, quotaBytes, mailboxes, at }), {
      'already-exists': ['mailbox-exists', `${address} exists already, as a mailbox or as an alias`],
      'not-found': ['domain-not-found', `There is no domain ${domain}; add it first`],
    })
    return address
  }

  /** With all its mail. */
  async removeMailbox(text: string): Promise<void> {
    const { accountId, address } = await this.findMailbox(text)
    await expecting(this.#store.write('account.remove', { accountId }), noMailbox(address))
  }

  async changePassword(text: string, password: string): Promise<void> {
    const { accountId, address } = await this.findMailbox(text)
    const passwordHash = await hashNew(password)
    const change = { principalId: accountId, passwordHash, at: this.#clock.now() }
    await expecting(this.#store.write('principal.setPassword', change), noMailbox(address))
  }

  async setQuota(text: string, quotaBytes: number | null): Promise<void> {
    checkQuota(quotaBytes)
    const { accountId, address } = await this.findMailbox(text)
    await expecting(this.#store.write('account.setQuota', { accountId, quotaBytes }), noMailbox(address))
  }

  async findMailbox(text: string): Promise<AccountRow> {
    const { address } = addressOf(text)
    const account = await this.#store.read('account.byAddress', { address })
    if (!account) throw new DirectoryError('mailbox-not-found', `There is no mailbox ${address}`)
    return account
  }

  /** One page by address; of one domain, or of all with null. */
  async listMailboxes(domain: string | null, page: Page): Promise<AccountRow[]> {
    return this.#store.read('account.list', { domain: await this.#listedDomain(domain), ...page })
  }

  /** Adds the alias, or gives it these targets instead of those it had. */
  async setAlias(text: string, targets: string[]): Promise<AliasRow> {
    const { address, domain } = newAddress(text, 'alias')
    const parsed = targets.map(targetOf)
    const kept = [...new Map(parsed.map(target => [target.address, target.asWritten])).values()]
    if (kept.length === 0 || kept.length > MAX_ALIAS_TARGETS)
      throw new DirectoryError('invalid-target', `An alias leads to between 1 and ${MAX_ALIAS_TARGETS} addresses`)
    if (parsed.some(target => target.address === address))
      throw new DirectoryError('invalid-target', `The alias ${address} can't lead to itself`)
    const at = this.#clock.now()
    await expecting(this.#store.write('alias.set', { address, targets: kept, at }), {
      'already-exists': ['mailbox-exists', `${address} is a mailbox`],
      'not-found': ['domain-not-found', `There is no domain ${domain}; add it first`],
    })
    return { address, targets: kept, createdAt: at }
  }

  async removeAlias(text: string): Promise<void> {
    const { address } = addressOf(text)
    await expecting(this.#store.write('alias.remove', { address }), {
      'not-found': ['alias-not-found', `There is no alias ${address}`],
    })
  }

  /** As `listMailboxes`. */
  async listAliases(domain: string | null, page: Page): Promise<AliasRow[]> {
    return this.#store.read('alias.list', { domain: await this.#listedDomain(domain), ...page })
  }

  /** The domain as it is kept, for lists of one; null for all. */
  async #listedDomain(text: string | null): Promise<string | null> {
    if (text === null) return null
    const name = domainOf(text)
    const domains = await this.listDomains()
    if (!domains.some(domain => domain.name === name))
      throw new DirectoryError('domain-not-found', `There is no domain ${name}`)
    return name
  }
}

type Expected = Partial<Record<StoreErrorCode, [code: DirectoryErrorCode, message: string]>>

async function expecting<T>(operation: Promise<T>, expected: Expected): Promise<T> {
  try {
    return await operation
  } catch (error) {
    const known = error instanceof StoreError ? expected[error.code] : undefined
    throw known ? new DirectoryError(...known) : error
  }
}

const noMailbox = (address: string): Expected => ({
  'not-found': ['mailbox-not-found', `There is no mailbox ${address}`],
})

function domainOf(text: string): string {
  const name = parseDomain(text)
  if (name === null) throw new DirectoryError('invalid-domain', `${shown(text)} is not a domain name`)
  return name
}

function addressOf(text: string): MailAddress {
  const parsed = parseAddress(text.trim())
  if (!parsed) throw new DirectoryError('invalid-address', `${shown(text)} is not an e-mail address`)
  return parsed
}

function newAddress(text: string, kind: 'mailbox' | 'alias'): MailAddress {
  const parsed = addressOf(text)
  // "+" is where a tag begins; the rest would be typed wrong by everyone who is told the address.
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._'&=/~!#$%*^`{|}?-]*$/u.test(parsed.localPart))
    throw new DirectoryError(
      'invalid-address',
      `${shown(text)} can't be a new ${kind}: its name has to begin with a letter or digit and hold no "+", quotes or spaces`,
    )
  return { ...parsed, domain: domainOf(parsed.domain) }
}

function targetOf(text: string): MailAddress {
  const parsed = parseAddress(text.trim())
  if (!parsed) throw new DirectoryError('invalid-target', `${shown(text)} is not an e-mail address`)
  return parsed
}

function checkQuota(quotaBytes: number | null): void {
  if (quotaBytes !== null && !(Number.isSafeInteger(quotaBytes) && quotaBytes > 0))
    throw new DirectoryError('invalid-quota', 'A quota is a number of bytes above 0, or none')
}

async function hashNew(password: string): Promise<string> {
  const problem = passwordProblem(password)
  if (problem) throw new DirectoryError('invalid-password', problem)
  return hashPassword(password)
}

function passwordProblem(password: string): string | null {
  if ([...password].length < MIN_PASSWORD_CHARACTERS)
    return `The password is too short: it needs at least ${MIN_PASSWORD_CHARACTERS} characters`
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES)
    return `The password is too long: it can have ${MAX_PASSWORD_BYTES} bytes`
  // A line end or NUL can't be sent by any sign-in command (RFC 4616 §2).
  if (/[\x00-\x1f\x7f]/.test(password)) return 'The password has control characters in it'
  return null
}

const shown = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
