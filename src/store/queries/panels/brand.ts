/** Brands: of the service, of managers, found by who asks. */
import { Fragment, sql } from '../../sql.ts'
import type { Reader } from '../../transaction.ts'
import type { BrandRow, Logo } from '../../types/brand.ts'
import type { Query } from '../query.ts'

/** Of `brand AS b`. */
const brandColumns = new Fragment(
  'b.principal_id, b.name, b.primary_colour, b.support_address, b.logo_type, b.logo_hash, b.updated_at',
)
type BrandTuple = [number, string | null, string | null, string | null, Logo['type'] | null, string | null, number]

export const listBrands: Query<'brand.list'> = async reader => {
  const tuples = await reader.all<[...BrandTuple, string]>(sql`
    SELECT ${brandColumns}, p.address FROM brand AS b JOIN principal AS p ON p.principal_id = b.principal_id
    WHERE p.role = 'manager' ORDER BY p.address`)
  const hosts = await reader.all<[number, string]>(sql`SELECT principal_id, host FROM brand_host ORDER BY host`)
  return tuples.map(columns => ({
    ...brandOf(
      columns,
      hosts.filter(([principalId]) => principalId === columns[0]).map(([, host]) => host),
    ),
    address: columns[7],
  }))
}

export const brandByPrincipal: Query<'brand.byPrincipal'> = async (reader, { principalId }) =>
  withHosts(
    reader,
    await reader.get<BrandTuple>(sql`SELECT ${brandColumns} FROM brand AS b WHERE b.principal_id = ${principalId}`),
  )

export const brandByHost: Query<'brand.byHost'> = async (reader, { host }) =>
  withHosts(
    reader,
    await reader.get<BrandTuple>(sql`
      SELECT ${brandColumns} FROM brand_host AS h JOIN brand AS b ON b.principal_id = h.principal_id
      WHERE h.host = ${host}`),
  )

export const brandByDomain: Query<'brand.byDomain'> = async (reader, { domain }) =>
  withHosts(
    reader,
    await reader.get<BrandTuple>(sql`
      SELECT ${brandColumns} FROM principal_domain AS d
        JOIN principal AS p ON p.principal_id = d.principal_id
        JOIN brand AS b ON b.principal_id = d.principal_id
      WHERE d.domain = ${domain} AND p.role = 'manager' ORDER BY p.address LIMIT 1`),
  )

export const brandLogo: Query<'brand.logo'> = async (reader, { hash }) => {
  const row = await reader.get<[Logo['type'], Uint8Array]>(sql`
    SELECT logo_type, logo FROM brand WHERE logo_hash = ${hash} LIMIT 1`)
  return row ? { type: row[0], bytes: row[1], hash } : null
}

async function withHosts(reader: Reader, tuple: BrandTuple | undefined): Promise<BrandRow | null> {
  if (!tuple) return null
  const hosts = await reader.all<[string]>(sql`
    SELECT host FROM brand_host WHERE principal_id = ${tuple[0]} ORDER BY host`)
  return brandOf(
    tuple,
    hosts.map(([host]) => host),
  )
}

function brandOf(
  [principalId, name, primaryColour, supportAddress, logoType, logoHash, updatedAt]: readonly [
    ...BrandTuple,
    ...unknown[],
  ],
  hosts: string[],
): BrandRow {
  const logo = logoType === null || logoHash === null ? null : { type: logoType, hash: logoHash }
  return { principalId, name, primaryColour, supportAddress, logo, hosts, updatedAt }
}
