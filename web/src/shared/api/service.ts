/** What the service says of itself to everyone: name, logo, colours, servers, rules of passwords. */
import { applyBrand } from '../brand/apply.ts'
import { createStore, useStore } from '../store.ts'
import { setDefaultLanguage } from '../texts/language.ts'
import type { Service } from './contract.ts'
import { api } from './session.ts'

const store = createStore<Service | null>(null)

export async function loadService(): Promise<void> {
  const service = await api.get<Service>('/service', { anonymous: true })
  applyBrand(service)
  if (service.languages[0]) setDefaultLanguage(service.languages[0])
  store.set(service)
}

/** Known wherever the application shows anything: it is loaded first. */
export function useService(): Service {
  const service = useStore(store)
  if (service === null) throw new Error('the service has not been asked yet')
  return service
}

export const serviceNow = store.get
