/** The areas of the panel, one line each. Loaded with the shell, after sign-in. */
import type { Area } from './area.ts'
import { devices } from './devices/area.ts'
import { domainDns } from './domain-dns/area.ts'
import { help } from './help/area.ts'
import { home } from './home/area.ts'

export const areas: readonly Area[] = [
  home,
  devices,
  domainDns,
  help,
  // an area a line
]
