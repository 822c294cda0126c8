/** /domains/:domain/dns: a domain's records as they should be, beside what DNS has at the moment. */
import Type from 'typebox'
import { dnsRecordText } from '../wire/autoconfig/dns-records.ts'
import { managers, type Route, route } from './route.ts'
import { DomainName, Time } from './schemas.ts'
import type { ApiServices } from './services.ts'

const CheckedRecord = Type.Object({
  name: Type.String({ description: 'Whole, without the last dot' }),
  type: Type.Enum(['MX', 'SRV', 'CNAME']),
  purpose: Type.String(),
  need: Type.Enum(['required', 'recommended', 'optional']),
  expected: Type.String({ description: 'As a zone file has it' }),
  state: Type.Enum(['found', 'different', 'missing', 'unknown']),
  found: Type.Array(Type.String()),
})

export function domainDnsRoutes({ domainRecords }: Pick<ApiServices, 'domainRecords'>): Route[] {
  return [
    route({
      method: 'GET',
      path: '/domains/:domain/dns',
      operationId: 'checkDomainDns',
      summary: 'The records of a domain as they should be, and what DNS has; asked anew each time',
      tag: 'domains',
      access: managers,
      scope: 'directory:read',
      params: Type.Object({ domain: DomainName }),
      response: Type.Object({ domain: Type.String(), checkedAt: Time, records: Type.Array(CheckedRecord) }),
      async handle({ actor, params }) {
        const { domain, checkedAt, records } = await domainRecords.check(actor, params.domain)
        return {
          domain,
          checkedAt,
          records: records.map(({ record: { name, purpose, need, data }, state, found }) => ({
            name,
            type: data.type,
            purpose,
            need,
            expected: dnsRecordText(data),
            state,
            found,
          })),
        }
      },
    }),
  ]
}
