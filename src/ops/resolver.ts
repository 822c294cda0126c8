/**
 * DNS as values: an answer is records, or one of the three ways of having none, which mean different things to mail.
 * `no-domain` (NXDOMAIN) and `no-data` are facts and end a delivery; `temporary` (SERVFAIL, timeout, refused) says
 * nothing and is asked again later.
 *
 * Never reads /etc/hosts: the mail system follows DNS alone. Concurrent questions of one name are one question.
 */
import { Resolver as DnsResolver } from 'node:dns/promises'
import type { Clock } from './clock.ts'
import { LONGEST_TTL_MS, NEGATIVE_TTL_MS, RESOLVER_CACHE_ENTRIES, UNKNOWN_TTL_MS } from './limits.ts'

export type DnsAnswer<T> =
  | { kind: 'found'; records: T[] }
  | { kind: 'no-domain' }
  | { kind: 'no-data' }
  | { kind: 'temporary'; problem: string }

export interface MxRecord {
  preference: number
  /** Lower case, without the last dot; empty for the null MX (RFC 7505). */
  exchange: string
}

export interface Resolver {
  /** `fresh`: whatever is known from before. */
  mx(name: string, options?: { fresh: boolean }): Promise<DnsAnswer<MxRecord>>
  /** IPv4 and IPv6 addresses together, in no order that matters. */
  addresses(name: string): Promise<DnsAnswer<string>>
}

export interface SrvRecord {
  priority: number
  weight: number
  port: number
  /** Lower case, without the last dot; empty for a service that is decidedly not there (RFC 2782). */
  target: string
}

/** For a look at a domain's own records, beside those that mail goes by. */
export interface RecordResolver extends Resolver {
  srv(name: string): Promise<DnsAnswer<SrvRecord>>
  /** The name it stands for, in lower case and without the last dot. */
  cname(name: string): Promise<DnsAnswer<string>>
}

export interface ResolverOptions {
  clock: Clock
  /** `address` or `address:port`, `[IPv6]:port`; the system's where there are none. */
  servers?: string[]
  /** Milliseconds for the first try of one server; the library doubles it for each further one. */
  timeoutMs?: number
  tries?: number
}

export function createResolver(options: ResolverOptions): RecordResolver {
  const dns = new DnsResolver({ timeout: options.timeoutMs ?? 5_000, tries: options.tries ?? 3 })
  if (options.servers?.length) dns.setServers(options.servers)

  const mx = cached<MxRecord>(options.clock, async name => ({
    answer: await ask(async () =>
      (await dns.resolveMx(name)).map(({ priority, exchange }) => ({
        preference: priority,
        exchange: plain(exchange),
      })),
    ),
    ttlMs: UNKNOWN_TTL_MS,
  }))

  const addresses = cached<string>(options.clock, async name => {
    const answers = await Promise.all([
      ask(() => dns.resolve4(name, { ttl: true })),
      ask(() => dns.resolve6(name, { ttl: true })),
    ])
    const records = answers.flatMap(answer => (answer.kind === 'found' ? answer.records : []))
    if (records.length === 0) return { answer: worstOf(answers), ttlMs: NEGATIVE_TTL_MS }
    return {
      answer: { kind: 'found', records: records.map(record => record.address) },
      // One family's failure must not hide it for long.
      ttlMs: answers.some(answer => answer.kind === 'temporary')
        ? NEGATIVE_TTL_MS
        : Math.min(...records.map(record => record.ttl * 1000)),
    }
  })

  const srv = cached<SrvRecord>(options.clock, async name => ({
    answer: await ask(async () =>
      (await dns.resolveSrv(name)).map(({ priority, weight, port, name: target }) => ({
        priority,
        weight,
        port,
        target: plain(target),
      })),
    ),
    ttlMs: UNKNOWN_TTL_MS,
  }))

  const cname = cached<string>(options.clock, async name => ({
    answer: await ask(async () => (await dns.resolveCname(name)).map(plain)),
    ttlMs: UNKNOWN_TTL_MS,
  }))

  return { mx, addresses, srv, cname }
}

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '')

async function ask<T>(question: () => Promise<T[]>): Promise<DnsAnswer<T>> {
  try {
    const records = await question()
    return records.length > 0 ? { kind: 'found', records } : { kind: 'no-data' }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'ENOTFOUND') return { kind: 'no-domain' }
    if (code === 'ENODATA') return { kind: 'no-data' }
    // A name that can't be written into a question can't exist either.
    if (code === 'EBADNAME') return { kind: 'no-domain' }
    return { kind: 'temporary', problem: code }
  }
}

function worstOf(answers: DnsAnswer<unknown>[]): DnsAnswer<never> {
  for (const answer of answers) if (answer.kind === 'temporary') return answer
  return answers.some(answer => answer.kind === 'no-data') ? { kind: 'no-data' } : { kind: 'no-domain' }
}

type Lookup<T> = (name: string, options?: { fresh: boolean }) => Promise<DnsAnswer<T>>

function cached<T>(clock: Clock, look: (name: string) => Promise<{ answer: DnsAnswer<T>; ttlMs: number }>): Lookup<T> {
  const known = new Map<string, { answer: DnsAnswer<T>; until: number }>()
  const asking = new Map<string, Promise<DnsAnswer<T>>>()

  const lookAndKeep = async (name: string): Promise<DnsAnswer<T>> => {
    try {
      const { answer, ttlMs } = await look(name)
      if (answer.kind !== 'temporary') {
        const ttl = Math.min(answer.kind === 'found' ? ttlMs : NEGATIVE_TTL_MS, LONGEST_TTL_MS)
        // A Map keeps the order of insertion: the first is the oldest.
        const oldest = known.size >= RESOLVER_CACHE_ENTRIES ? known.keys().next().value : undefined
        if (oldest !== undefined) known.delete(oldest)
        known.set(name, { answer, until: clock.now() + ttl })
      }
      return answer
    } finally {
      asking.delete(name)
    }
  }

  return (name, { fresh } = { fresh: false }) => {
    const key = plain(name)
    const found = known.get(key)
    if (found && found.until > clock.now() && !fresh) return Promise.resolve(found.answer)
    known.delete(key)
    const running = asking.get(key)
    if (running) return running
    const question = lookAndKeep(key)
    asking.set(key, question)
    return question
  }
}
