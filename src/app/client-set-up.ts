/** What tells mail programs, devices and domains how this service is set up; and the help centre. */
import { AppleProfiles } from '../accounts/apple-profiles.ts'
import type { ReadsBrands } from '../accounts/brands/brands.ts'
import { ClientSetUp } from '../accounts/client-set-up.ts'
import type { ApiServices } from '../api/services.ts'
import { DomainRecords } from '../deliverability/domain-records.ts'
import { openHelpLibrary } from '../help/library.ts'
import type { Clock } from '../ops/clock.ts'
import type { Config } from '../ops/config.ts'
import type { Log } from '../ops/log.ts'
import { createResolver } from '../ops/resolver.ts'
import type { Certificate } from '../ops/tls.ts'
import type { Services } from './services.ts'

export interface ClientSetUpParts {
  config: Config
  services: Pick<Services, 'store' | 'settings'>
  brands: ReadsBrands
  certificate: Certificate
  /** What is listened on at the moment. */
  listeners: () => readonly { service: string; port: number }[]
  clock: Clock
  log: Log
}

/** A page waits for it: see `cli/check-dns.ts`. */
const LOOK_UP = { timeoutMs: 2_000, tries: 2 }

export function createClientSetUp(
  parts: ClientSetUpParts,
): Pick<ApiServices, 'clientSetUp' | 'appleProfiles' | 'domainRecords' | 'help'> {
  const { config, brands, certificate, listeners, clock, log } = parts
  const { store, settings } = parts.services
  const { hostname } = config
  const clientSetUp = new ClientSetUp({
    store,
    hostname,
    hosts: () => settings.current(),
    listeners,
    linkTo: path => `https://${hostname}${portText(listeners())}${path}`,
  })
  return {
    clientSetUp,
    appleProfiles: new AppleProfiles({ store, clientSetUp, brands, certificate, clock, log }),
    domainRecords: new DomainRecords({
      clientSetUp,
      resolver: () => createResolver({ clock, servers: config.dnsServers, ...LOOK_UP }),
      clock,
    }),
    help: openHelpLibrary(),
  }
}

function portText(bound: readonly { service: string; port: number }[]): string {
  const found = ['https', 'panel'].map(name => bound.find(({ service }) => service === name)).find(Boolean)
  return found && found.port !== 443 ? `:${found.port}` : ''
}
