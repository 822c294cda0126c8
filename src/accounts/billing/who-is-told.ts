/** Who is mailed about a domain: its managers, else the support address, else staff. */
import type { Store } from '../../store/store.ts'
import type { PrincipalRow } from '../../store/types/principals.ts'
import type { NoticeReader } from '../notices.ts'
import type { ReadsSettings } from '../service-settings/service-settings.ts'
import { STAFF_TOLD } from './limits.ts'

export interface WhoIsToldParts {
  store: Pick<Store, 'read'>
  settings: ReadsSettings
}

/** `domain`: null for what concerns the whole service. */
export async function whoIsTold({ store, settings }: WhoIsToldParts, domain: string | null): Promise<NoticeReader[]> {
  const managers = domain === null ? [] : await store.read('principal.managers', { domain })
  if (managers.length > 0) return managers.map(principal => readerOf(principal, domain))
  const { supportAddress, timeZone } = await settings.current()
  if (supportAddress !== null) return [{ address: supportAddress, language: null, timeZone, domain: null }]
  const staff = await store.read('principal.list', { role: 'staff', after: null, limit: STAFF_TOLD })
  return staff.map(principal => readerOf(principal, null))
}

const readerOf = ({ address, language, timeZone }: PrincipalRow, domain: string | null): NoticeReader => ({
  address,
  language,
  timeZone,
  domain,
})
