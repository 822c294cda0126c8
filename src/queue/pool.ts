/**
 * Connections that wait, open, for the next message to their destination. A connection is either here or in the hands
 * of one delivery; how many there are at once is the scheduler's business.
 */
import { IDLE_CONNECTIONS } from './limits.ts'
import type { QueueSettings } from './settings.ts'
import type { RemoteConnection } from './smtp/connection.ts'

interface Idle {
  connection: RemoteConnection
  timer: NodeJS.Timeout
}

export class ConnectionPool {
  readonly #settings: Pick<QueueSettings, 'connectionIdle' | 'connectionLifetime' | 'messagesPerConnection'>
  readonly #idle = new Map<string, Idle[]>()
  #count = 0
  #closed = false

  constructor(settings: Pick<QueueSettings, 'connectionIdle' | 'connectionLifetime' | 'messagesPerConnection'>) {
    this.#settings = settings
  }

  /** The connection used last, which is the least likely to be closed by the other side. */
  take(destination: string): RemoteConnection | null {
    for (;;) {
      const last = this.#idle.get(destination)?.at(-1)
      if (!last) return null
      this.#forget(destination, last)
      if (last.connection.usable) return last.connection
      last.connection.destroy()
    }
  }

  /** Keeps the connection for the next message, or ends it where it has served enough. */
  give(destination: string, connection: RemoteConnection): void {
    const { connectionIdle, connectionLifetime, messagesPerConnection } = this.#settings
    const spent =
      this.#closed ||
      connection.tlsMissed ||
      connection.transactions >= messagesPerConnection ||
      performance.now() - connection.openedAt >= connectionLifetime ||
      this.#count >= IDLE_CONNECTIONS
    if (spent || !connection.usable) {
      connection.quit()
      return
    }
    const idle: Idle = {
      connection,
      timer: setTimeout(() => {
        this.#forget(destination, idle)
        connection.quit()
      }, connectionIdle),
    }
    idle.timer.unref()
    this.#count++
    this.#idle.set(destination, [...(this.#idle.get(destination) ?? []), idle])
  }

  close(): void {
    this.#closed = true
    for (const [destination, list] of [...this.#idle])
      for (const idle of list) {
        this.#forget(destination, idle)
        idle.connection.quit()
      }
  }

  #forget(destination: string, idle: Idle): void {
    clearTimeout(idle.timer)
    const rest = (this.#idle.get(destination) ?? []).filter(other => other !== idle)
    if (rest.length > 0) this.#idle.set(destination, rest)
    else this.#idle.delete(destination)
    this.#count--
  }
}
