import { sql } from '../../sql.ts'
import { StoreError } from '../../store.ts'
import type { Operation } from '../operation.ts'

export const addRuleMemory: Operation<'ruleMemory.add'> = async (tx, { accountId, memories, at }) => {
  for (const { kind, hash, until, prolongs = false } of memories) {
    const replaced = prolongs ? until : at
    const added = await tx.run(sql`
      INSERT INTO rule_memory (account_id, kind, hash, until) VALUES (${accountId}, ${kind}, ${hash}, ${until})
      ON CONFLICT (account_id, kind, hash) DO UPDATE SET until = excluded.until WHERE rule_memory.until <= ${replaced}`)
    if (added === 0 && !prolongs) throw new StoreError('conflict', `account ${accountId} has it in its memory by now`)
  }
}

export const sweepRuleMemory: Operation<'ruleMemory.sweep'> = async (tx, { at, limit }) => {
  const removed = await tx.run(sql`
    DELETE FROM rule_memory WHERE (account_id, kind, hash) IN (
      SELECT account_id, kind, hash FROM rule_memory WHERE until <= ${at} LIMIT ${limit})`)
  return removed === limit
}
