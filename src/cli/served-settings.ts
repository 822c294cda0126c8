/** What a running service tells `facteur check` to judge it by, none of it secret: the command may have been given other settings. */
import type { Config } from '../ops/config.ts'
import { shownLocation } from '../ops/config-kinds.ts'
import { storePath } from '../ops/data-folder.ts'

const served = [
  'hostname',
  'dnsServers',
  'tlsCertificate',
  'tlsKey',
  'listenAddress',
  'listenSmtp',
  'listenSubmissions',
  'listenSubmission',
  'listenImaps',
  'listenImap',
  'listenPop3s',
  'listenPop3',
  'listenManageSieve',
  'listenHttps',
  'listenPanel',
  'listenHttp',
] as const satisfies (keyof Config)[]

type Served = Pick<Config, (typeof served)[number]>

/** Without passwords; null where there is none. */
export interface ShownPlaces {
  store: string
  blobs: string | null
  redis: string | null
}

export interface ServedSettings {
  config: Served
  places: ShownPlaces
}

export function shownPlaces(config: Config): ShownPlaces {
  const { store, blobs, redis } = config
  return {
    store: store === null ? storePath(config) : shownLocation(store),
    blobs: blobs === null ? null : shownLocation(blobs),
    redis: redis === null ? null : shownLocation(redis),
  }
}

export function servedSettings(config: Config): ServedSettings {
  const shown = Object.fromEntries(served.map(name => [name, config[name]])) as Served
  return { config: shown, places: shownPlaces(config) }
}
