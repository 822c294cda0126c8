/** The servers that a mail program is told to use, as every format of this room takes them. */

export interface ClientServer {
  host: string
  port: number
  /** `tls`: from the first byte. `starttls`: before anything else is said. There is no third way. */
  security: 'tls' | 'starttls'
}

/** Best first; a protocol with an empty list is not offered. */
export interface ClientServers {
  imap: readonly ClientServer[]
  pop3: readonly ClientServer[]
  smtp: readonly ClientServer[]
}
