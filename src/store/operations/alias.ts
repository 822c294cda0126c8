import { domainOf } from '../../wire/mime/domain-of.ts'
import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import { unknownDomain } from './domain.ts'
import type { Operation } from './operation.ts'

export const setAlias: Operation<'alias.set'> = async (tx, { address, targets, kind, name, isNew, at }) => {
  const domain = domainOf(address)
  if (!(await tx.get(sql`SELECT 1 FROM domain WHERE name = ${domain}`))) throw unknownDomain(domain)
  if (await tx.get(sql`SELECT 1 FROM account WHERE address = ${address}`))
    throw new StoreError('already-exists', `${address} is a mailbox`)
  if (isNew && (await tx.get(sql`SELECT 1 FROM alias WHERE address = ${address}`)))
    throw new StoreError('already-exists', `${address} is an alias already`)
  await tx.run(sql`
    INSERT INTO alias (address, domain, targets, kind, name, created_at)
    VALUES (${address}, ${domain}, ${JSON.stringify(targets)}, ${kind ?? 'alias'}, ${name ?? ''}, ${at})
    ON CONFLICT (address) DO UPDATE SET targets = excluded.targets, kind = excluded.kind, name = excluded.name`)
}

export const removeAlias: Operation<'alias.remove'> = async (tx, { address }) => {
  const removed = await tx.run(sql`DELETE FROM alias WHERE address = ${address}`)
  if (removed === 0) throw new StoreError('not-found', `there is no alias ${address}`)
}
