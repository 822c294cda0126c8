/**
 * What the service looks like, and to whom: its own brand, and over it that of the manager whose customer someone is. What
 * a manager's brand leaves open is as the service has it.
 */
import { createHash } from 'node:crypto'
import type { Clock } from '../../ops/clock.ts'
import { isHostName } from '../../ops/config-kinds.ts'
import { type AnyOperation, type Store, StoreError, writeAll } from '../../store/store.ts'
import { type BrandOwner, type BrandRow, type Logo, SERVICE_BRAND } from '../../store/types/brand.ts'
import type { PrincipalRow } from '../../store/types/principals.ts'
import { domainOf } from '../../wire/mime/domain-of.ts'
import { AccountError } from '../account-error.ts'
import { type Actor, audited, isStaff } from '../actor.ts'
import { parseAddress } from '../addresses.ts'
import { lineOf } from '../service-settings/kinds.ts'
import { NAME_CHARACTERS } from '../service-settings/limits.ts'
import type { ServiceSettings } from '../service-settings/service-settings.ts'
import { BRAND_HOSTS, LOGO_BYTES, LOGO_LONGEST_SIDE, LOGO_SHORTEST_SIDE } from './limits.ts'
import { describePicture } from './picture.ts'

/** As it is shown: nothing left open. */
export interface Brand {
  name: string
  supportAddress: string | null
  primaryColour: string | null
  logo: { type: Logo['type']; hash: string } | null
}

/** Who sends mail or shows a page in someone's name goes by this. */
export interface ReadsBrands {
  /** Of whoever manages the domain; of the service for none. */
  forDomain(domain: string | null): Promise<Brand>
}

/** A brand as it is edited: null is left open. */
export interface EditedBrand extends Omit<BrandRow, 'principalId' | 'updatedAt'> {
  owner: { principalId: BrandOwner; address: string | null }
  /** What holds where it is left open. */
  inherited: Brand
}

export interface BrandChange {
  name?: string | null
  supportAddress?: string | null
  primaryColour?: string | null
  hosts?: string[]
}

type BrandFacts = BrandChange & { logo?: string | null }
type BrandDifference = { before: BrandFacts; after: BrandFacts }

export class Brands implements ReadsBrands {
  readonly #store: Store
  readonly #settings: ServiceSettings
  readonly #clock: Clock
  readonly #hostname: string

  constructor(parts: { store: Store; settings: ServiceSettings; clock: Clock; hostname: string }) {
    this.#store = parts.store
    this.#settings = parts.settings
    this.#clock = parts.clock
    this.#hostname = parts.hostname
  }

  /** What someone sees who is not signed in: chosen by the name his browser knows this host by. */
  async forHost(host: string): Promise<Brand> {
    return this.#shown(await this.#store.read('brand.byHost', { host }))
  }

  async forDomain(domain: string | null): Promise<Brand> {
    return this.#shown(domain === null ? null : await this.#store.read('brand.byDomain', { domain }))
  }

  /** Managers see their own, owners that of their domain's manager. */
  async forActor({ role, principalId, hasMailbox, address }: Actor): Promise<Brand> {
    if (role === 'manager' && principalId !== null)
      return this.#shown(await this.#store.read('brand.byPrincipal', { principalId }))
    return this.forDomain(role === 'owner' && hasMailbox ? domainOf(address) : null)
  }

  async logo(hash: string): Promise<Logo> {
    const logo = await this.#store.read('brand.logo', { hash })
    if (!logo) throw new AccountError('logo-not-found', 'There is no such logo')
    return logo
  }

  /** Those that managers have made, by the managers' addresses. */
  async list(actor: Actor): Promise<(BrandRow & { address: string })[]> {
    if (!isStaff(actor)) throw new AccountError('not-allowed', 'Only staff see the brands of all')
    return this.#store.read('brand.list', {})
  }

