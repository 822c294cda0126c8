/** The areas of the panel, one line each. Loaded with the shell, after sign-in. */
import type { Area } from './area.ts'
import { audit } from './audit/area.ts'
import { autoReply } from './auto-reply/area.ts'
import { billing } from './billing/area.ts'
import { brand } from './brand/area.ts'
import { dashboard } from './dashboard/area.ts'
import { devices } from './devices/area.ts'
import { directory } from './directory/area.ts'
import { domainDns } from './domain-dns/area.ts'
import { filters } from './filters/area.ts'
import { help } from './help/area.ts'
import { home } from './home/area.ts'
import { links } from './links/area.ts'
import { recovery } from './recovery/area.ts'
import { security } from './security/area.ts'
import { sending } from './sending/area.ts'
import { service } from './service/area.ts'
import { settings } from './settings/area.ts'
import { tokens } from './tokens/area.ts'
import { traces } from './traces/area.ts'
import { users } from './users/area.ts'

export const areas: readonly Area[] = [
  home,
  autoReply,
  filters,
  sending,
  security,
  settings,
  devices,
  domainDns,
  directory,
  help,
  recovery,
  links,
  users,
  tokens,
  audit,
  dashboard,
  billing,
  brand,
  service,
  traces,
  // an area a line
]
