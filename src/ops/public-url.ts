/**
 * The address under which people reach the panel: what links in mails and on the command line begin with.
 *
 * It is `web.url` where that is set, else made of the host's name and the port that was bound. That port is kept in the
 * store, so that the command line of a stopped service makes the links the service will answer. Nothing that a client
 * sends (Host) has a part in it: who asks for a reset could else choose where its link leads.
 */
import type { Store } from '../store/store.ts'
import type { Config } from './config.ts'
import type { Endpoint } from './config-kinds.ts'

type Settings = Pick<Config, 'hostname' | 'webUrl' | 'listenHttps' | 'listenPanel'>

/** Whole address of a path of the panel, which begins with "/". */
export type LinkTo = (path: string) => string

const SETTING = 'web.port'
const HTTPS_PORT = 443

export class PublicUrl {
  readonly #store: Store
  readonly #settings: Settings
  #port: number

  private constructor(store: Store, settings: Settings, port: number) {
    this.#store = store
    this.#settings = settings
    this.#port = port
  }

  static async open(store: Store, settings: Settings): Promise<PublicUrl> {
    const wanted = wantedPort(settings)
    const kept = parseKept(await store.read('setting.get', { name: SETTING }))
    return new PublicUrl(store, settings, kept?.wanted === wanted ? kept.port : wanted)
  }

  readonly linkTo: LinkTo = path => {
    const { webUrl, hostname } = this.#settings
    const base = webUrl ?? `https://${hostname}${this.#port === HTTPS_PORT ? '' : `:${this.#port}`}`
    return `${base}${path}`
  }

  /** Told once, of the listeners that were bound. */
  async listening(bound: readonly { service: string; port: number }[]): Promise<void> {
    const found = ['https', 'panel'].map(name => bound.find(({ service }) => service === name)).find(Boolean)
    if (!found || found.port === this.#port) return
    this.#port = found.port
    const value = JSON.stringify({ wanted: wantedPort(this.#settings), port: found.port })
    await this.#store.write('setting.set', { name: SETTING, value })
  }
}

/** As the settings have it: of 443's listener, else of the panel's. */
function wantedPort({ listenHttps, listenPanel }: Settings): number {
  const first = (endpoints: readonly Endpoint[]): number | undefined => endpoints[0]?.port
  return first(listenHttps) ?? first(listenPanel) ?? HTTPS_PORT
}

function parseKept(text: string | null): { wanted: number; port: number } | null {
  if (text === null) return null
  const kept: unknown = JSON.parse(text)
  if (typeof kept !== 'object' || kept === null || !('wanted' in kept) || !('port' in kept)) return null
  const { wanted, port } = kept
  return typeof wanted === 'number' && typeof port === 'number' ? { wanted, port } : null
}