  /** Managers may ask for their own alone; staff for all. */
  async edited(actor: Actor, principalId: BrandOwner): Promise<EditedBrand> {
    const owner = await this.#owner(actor, principalId)
    const row = await this.#store.read('brand.byPrincipal', { principalId })
    const { name, supportAddress } = await this.#settings.current()
    const isService = owner === null
    return {
      owner: { principalId, address: owner?.address ?? null },
      name: isService ? name : (row?.name ?? null),
      supportAddress: isService ? supportAddress : (row?.supportAddress ?? null),
      primaryColour: row?.primaryColour ?? null,
      logo: row?.logo ?? null,
      hosts: row?.hosts ?? [],
      inherited: isService
        ? { name: this.#hostname, supportAddress: null, primaryColour: null, logo: null }
        : await this.forDomain(null),
    }
  }

  async change(actor: Actor, principalId: BrandOwner, change: BrandChange): Promise<EditedBrand> {
    const owner = await this.#owner(actor, principalId)
    const before = await this.edited(actor, principalId)
    const after = await this.#read(actor, owner, before.hosts, change)
    const operations: AnyOperation[] = []
    const { name, supportAddress, ...own } = after
    // The service's name and support address are settings of it, known to all that sends mail.
    if (owner === null) {
      const given = { ...(name !== undefined && { name }), ...(supportAddress !== undefined && { supportAddress }) }
      operations.push(...(await this.#settings.operations(actor, given)))
    }
    const kept: BrandChange = owner === null ? own : after
    const keys = Object.keys(kept) as (keyof BrandChange)[]
    if (keys.length > 0) {
      operations.push({ operation: 'brand.set', args: { principalId, ...kept, at: this.#clock.now() } })
      operations.push(this.#audit(actor, owner, { before: pick(before, keys), after: pick(kept, keys) }))
    }
    try {
      if (operations.length > 0) await writeAll(this.#store, operations)
    } catch (error) {
      if (error instanceof StoreError && error.code === 'already-exists')
        throw new AccountError('host-taken', 'Another brand has that host', { field: 'hosts' })
      throw error
    }
    if (owner === null) await this.#settings.changed()
    return this.edited(actor, principalId)
  }

  /** null takes it away. */
  async setLogo(actor: Actor, principalId: BrandOwner, bytes: Uint8Array | null): Promise<EditedBrand> {
    const owner = await this.#owner(actor, principalId)
    const before = await this.#store.read('brand.byPrincipal', { principalId })
    const logo = bytes === null ? null : readLogo(bytes)
    await writeAll(this.#store, [
      { operation: 'brand.set', args: { principalId, logo, at: this.#clock.now() } },
      this.#audit(actor, owner, {
        before: { logo: before?.logo?.hash ?? null },
        after: { logo: logo?.hash ?? null },
      }),
    ])
    return this.edited(actor, principalId)
  }

  /** null for the service itself. */
  async #owner(actor: Actor, principalId: BrandOwner): Promise<PrincipalRow | null> {
    if (principalId === SERVICE_BRAND && isStaff(actor)) return null
    const isOwn = actor.role === 'manager' && actor.principalId === principalId
    const owner = isStaff(actor) || isOwn ? await this.#store.read('principal.byId', { principalId }) : null
    if (owner?.role !== 'manager') throw new AccountError('brand-not-found', 'There is no such brand')
    return owner
  }

  async #read(actor: Actor, owner: PrincipalRow | null, had: string[], change: BrandChange): Promise<BrandChange> {
    const read: BrandChange = {}
    if (change.name !== undefined) read.name = orNull(change.name, 'name', text => lineOf(text, NAME_CHARACTERS))
    if (change.supportAddress !== undefined)
      read.supportAddress = orNull(change.supportAddress, 'supportAddress', text => parseAddress(text)?.address)
    if (change.primaryColour !== undefined)
      read.primaryColour = orNull(change.primaryColour, 'primaryColour', text =>
        /^#[\da-f]{6}$/i.test(text) ? text.toLowerCase() : undefined,
      )
    if (change.hosts !== undefined) read.hosts = this.#readHosts(actor, owner, had, change.hosts)
    return read
  }

  /**
   * A manager can take host names in his own domains: under any other, people would be shown a brand that is not that of
   * whom they came to. Staff can give any but the service's own name.
   */
  #readHosts(actor: Actor, owner: PrincipalRow | null, had: string[], hosts: string[]): string[] {
    const given = [...new Set(hosts.map(host => host.trim().toLowerCase()))]
    if (given.length > BRAND_HOSTS || (owner === null && given.length > 0)) throw invalid('hosts')
    for (const host of given) {
      if (!isHostName(host)) throw invalid('hosts')
      if (host === this.#hostname.toLowerCase())
        throw new AccountError('host-taken', 'It is the service’s own', at('hosts'))
      const isOwn = isStaff(actor) || had.includes(host)
      if (!isOwn && !actor.domains.some(domain => host === domain || host.endsWith(`.${domain}`)))
        throw new AccountError('host-not-yours', `${host} is in none of your domains`, { ...at('hosts'), host })
    }
    return given.toSorted()
  }

  #audit(actor: Actor, owner: PrincipalRow | null, change: BrandDifference): AnyOperation {
    return audited(actor, this.#clock.now(), {
      action: 'brand.update',
      target: owner?.address ?? 'service',
      domain: null,
      ...change,
    })
  }

  async #shown(row: BrandRow | null): Promise<Brand> {
    const [settings, service] = await Promise.all([
      this.#settings.current(),
      this.#store.read('brand.byPrincipal', { principalId: SERVICE_BRAND }),
    ])
    return {
      name: row?.name ?? settings.name ?? this.#hostname,
      supportAddress: row?.supportAddress ?? settings.supportAddress,
      primaryColour: row?.primaryColour ?? service?.primaryColour ?? null,
      // The service's logo beside another's name would say that the one is the other.
      logo: row?.logo ?? (row?.name == null ? (service?.logo ?? null) : null),
    }
  }
}

/** Throws `logo-too-large`, `logo-type` or `logo-size`. */
function readLogo(bytes: Uint8Array): Logo {
  if (bytes.byteLength > LOGO_BYTES)
    throw new AccountError('logo-too-large', 'The logo is too large', { ...at('data'), kilobytes: LOGO_BYTES / 1000 })
  const picture = describePicture(bytes)
  if (!picture) throw new AccountError('logo-type', 'The logo is no PNG and no JPEG', at('data'))
  const { type, width, height } = picture
  if (Math.max(width, height) > LOGO_LONGEST_SIDE || Math.min(width, height) < LOGO_SHORTEST_SIDE)
    throw new AccountError('logo-size', `The logo is ${width} × ${height} pixels`, {
      ...at('data'),
      width,
      height,
      least: LOGO_SHORTEST_SIDE,
      most: LOGO_LONGEST_SIDE,
    })
  return { type, bytes, hash: createHash('sha256').update(bytes).digest('hex') }
}

function orNull(given: string | null, field: string, read: (text: string) => string | undefined): string | null {
  if (given === null || given.trim() === '') return null
  const value = read(given.trim())
  if (value === undefined) throw invalid(field)
  return value
}

const at = (field: string) => ({ field })
const invalid = (field: string): AccountError =>
  new AccountError('invalid-brand', `The member ${field} of the brand is wrong`, at(field))
function pick(from: BrandChange, keys: (keyof BrandChange)[]): BrandChange {
  return Object.fromEntries(keys.map(key => [key, from[key]]))
}
