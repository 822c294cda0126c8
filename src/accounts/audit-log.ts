/** Who changed what, as far as the reader may know: staff all, managers what belongs to their domains, owners what concerns them. */
import type { Store } from '../store/store.ts'
import type { AuditRow } from '../store/types/service.ts'
import { type Actor, isStaff, visibleDomains } from './actor.ts'
import { keptForm } from './addresses.ts'

export interface AuditFilter {
  /** `mailbox.create`, or `mailbox.` for all of the kind; null for all. */
  action: string | null
  /** In who did it or what it was done to. */
  search: string
  since: number | null
  until: number | null
  /** Entries before that one. */
  before: number | null
  limit: number
}

export class AuditLog {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  /** Latest first. */
  async list(actor: Actor, filter: AuditFilter): Promise<AuditRow[]> {
    const { since, until, search, ...rest } = filter
    const { principalId, address, role } = actor
    const domains = visibleDomains(actor)
    const rows = await this.#store.read('audit.list', {
      ...rest,
      search: keptForm(search),
      target: null,
      actorId: null,
      domains: domains === null ? null : [...domains],
      own: role === 'owner' ? { principalId: principalId ?? -1, address } : null,
      ...(since === null ? {} : { since }),
      ...(until === null ? {} : { until }),
    })
    // From where the staff works is nobody else's business.
    return isStaff(actor) ? rows : rows.map(row => (isOfStaff(row) ? { ...row, remoteAddress: '' } : row))
  }
}

const isOfStaff = ({ actorRole }: AuditRow): boolean => actorRole === 'staff' || actorRole === 'system'
