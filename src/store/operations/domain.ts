import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Operation } from './operation.ts'
import { removeWebhooksOf } from './panels/webhook.ts'

export const addDomain: Operation<'domain.add'> = async (tx, { name, at }) => {
  const added = await tx.run(sql`
    INSERT INTO domain (name, catch_all, created_at, accounts) VALUES (${name}, ${null}, ${at}, 0)
    ON CONFLICT (name) DO NOTHING`)
  if (added === 0) throw new StoreError('already-exists', `the domain ${name} exists already`)
}

export const removeDomain: Operation<'domain.remove'> = async (tx, { name }) => {
  const domain = await tx.get<[number]>(sql`SELECT accounts FROM domain WHERE name = ${name}`)
  if (!domain) throw unknownDomain(name)
  if (domain[0] > 0) throw new StoreError('not-empty', `the domain ${name} still has ${domain[0]} mailboxes`)
  await tx.run(sql`DELETE FROM alias WHERE domain = ${name}`)
  await tx.run(sql`DELETE FROM domain_alias WHERE domain = ${name}`)
  await tx.run(sql`DELETE FROM principal_domain WHERE domain = ${name}`)
  await removeWebhooksOf(tx, name)
  await tx.run(sql`DELETE FROM domain WHERE name = ${name}`)
}

export const setCatchAll: Operation<'domain.setCatchAll'> = async (tx, { name, target }) => {
  const changed = await tx.run(sql`UPDATE domain SET catch_all = ${target} WHERE name = ${name}`)
  if (changed === 0) throw unknownDomain(name)
}

export function unknownDomain(name: string): StoreError {
  return new StoreError('not-found', `there is no domain ${name}`)
}

/** What follows the last "@"; the whole address where there is none. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
