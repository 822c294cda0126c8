/**
 * Where an IP address is, as roughly as it is known without asking anybody: its country, from a table that comes with the
 * program (see docs/decisions/0004-libraries.md). Good enough to tell that somebody is in another place than ever before.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isIP, isIPv6 } from 'node:net'
import { type CountryResponse, Reader } from 'mmdb-lib'
import type { Log } from './log.ts'
import { addressGroup, canonicalAddress } from './network-address.ts'

const TABLE = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb'

type Table = Reader<CountryResponse>

/** A function that knows the country of an address ("FR"), or its network ("192.0.0.0/16", "2001:db8::/32") where it has none. */
export function placesByCountry(log: Log): (address: string) => string {
  let table: Table | null | undefined
  return text => {
    const address = canonicalAddress(text)
    // 8 MB, read when first needed.
    if (table === undefined) table = openTable(log)
    return (table && countryIn(table, address)) ?? networkOf(address)
  }
}

function openTable(log: Log): Table | null {
  try {
    return new Reader<CountryResponse>(readFileSync(createRequire(import.meta.url).resolve(TABLE)))
  } catch (error) {
    log.error({ err: error }, 'the table of countries can’t be read: places are told apart by network')
    return null
  }
}

function countryIn(table: Table, address: string): string | null {
  if (isIP(address) === 0) return null
  // Its rows are not those that the reader's types know: { country_code }, ISO 3166.
  const row = table.get(address) as { country_code?: string } | null
  return row?.country_code ?? null
}

/** As much as one provider gives to a region: what is private, or in no table. */
export function networkOf(address: string): string {
  if (isIPv6(address)) return `${addressGroup(address).split(':').slice(0, 2).join(':')}::/32`
  const [first = '', second = ''] = address.split('.')
  return `${first}.${second}.0.0/16`
}
