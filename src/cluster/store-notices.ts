/**
 * What nodes keep in memory and must not keep once it changed: who may be signed in, the service's settings, common scripts.
 * Each change of them leaves a notice in the store, in its own transaction, so that none is lost with a node or with Redis; all
 * nodes read those once a second. A notice carries no data: whoever hears it looks for itself.
 */
import { randomBytes } from 'node:crypto'
import { concernedBy } from '../accounts/sign-ins/credential-notices.ts'
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import type { AnyOperation, Operations, Store } from '../store/store.ts'
import type { PrincipalId } from '../store/types/principals.ts'
import { NOTICES_KEPT_MS, NOTICES_READ_EVERY_MS, NOTICES_READ_MS } from './limits.ts'
import { wentBackTopic } from './went-back.ts'

export interface NoticeListeners {
  /** null: of everybody. */
  credentials(principalId: PrincipalId | null): void
  settings(): void
  commonScripts(): void
  /** The database lacks what another node has committed. */
  wentBack(): void
}

const EVERYBODY = 'credentials *'

function topicsOf<K extends keyof Operations>(operation: K, args: Operations[K]['args']): Set<string> {
  if (operation === 'several') {
    const { operations } = args as { operations: readonly AnyOperation[] }
    return new Set(operations.flatMap(each => [...topicsOf(each.operation, each.args)]))
  }
  const topics = new Set([...concernedBy(operation, args)].map(id => (id === null ? EVERYBODY : `credentials ${id}`)))
  if (operation === 'setting.set' || operation === 'setting.remove') {
    const { name } = args as Operations['setting.remove']['args']
    if (name.startsWith('service.')) topics.add('settings')
  }
  if (operation === 'commonScript.set' || operation === 'commonScript.remove') topics.add('common-scripts')
  return topics
}

/** The same store; what concerns other nodes is told them with it. */
export function tellingNodes(store: Store, nodeId: string, clock: Clock): Store {
  return {
    blobs: store.blobs,
    read: (query, args) => store.read(query, args),
    async write(operation, args) {
      // The name and the arguments are of one operation; the compiler can't follow that for a name not known before.
      const topics = topicsOf(operation, args as never)
      if (topics.size === 0) return store.write(operation, args)
      const stamp = `${randomBytes(8).toString('hex')} ${nodeId}`
      const notice = { operation: 'notice.put', args: { topics: [...topics], stamp, at: clock.now() } } as const
      const isSeveral = operation === 'several'
      const given = isSeveral
        ? (args as Operations['several']['args']).operations
        : [{ operation, args } as AnyOperation]
      const results = await store.write('several', { operations: [...given, notice] })
      // The notice's own is nobody's.
      return (isSeveral ? results.slice(0, -1) : results[0]) as Operations[typeof operation]['result']
    },
    verify: progress => store.verify(progress),
    close: () => store.close(),
  }
}

export interface NoticeReaderParts {
  store: Pick<Store, 'read'>
  nodeId: string
  listeners: NoticeListeners
  /** By how much the clock of another node is behind this one's at most: by that one it says when it told something. */
  behindMs?: () => number
  clock: Clock
  log: Log
}

/** Reads what the other nodes told. */
export class NoticeReader {
  readonly #parts: NoticeReaderParts
  #known = new Map<string, string>()
  #failed = false
  #stopped = false
  #timer: NodeJS.Timeout | null = null

  constructor(parts: NoticeReaderParts) {
    this.#parts = parts
  }

  /** What was told before concerns nobody here: nothing is kept yet. Returns what ends it. */
  async start(): Promise<() => void> {
    this.#known = await this.#read()
    this.#plan()
    return () => {
      this.#stopped = true
      if (this.#timer) clearTimeout(this.#timer)
    }
  }

  /** Never rejects: what can't be read now is read the next time. */
  async look(): Promise<void> {
    const { nodeId, log } = this.#parts
    try {
      const found = await this.#read()
      const known = this.#known
      this.#known = found
      for (const [topic, stamp] of found)
        if (known.get(topic) !== stamp && !stamp.endsWith(` ${nodeId}`)) this.#tell(topic)
      // What was told while nothing could be read may be gone from what is read now.
      if (this.#failed) this.#tellAll()
      this.#failed = false
    } catch (error) {
      if (!this.#failed && !this.#stopped) log.warn({ err: error }, 'notices of other nodes can’t be read')
      this.#failed = true
    }
  }

  async #read(): Promise<Map<string, string>> {
    const { store, clock, behindMs } = this.#parts
    const since = clock.now() - NOTICES_READ_MS - (behindMs?.() ?? 0)
    const rows = await store.read('notice.since', { since })
    return new Map(rows.map(({ topic, stamp }) => [topic, stamp]))
  }

  #tell(topic: string): void {
    const { listeners } = this.#parts
    if (topic === 'settings') listeners.settings()
    else if (topic === 'common-scripts') listeners.commonScripts()
    else if (topic === wentBackTopic) listeners.wentBack()
    else if (topic === EVERYBODY) listeners.credentials(null)
    else if (topic.startsWith('credentials ')) listeners.credentials(Number(topic.slice('credentials '.length)))
  }

  #tellAll(): void {
    for (const topic of ['settings', 'common-scripts', EVERYBODY]) this.#tell(topic)
  }

  #plan(): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => void this.look().finally(() => this.#plan()), NOTICES_READ_EVERY_MS).unref()
  }
}

/** Forgets what all nodes have read long since; true where there is more. */
export async function sweepNotices(store: Pick<Store, 'write'>, now: number, limit: number): Promise<boolean> {
  const { removed } = await store.write('notice.sweep', { before: now - NOTICES_KEPT_MS, limit })
  return removed === limit
}
