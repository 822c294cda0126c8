import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Transaction } from '../../transaction.ts'
import type { BrandOwner } from '../../types/brand.ts'
import type { PrincipalId } from '../../types/principals.ts'
import type { Operation } from '../operation.ts'

export const setBrand: Operation<'brand.set'> = async (tx, { principalId, at, ...change }) => {
  await tx.run(sql`
    INSERT INTO brand (principal_id, updated_at) VALUES (${principalId}, ${at})
    ON CONFLICT (principal_id) DO UPDATE SET updated_at = excluded.updated_at`)
  const { name, primaryColour, supportAddress, logo, hosts } = change
  if (name !== undefined) await tx.run(sql`UPDATE brand SET name = ${name} WHERE principal_id = ${principalId}`)
  if (primaryColour !== undefined)
    await tx.run(sql`UPDATE brand SET primary_colour = ${primaryColour} WHERE principal_id = ${principalId}`)
  if (supportAddress !== undefined)
    await tx.run(sql`UPDATE brand SET support_address = ${supportAddress} WHERE principal_id = ${principalId}`)
  if (logo !== undefined)
    await tx.run(sql`
      UPDATE brand SET logo = ${logo?.bytes ?? null}, logo_type = ${logo?.type ?? null}, logo_hash = ${logo?.hash ?? null}
      WHERE principal_id = ${principalId}`)
  if (hosts !== undefined) await setHosts(tx, principalId, hosts)
}

async function setHosts(tx: Transaction, principalId: BrandOwner, hosts: string[]): Promise<void> {
  await tx.run(sql`DELETE FROM brand_host WHERE principal_id = ${principalId}`)
  for (const host of hosts) {
    if (await tx.get(sql`SELECT 1 FROM brand_host WHERE host = ${host}`))
      throw new StoreError('already-exists', `another brand has the host ${host}`)
    await tx.run(sql`INSERT INTO brand_host (host, principal_id) VALUES (${host}, ${principalId})`)
  }
}

/**
 * Hosts in domains that the manager has no longer: whoever came there would be shown his brand, and its next manager could not
 * have them. Those that staff gave him elsewhere stay.
 */
export async function leaveHosts(tx: Transaction, principalId: PrincipalId, left: readonly string[]): Promise<void> {
  if (left.length === 0) return
  const kept = await tx.all<[string]>(sql`SELECT domain FROM principal_domain WHERE principal_id = ${principalId}`)
  const hosts = await tx.all<[string]>(sql`SELECT host FROM brand_host WHERE principal_id = ${principalId}`)
  for (const [host] of hosts) {
    const isIn = (domain: string): boolean => host === domain || host.endsWith(`.${domain}`)
    if (left.some(isIn) && !kept.some(([domain]) => isIn(domain)))
      await tx.run(sql`DELETE FROM brand_host WHERE host = ${host}`)
  }
}
