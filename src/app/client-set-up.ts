/** What tells mail programs, devices and domains how this service is set up; and the help centre. */
import type { AppPasswords } from '../accounts/app-passwords/app-passwords.ts'
import { AppleProfiles } from '../accounts/apple-profiles.ts'
import type { Brands } from '../accounts/brands/brands.ts'
import { ClientSetUp } from '../accounts/client-set-up.ts'
import { DeviceLinks } from '../accounts/device-links.ts'
import type { SignInHistory } from '../accounts/sign-ins/history.ts'
import { SupportRequests } from '../accounts/support-requests.ts'
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
  services: Pick<Services, 'store' | 'settings' | 'publicUrl' | 'notices'>
  brands: Brands
  signIns: SignInHistory
  appPasswords: AppPasswords
  version: string
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
): Pick<ApiServices, 'clientSetUp' | 'appleProfiles' | 'deviceLinks' | 'domainRecords' | 'help' | 'supportRequests'> {
  const { config, brands, signIns, appPasswords, certificate, listeners, clock, version, log } = parts
  const { store, settings, publicUrl, notices } = parts.services
  const { hostname } = config
  const clientSetUp = new ClientSetUp({
    store,
    hostname,
    hosts: () => settings.current(),
    listeners,
    linkTo: publicUrl.linkTo,
  })
  const appleProfiles = new AppleProfiles({ store, clientSetUp, brands, certificate, clock, log })
  return {
    clientSetUp,
    appleProfiles,
    deviceLinks: new DeviceLinks({ store, clientSetUp, appleProfiles, appPasswords, clock }),
    domainRecords: new DomainRecords({
      clientSetUp,
      resolver: () => createResolver({ clock, servers: config.dnsServers, ...LOOK_UP }),
      clock,
    }),
    help: openHelpLibrary(),
    supportRequests: new SupportRequests({ brands, notices, signIns, clock, version }),
  }
}
