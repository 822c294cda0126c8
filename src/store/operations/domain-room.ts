/**
 * What a domain may have: so many mailboxes, and so much space sold of it. Counted in the domain's row, so that two who
 * take the last place at once don't both get it.
 */
import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Transaction } from '../transaction.ts'
import { unknownDomain } from './domain.ts'

/** One mailbox more. `too-many`, `over-quota`; a domain with a limit of space has no mailboxes without a quota. */
export async function takePlace(tx: Transaction, domain: string, quotaBytes: number | null): Promise<void> {
  const taken = await tx.run(sql`
    UPDATE domain SET accounts = accounts + 1, sold_bytes = sold_bytes + ${quotaBytes ?? 0}
    WHERE name = ${domain} AND (max_mailboxes IS NULL OR accounts < max_mailboxes)
      AND (quota_bytes IS NULL OR (${quotaBytes === null ? 0 : 1} = 1 AND sold_bytes + ${quotaBytes ?? 0} <= quota_bytes))`)
  if (taken > 0) return
  const found = await tx.get<[number, number | null]>(sql`
    SELECT accounts, max_mailboxes FROM domain WHERE name = ${domain}`)
  if (!found) throw unknownDomain(domain)
  const [accounts, maxMailboxes] = found
  if (maxMailboxes !== null && accounts >= maxMailboxes)
    throw new StoreError('too-many', `the domain ${domain} may have ${maxMailboxes} mailboxes, and has them`)
  throw overSold(domain)
}

export async function givePlaceBack(tx: Transaction, domain: string, quotaBytes: number | null): Promise<void> {
  await tx.run(sql`
    UPDATE domain SET accounts = accounts - 1, sold_bytes = sold_bytes - ${quotaBytes ?? 0} WHERE name = ${domain}`)
}

/** Less is always allowed, even where the domain has sold more than it may. */
export async function changeSold(
  tx: Transaction,
  domain: string,
  from: number | null,
  to: number | null,
): Promise<void> {
  const grows = (to ?? Number.POSITIVE_INFINITY) > (from ?? Number.POSITIVE_INFINITY)
  const more = (to ?? 0) - (from ?? 0)
  const changed = await tx.run(sql`
    UPDATE domain SET sold_bytes = sold_bytes + ${more}
    WHERE name = ${domain} AND (${grows ? 1 : 0} = 0 OR quota_bytes IS NULL
      OR (${to === null ? 0 : 1} = 1 AND sold_bytes + ${more} <= quota_bytes))`)
  if (changed === 0) throw overSold(domain)
}

function overSold(domain: string): StoreError {
  return new StoreError('over-quota', `the domain ${domain} has no space left to sell`)
}
