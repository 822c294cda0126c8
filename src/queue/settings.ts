/** What an operator may set of the queue, with the defaults. Times are milliseconds. */

/** How long a remote server may take (RFC 5321 §4.5.3.2 gives the least for each). */
export interface RemoteTimeouts {
  connect: number
  greeting: number
  /** EHLO, HELO, RSET and the TLS handshake. */
  hello: number
  mail: number
  recipient: number
  dataStart: number
  dataBlock: number
  dataEnd: number
}

export interface QueueSettings {
  /** The port remote servers are reached on. */
  port: number
  /** Deliveries under way at once, in all and to one destination. */
  concurrency: number
  concurrencyPerDestination: number
  /** Recipients leased at once, in all and of one destination: what is held in memory. */
  activeRecipients: number
  activePerDestination: number
  recipientsPerTransaction: number
  messagesPerConnection: number
  /** How long a connection waits for the next message to its destination, and how long it lives at most. */
  connectionIdle: number
  connectionLifetime: number
  /** The first retry, and the longest wait between two. */
  retryFirst: number
  retryLongest: number
  /** When a message is given up, counted from its arrival (RFC 5321 §4.5.4.1: four to five days). */
  lifetime: number
  /** When its sender is told of the delay. */
  delayNotice: number
  /** How long a recipient belongs to the process that took it. Also bounds the length of one attempt. */
  lease: number
  /** The longest sleep: how soon what another process queued is seen. */
  poll: number
  timeouts: RemoteTimeouts
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

export const defaultQueueSettings: QueueSettings = {
  port: 25,
  concurrency: 100,
  concurrencyPerDestination: 10,
  activeRecipients: 5_000,
  activePerDestination: 500,
  recipientsPerTransaction: 100,
  messagesPerConnection: 100,
  connectionIdle: 5 * second,
  connectionLifetime: 5 * minute,
  retryFirst: 5 * minute,
  retryLongest: 4 * hour,
  lifetime: 5 * 24 * hour,
  delayNotice: 4 * hour,
  lease: 45 * minute,
  poll: minute,
  timeouts: {
    connect: 30 * second,
    greeting: 5 * minute,
    hello: 5 * minute,
    mail: 5 * minute,
    recipient: 5 * minute,
    dataStart: 2 * minute,
    dataBlock: 3 * minute,
    dataEnd: 10 * minute,
  },
}
