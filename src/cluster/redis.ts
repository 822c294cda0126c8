/**
 * Notices over Redis: PUBLISH and SUBSCRIBE, nothing is kept there. While it can't be reached, what is published is dropped,
 * and it is tried again until it is there. A user whom it refuses to speak or to listen has it as little.
 */
import { createClient, ErrorReply } from '@redis/client'
import { inTime } from '../ops/in-time.ts'
import type { Log } from '../ops/log.ts'
import {
  RECONNECT_FIRST_MS,
  RECONNECT_LONGEST_MS,
  REDIS_ASKED_MS,
  REDIS_CONNECT_MS,
  REDIS_PING_MS,
  REDIS_SILENT_MS,
} from './limits.ts'
import type { Channel, Link } from './link.ts'

export interface RedisLinkOptions {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. */
  url: string
  /** Before each channel's name: services that share a server don't hear each other. */
  prefix: string
  log: Log
  /** Told each time it is reached, or lost. */
  onState(isReady: boolean): void
}

/** What a user has to have. Since version 7, channels are not among what Redis gives by default. */
const rights = '+@connection +@pubsub &facteur*'

/** Behind the prefix, or behind that of all: what is said there tells nobody anything. */
const TRIED = 'tried'

type Client = ReturnType<typeof clientOf>

function clientOf(url: string) {
  return createClient({
    url,
    name: 'facteur',
    disableOfflineQueue: true,
    pingInterval: REDIS_PING_MS,
    socket: {
      connectTimeout: REDIS_CONNECT_MS,
      socketTimeout: REDIS_SILENT_MS,
      reconnectStrategy: retries =>
        Math.min(RECONNECT_FIRST_MS * 2 ** Math.min(retries, 10), RECONNECT_LONGEST_MS) * (0.5 + Math.random() / 2),
    },
  })
}

export class RedisLink implements Link {
  readonly #options: RedisLinkOptions
  readonly #speaker: Client
  readonly #hearer: Client
  readonly #listeners = new Map<string, Channel>()
  /** Which of the two may do what it is there for, on its connection. */
  readonly #entitled = new Set<Client>()
  readonly #triesAgain = new Set<Client>()
  /** Looks in a row behind which no answer to a ping came. */
  readonly #unanswered = new Map<Client, number>()
  #watch: NodeJS.Timeout | undefined
  /** null: neither reached nor refused yet. */
  #wasReady: boolean | null = null
  #closed = false

  constructor(options: RedisLinkOptions) {
    this.#options = options
    this.#speaker = clientOf(options.url)
    this.#hearer = clientOf(options.url)
    for (const client of [this.#speaker, this.#hearer]) {
      // Each failed attempt is one; that it is gone is said once, by #noteState.
      client.on('error', error => this.#noteState(error))
      client.on('ready', () => {
        this.#entitled.delete(client)
        this.#unanswered.set(client, 0)
        this.#try(client)
      })
      client.on('ping-interval', () => this.#unanswered.set(client, 0))
    }
  }

  get isReady(): boolean {
    return [this.#speaker, this.#hearer].every(client => client.isReady && this.#entitled.has(client))
  }

  /** Does not wait for it: a service without Redis works. */
  start(): this {
    for (const client of [this.#speaker, this.#hearer]) client.connect().catch(() => {})
    this.#watch = setInterval(() => [this.#speaker, this.#hearer].forEach(this.#look), REDIS_PING_MS).unref()
    return this
  }

  publish(channel: string, text: string): void {
    if (!this.#speaker.isReady) return
    this.#speaker.publish(this.#options.prefix + channel, text).catch(error => this.#refused(this.#speaker, error))
  }

  listen(channel: string, listener: Channel): () => void {
    const name = this.#options.prefix + channel
    this.#listeners.set(name, listener)
    if (this.#hearer.isReady) this.#subscribe([name]).catch(error => this.#refused(this.#hearer, error))
    return () => {
      if (this.#listeners.get(name) !== listener) return
      this.#listeners.delete(name)
      this.#hearer.unsubscribe(name, this.#heard).catch(() => {})
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#watch)
    for (const client of [this.#speaker, this.#hearer]) client.destroy()
  }

  /** The socket's own time runs anew with whatever is written: a busy node would never notice that nothing is heard. */
  readonly #look = (client: Client): void => {
    if (!client.isReady) return
    const looks = (this.#unanswered.get(client) ?? 0) + 1
    this.#unanswered.set(client, looks)
    if (looks * REDIS_PING_MS <= REDIS_SILENT_MS) return
    client.destroy()
    this.#noteState(new Error('nothing is heard of it'))
    client.connect().catch(() => {})
  }

  /** The same function each time: the client, which subscribes again by itself, then has it once. */
  readonly #heard = (text: string, name: string): void => this.#listeners.get(name)?.heard(text)

  async #subscribe(names: string[]): Promise<void> {
    await this.#hearer.subscribe(names, this.#heard)
    for (const name of names) this.#listeners.get(name)?.begun()
  }

  #try(client: Client): void {
    const tried = this.#options.prefix + TRIED
    const asked =
      client === this.#speaker ? client.publish(tried, '') : this.#subscribe([tried, ...this.#listeners.keys()])
    asked.then(
      () => {
        this.#entitled.add(client)
        this.#noteState()
      },
      error => this.#refused(client, error),
    )
  }

  /** Rights may be given at any time. Where the connection broke, all is tried with the next. */
  #refused(client: Client, error: unknown): void {
    if (!(error instanceof ErrorReply) || this.#triesAgain.has(client)) return
    this.#entitled.delete(client)
    this.#noteState(error)
    this.#triesAgain.add(client)
    setTimeout(() => {
      this.#triesAgain.delete(client)
      if (client.isReady) this.#try(client)
    }, RECONNECT_LONGEST_MS).unref()
  }

  #noteState(error?: unknown): void {
    const { isReady } = this
    if (this.#closed || isReady === this.#wasReady) return
    // At the start one of the two is reached before the other.
    if (this.#wasReady === null && !isReady && error === undefined) return
    const wasReached = this.#wasReady !== null
    this.#wasReady = isReady
    const { log, onState } = this.#options
    if (isReady) log.info({}, 'Redis is reached: changes of other nodes are heard at once')
    else
      log.warn(
        { problem: messageOf(error) },
        wasReached ? 'Redis is gone: polling instead' : 'Redis can’t be reached: polling instead',
      )
    onState(isReady)
  }
}

/** Why it can't be reached from here, for those who keep no link; null where it can. */
export async function redisProblem(url: string): Promise<string | null> {
  const client = createClient({ url, name: 'facteur', socket: { reconnectStrategy: false } })
  client.on('error', () => {})
  const tried = `facteur ${TRIED}`
  const ask = async (): Promise<void> => {
    await client.connect()
    await client.ping()
    await client.publish(tried, '')
    await client.subscribe(tried, () => {})
  }
  try {
    return await inTime(
      REDIS_ASKED_MS,
      ask().then(() => null),
      () => 'nothing is heard of it',
    )
  } catch (error) {
    return messageOf(error)
  } finally {
    if (client.isOpen) client.destroy()
  }
}

/** The system gives one for each address of a name, and itself no text. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  const message = error instanceof Error ? error.message : String(error)
  return message.startsWith('NOPERM') ? `${message}: its user needs ${rights}` : message
}
