import { DAY_MS } from '../../../ops/durations.ts'
import { sql } from '../../sql.ts'
import type { Transaction } from '../../transaction.ts'
import type { SeenSignIns } from '../../types/sign-in.ts'
import type { Operation } from '../operation.ts'

export const recordSignIns: Operation<'signIn.record'> = async (tx, { seen, failuresADay }) => {
  for (const row of seen) {
    // Removed since: what was seen of it goes with it.
    if (!(await tx.get(sql`SELECT 1 FROM principal WHERE principal_id = ${row.principalId}`))) continue
    if (await addTo(tx, row)) continue
    if (row.outcome !== 'ok' && (await failuresOfDay(tx, row)) >= failuresADay) {
      const others: SeenSignIns = { ...row, remoteAddress: '', label: '', client: '' }
      if (!(await addTo(tx, others))) await insert(tx, others)
    } else await insert(tx, row)
  }
}

const dayOf = ({ lastAt }: SeenSignIns): number => Math.floor(lastAt / DAY_MS)

async function addTo(tx: Transaction, row: SeenSignIns): Promise<boolean> {
  const { principalId, protocol, remoteAddress, outcome, credential, label, client, firstAt, lastAt, count } = row
  const changed = await tx.run(sql`
    UPDATE sign_in SET count = count + ${count},
      first_at = CASE WHEN first_at < ${firstAt} THEN first_at ELSE ${firstAt} END,
      last_at = CASE WHEN last_at > ${lastAt} THEN last_at ELSE ${lastAt} END
    WHERE principal_id = ${principalId} AND day = ${dayOf(row)} AND protocol = ${protocol}
      AND remote_address = ${remoteAddress} AND outcome = ${outcome} AND credential = ${credential}
      AND label = ${label} AND client = ${client}`)
  return changed > 0
}

async function failuresOfDay(tx: Transaction, row: SeenSignIns): Promise<number> {
  const counted = await tx.get<[number]>(sql`
    SELECT COUNT(*) FROM sign_in
    WHERE principal_id = ${row.principalId} AND day = ${dayOf(row)} AND outcome <> 'ok'`)
  return counted?.[0] ?? 0
}

async function insert(tx: Transaction, row: SeenSignIns): Promise<void> {
  const { principalId, protocol, remoteAddress, outcome, credential, label, client, firstAt, lastAt, count } = row
  const signInId = await tx.nextId('sign_in')
  await tx.run(sql`
    INSERT INTO sign_in (sign_in_id, principal_id, day, protocol, remote_address, outcome, credential, label, client,
      first_at, last_at, count)
    VALUES (${signInId}, ${principalId}, ${dayOf(row)}, ${protocol}, ${remoteAddress}, ${outcome}, ${credential},
      ${label}, ${client}, ${firstAt}, ${lastAt}, ${count})`)
}

export const sweepSignIns: Operation<'signIn.sweep'> = async (tx, { before, limit }) => {
  const removed = await tx.run(sql`
    DELETE FROM sign_in WHERE sign_in_id IN (
      SELECT s.sign_in_id FROM sign_in AS s WHERE s.day < ${Math.floor(before / DAY_MS)} ORDER BY s.day LIMIT ${limit})`)
  return removed === limit
}
