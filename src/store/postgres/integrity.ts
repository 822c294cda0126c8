import { sql } from '../sql.ts'
import { type Counter, counters } from '../transaction.ts'
import type { Check } from '../verify/check.ts'
import type { Channel } from './channel.ts'
import { ask, sequenceOf } from './session.ts'

/** Whose ids each sequence gives. Of the trace, events as well. */
const tables: Record<Counter, readonly [table: string, column: string][]> = {
  account: [['principal', 'principal_id']],
  queue_message: [['queue_message', 'queue_id']],
  queue_recipient: [['queue_recipient', 'recipient_id']],
  audit: [['audit', 'audit_id']],
  ledger_entry: [['ledger_entry', 'entry_id']],
  sign_in: [['sign_in', 'sign_in_id']],
  trace: [
    ['trace', 'trace_id'],
    ['trace_event', 'event_id'],
  ],
}

/**
 * What PostgreSQL itself finds wrong. Its indexes are looked at where the extension amcheck is there; pages, by the server
 * whenever it reads them, where the cluster was made with checksums.
 */
export function integrityOf(channel: Channel): Check {
  return {
    table: 'database',
    async *run() {
      for (const counter of counters)
        for (const [table, column] of tables[counter]) {
          const sequence = sequenceOf(counter)
          const { rows } = await channel.ask({
            text: `SELECT COALESCE(pg_sequence_last_value('${sequence}'), 0), (SELECT COALESCE(MAX(${column}), 0) FROM ${table})`,
          })
          const [[given, found] = []] = rows
          if (Number(given) < Number(found))
            yield { table: sequence, key: '', problem: `its value is ${given}, but ${found} was found` }
        }
      const { rows: extension } = await ask(channel, sql`SELECT 1 FROM pg_extension WHERE extname = 'amcheck'`)
      if (extension.length === 0) return
      const { rows: indexes } = await ask(
        channel,
        sql`
        SELECT CAST(i.indexrelid AS regclass), CAST(i.indexrelid AS BIGINT) FROM pg_index AS i
        JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS a ON a.oid = c.relam
        WHERE a.amname = 'btree' AND c.relnamespace = CAST(current_schema() AS regnamespace) AND i.indisvalid
        ORDER BY 2`,
      )
      for (const [name, oid] of indexes) {
        // What is wrong is told as an error, which would end the snapshot.
        await channel.ask({ text: 'SAVEPOINT index_check' })
        try {
          await ask(channel, sql`SELECT bt_index_check(CAST(${oid ?? null} AS oid), true)`)
        } catch (error) {
          yield {
            table: 'database',
            key: String(name),
            problem: error instanceof Error ? error.message : String(error),
          }
        }
        await channel.ask({ text: 'ROLLBACK TO SAVEPOINT index_check' })
      }
    },
  }
}
