import { subjectKey } from '../rows/sending.ts'
import { sql } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { PrincipalId } from '../types/principals.ts'
import type { Operation } from './operation.ts'
import { leaveHosts } from './panels/brand.ts'
import { removeWebhooksOf } from './panels/webhook.ts'
import { forgetFailure } from './rules/script-failure.ts'
import { forgetSending } from './rules/sending-gone.ts'

export const addDomain: Operation<'domain.add'> = async (tx, { name, at }) => {
  if (await tx.get(sql`SELECT 1 FROM domain_alias WHERE name = ${name}`))
    throw new StoreError('already-exists', `${name} is an alias of a domain`)
  const added = await tx.run(sql`
    INSERT INTO domain (name, catch_all, created_at, accounts) VALUES (${name}, ${null}, ${at}, 0)
    ON CONFLICT (name) DO NOTHING`)
  if (added === 0) throw new StoreError('already-exists', `the domain ${name} exists already`)
}

export const removeDomain: Operation<'domain.remove'> = async (tx, { name }) => {
  if (!(await tx.get(sql`SELECT 1 FROM domain WHERE name = ${name}`))) throw unknownDomain(name)
  if (await tx.get(sql`SELECT 1 FROM account WHERE domain = ${name} LIMIT 1`))
    throw new StoreError('not-empty', `the domain ${name} still has mailboxes`)
  await tx.run(sql`DELETE FROM alias WHERE domain = ${name}`)
  await tx.run(sql`DELETE FROM domain_alias WHERE domain = ${name}`)
  const managers = await tx.all<[PrincipalId]>(sql`SELECT principal_id FROM principal_domain WHERE domain = ${name}`)
  await tx.run(sql`DELETE FROM principal_domain WHERE domain = ${name}`)
  for (const [principalId] of managers) await leaveHosts(tx, principalId, [name])
  await tx.run(sql`DELETE FROM common_script WHERE domain = ${name}`)
  await forgetFailure(tx, { kind: 'domain', domain: name })
  await forgetSending(tx, subjectKey({ kind: 'domain', domain: name }))
  await removeWebhooksOf(tx, name)
  await tx.run(sql`DELETE FROM domain WHERE name = ${name}`)
}

export function unknownDomain(name: string): StoreError {
  return new StoreError('not-found', `there is no domain ${name}`)
}
