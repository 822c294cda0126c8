/**
 * Who asks for something: given to every service that decides by it, and written into the audit log.
 *
 * What an actor may not see answers as if it were not there, so that nobody learns of others' domains and mailboxes.
 */

import type { AnyOperation } from '../store/store.ts'
import type { PrincipalId, PrincipalRow, Role } from '../store/types/principals.ts'
import type { NewAuditEntry } from '../store/types/service.ts'
import { domainOf } from '../wire/mime/domain-of.ts'
import { AccountError } from './account-error.ts'
import type { AuditAction, AuditField } from './audited-facts.ts'

export interface Actor {
  via: NewAuditEntry['via']
  /** null for the command line and the service itself. */
  principalId: PrincipalId | null
  address: string
  role: Role | 'system'
  /** Those a manager manages; staff and the system may manage all. */
  domains: readonly string[]
  hasMailbox: boolean
  remoteAddress: string
  /** Of a session of the panel; null for everyone else. */
  sessionId: string | null
}

/** Whoever has the command line of the machine may do everything. */
export const commandLine: Actor = {
  via: 'command-line',
  principalId: null,
  address: 'command-line',
  role: 'system',
  domains: [],
  hasMailbox: false,
  remoteAddress: '',
  sessionId: null,
}

/** What the service does of itself, by its clock. */
export const serviceItself: Actor = { ...commandLine, via: 'service', address: 'service' }

/** What the holder of a link does to his own principal, without being signed in. */
export function linkHolder(principal: PrincipalRow, remoteAddress: string): Actor {
  const { principalId, address, role, hasMailbox } = principal
  return { via: 'link', principalId, address, role, domains: [], hasMailbox, remoteAddress, sessionId: null }
}

/** The session the actor asks in, where it is one of the principal's: a change of his own doesn't end it. */
export const sessionOf = (actor: Actor, principalId: PrincipalId): string | null =>
  actor.principalId === principalId ? actor.sessionId : null

export const isStaff = ({ role }: Actor): boolean => role === 'staff' || role === 'system'

export function mayManage(actor: Actor, domain: string): boolean {
  return isStaff(actor) || (actor.role === 'manager' && actor.domains.includes(domain))
}

/** Throws `domain-not-found` where the domain is not the actor's to manage. */
export function requireDomain(actor: Actor, domain: string): void {
  if (!mayManage(actor, domain)) throw new AccountError('domain-not-found', `There is no domain ${domain}`, { domain })
}

/** Domains a list is narrowed to; null: all of them. */
export function visibleDomains(actor: Actor): readonly string[] | null {
  return isStaff(actor) ? null : actor.role === 'manager' ? actor.domains : []
}

/**
 * Whether the actor may change how the principal signs in. Managers administer the owners in their domains and nobody
 * above them: else who resets a password would gain the rights of whom it belongs to.
 */
type Administered = Pick<PrincipalRow, 'role' | 'address' | 'hasMailbox'>

export function mayAdminister(actor: Actor, { role, address, hasMailbox }: Administered): boolean {
  if (isStaff(actor)) return true
  return hasMailbox && role === 'owner' && mayManage(actor, domainOf(address))
}

/** `K`: what is told, so that the compiler knows of a field that has no text. */
export interface AuditedChange<K extends AuditField = AuditField> {
  action: AuditAction
  target: string
  domain: string | null
  before?: AuditedFacts<K> | null
  after?: AuditedFacts<K> | null
}

export type AuditedFacts<K extends AuditField = AuditField> = Partial<Record<K, unknown>>

/** The entry of the audit log, to be committed with the change it tells of. */
export function audited<K extends AuditField = never>(
  actor: Actor,
  at: number,
  change: AuditedChange<K>,
): AnyOperation {
  const { action, target, domain, before = null, after = null } = change
  const { address, principalId, role, via, remoteAddress } = actor
  const entry: NewAuditEntry = {
    at,
    actor: address,
    actorId: principalId,
    actorRole: role,
    via,
    remoteAddress,
    action,
    target,
    domain,
    before,
    after,
  }
  return { operation: 'audit.add', args: entry }
}
