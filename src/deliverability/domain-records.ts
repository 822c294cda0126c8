/** A domain's records as they should be beside what DNS has: for the page of a domain. */

import { AccountError } from '../accounts/account-error.ts'
import { type Actor, requireDomain } from '../accounts/actor.ts'
import type { ClientSetUp } from '../accounts/client-set-up.ts'
import type { Clock } from '../ops/clock.ts'
import type { DnsAnswer, RecordResolver } from '../ops/resolver.ts'
import { type DnsRecord, type DnsRecordData, dnsRecordsOf, dnsRecordText } from '../wire/autoconfig/dns-records.ts'

/** `unknown`: the domain's servers gave no answer. `different`: there is one, or one more, that leads elsewhere. */
export type RecordState = 'found' | 'different' | 'missing' | 'unknown'

export interface CheckedRecord {
  record: DnsRecord
  state: RecordState
  /** What there is, as a zone file has it. */
  found: string[]
}

export interface DomainRecordsParts {
  clientSetUp: ClientSetUp
  /** A new one for each look: what was changed a moment ago is to be seen. */
  resolver(): RecordResolver
  clock: Clock
}

export class DomainRecords {
  readonly #parts: DomainRecordsParts

  constructor(parts: DomainRecordsParts) {
    this.#parts = parts
  }

  /** Throws `domain-not-found` where there is none, or it is not the actor's. */
  async check(actor: Actor, name: string): Promise<{ domain: string; checkedAt: number; records: CheckedRecord[] }> {
    const { clientSetUp: setUp, clock } = this.#parts
    const domain = await setUp.ownDomain(name)
    requireDomain(actor, domain ?? name)
    if (domain === null) throw new AccountError('domain-not-found', `There is no domain ${name}`, { domain: name })
    const { host: webHost, port: webPort } = setUp.web
    const records = dnsRecordsOf({
      domain,
      mxHost: await setUp.mxHost(),
      webHost,
      webPort,
      servers: await setUp.servers(),
    })
    const resolver = this.#parts.resolver()
    return {
      domain,
      checkedAt: clock.now(),
      records: await Promise.all(records.map(record => checkRecord(resolver, record))),
    }
  }
}

export async function checkRecord(resolver: RecordResolver, record: DnsRecord): Promise<CheckedRecord> {
  const { name, data } = record
  if (data.type === 'MX') return judged(record, mxOf(await resolver.mx(name)), sameMx)
  if (data.type === 'SRV') return judged(record, srvOf(await resolver.srv(name)), sameSrv)
  const cname = await resolver.cname(name)
  if (cname.kind === 'found' || cname.kind === 'temporary') return judged(record, cnameOf(cname), sameCname)
  return checkAddresses(resolver, record, data.target)
}

type Found = DnsAnswer<DnsRecordData>

/** All that was found has to be as it should: mail goes to any MX, a program takes any SRV. */
function judged(
  record: DnsRecord,
  answer: Found,
  same: (a: DnsRecordData, b: DnsRecordData) => boolean,
): CheckedRecord {
  if (answer.kind === 'temporary') return { record, state: 'unknown', found: [] }
  if (answer.kind !== 'found') return { record, state: 'missing', found: [] }
  const isRight = answer.records.every(data => same(data, record.data))
  return { record, state: isRight ? 'found' : 'different', found: answer.records.map(dnsRecordText).toSorted() }
}

/** The name may have addresses of its own instead of another name: those of the host do as well. */
async function checkAddresses(resolver: RecordResolver, record: DnsRecord, target: string): Promise<CheckedRecord> {
  const [own, wanted] = await Promise.all([resolver.addresses(record.name), resolver.addresses(target)])
  if (own.kind === 'temporary') return { record, state: 'unknown', found: [] }
  if (own.kind !== 'found') return { record, state: 'missing', found: [] }
  const isRight = wanted.kind === 'found' && own.records.every(address => wanted.records.includes(address))
  return { record, state: isRight ? 'found' : 'different', found: own.records.toSorted() }
}

const mxOf = (answer: Awaited<ReturnType<RecordResolver['mx']>>): Found =>
  mapped(answer, ({ preference, exchange }) => ({ type: 'MX', preference, exchange }))
const srvOf = (answer: Awaited<ReturnType<RecordResolver['srv']>>): Found =>
  mapped(answer, srv => ({ type: 'SRV', ...srv }))
const cnameOf = (answer: Awaited<ReturnType<RecordResolver['cname']>>): Found =>
  mapped(answer, target => ({ type: 'CNAME', target }))

function mapped<T>(answer: DnsAnswer<T>, data: (record: T) => DnsRecordData): Found {
  return answer.kind === 'found' ? { kind: 'found', records: answer.records.map(data) } : answer
}

/** Preferences, priorities and weights are the domain's own affair. */
const sameMx = (a: DnsRecordData, b: DnsRecordData): boolean =>
  a.type === 'MX' && b.type === 'MX' && a.exchange === b.exchange
const sameSrv = (a: DnsRecordData, b: DnsRecordData): boolean =>
  a.type === 'SRV' && b.type === 'SRV' && a.target === b.target && (a.target === '' || a.port === b.port)
const sameCname = (a: DnsRecordData, b: DnsRecordData): boolean =>
  a.type === 'CNAME' && b.type === 'CNAME' && a.target === b.target
