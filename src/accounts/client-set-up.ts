/** What mail programs are told of this service: servers as they are listened on, under the names staff gave them. */

import type { Store } from '../store/store.ts'
import type { ClientServer, ClientServers } from '../wire/autoconfig/client-servers.ts'
import { parseDomain } from './addresses.ts'

export interface ClientSetUpParts {
  store: Pick<Store, 'read'>
  /** The service's own host. */
  hostname: string
  /** Names that are told instead of the host's; null: the host's. */
  hosts(): Promise<Record<'imapHost' | 'pop3Host' | 'smtpHost' | 'mxHost', string | null>>
  /** What is listened on at the moment. */
  listeners(): readonly { service: string; port: number }[]
  /** Whole address of a path of the panel. */
  linkTo(path: string): string
}

/** Where a protocol is on several ports, the one people know is told. */
const STANDARD: Record<string, number> = {
  imaps: 993,
  imap: 143,
  pop3s: 995,
  pop3: 110,
  submissions: 465,
  submission: 587,
}

export class ClientSetUp {
  readonly #parts: ClientSetUpParts

  constructor(parts: ClientSetUpParts) {
    this.#parts = parts
  }

  get hostname(): string {
    return this.#parts.hostname
  }

  /** Where other servers are to bring the mail of domains. */
  async mxHost(): Promise<string> {
    return (await this.#parts.hosts()).mxHost ?? this.#parts.hostname
  }

  /** RFC 8314 §3: TLS from the first byte goes first; of what is read, STARTTLS is told only where there is nothing else. */
  async servers(): Promise<ClientServers> {
    const { imapHost, pop3Host, smtpHost } = await this.#parts.hosts()
    const [imap, imapStart] = [this.#on('imaps', imapHost, 'tls'), this.#on('imap', imapHost, 'starttls')]
    const [pop3, pop3Start] = [this.#on('pop3s', pop3Host, 'tls'), this.#on('pop3', pop3Host, 'starttls')]
    return {
      imap: imap.length > 0 ? imap : imapStart,
      pop3: pop3.length > 0 ? pop3 : pop3Start,
      // Both: some networks let only one of the two out.
      smtp: [...this.#on('submissions', smtpHost, 'tls'), ...this.#on('submission', smtpHost, 'starttls')],
    }
  }

  /** The panel's address without a path, and where its host and port are asked for apart. */
  get web(): { url: string; host: string; port: number } {
    const url = new URL(this.#parts.linkTo('/'))
    return { url: url.origin, host: url.hostname, port: url.port === '' ? 443 : Number(url.port) }
  }

  linkTo(path: string): string {
    return this.#parts.linkTo(path)
  }

  /** The domain in the form it is kept in, where its mail is ours; else null. */
  async ownDomain(text: string): Promise<string | null> {
    const domain = parseDomain(text)
    if (domain === null) return null
    const found = await this.#parts.store.read('address.lookup', { address: `postmaster@${domain}`, domain })
    return found.domain === null ? null : domain
  }

  #on(service: string, host: string | null, security: ClientServer['security']): ClientServer[] {
    const ports = this.#parts.listeners().flatMap(bound => (bound.service === service ? bound.port : []))
    const standard = STANDARD[service]
    const port = ports.find(bound => bound === standard) ?? ports[0]
    return port === undefined ? [] : [{ host: host ?? this.#parts.hostname, port, security }]
  }
}
