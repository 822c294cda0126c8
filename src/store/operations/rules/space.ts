/**
 * Notes when an account's use rises over a mark, or its quota sinks below it. Where room is taken nothing is done but a
 * comparison of the numbers that were read anyway: what fell in between shows in what was used before.
 */
import { sql } from '../../sql.ts'
import type { Transaction } from '../../transaction.ts'
import type { SpaceMark } from '../../types/space.ts'
import type { Operation } from '../operation.ts'

const MARKS: readonly SpaceMark[] = [95, 80]
/** A mark is told again once use was so far below it, in percent of the quota. */
const REARMED_BELOW = 5

export interface SpaceTaken {
  usedBefore: number
  used: number
  quota: number | null
  told: number
}

/** What the account is to be known to be told of, after its use or its quota changed. */
export function toldAfter({ usedBefore, used, quota, told }: SpaceTaken): { told: number; news: SpaceMark | null } {
  if (quota === null) return { told: 0, news: null }
  const still = MARKS.find(mark => mark <= told && usedBefore * 100 >= quota * (mark - REARMED_BELOW)) ?? 0
  const reached = MARKS.find(mark => used * 100 >= quota * mark) ?? null
  const news = reached !== null && reached > still ? reached : null
  return { told: news ?? still, news }
}

export async function noteSpace(tx: Transaction, accountId: number, space: SpaceTaken): Promise<void> {
  const { told, news } = toldAfter(space)
  if (told !== space.told) await tx.run(sql`UPDATE account SET space_told = ${told} WHERE account_id = ${accountId}`)
  // It has room again before anyone was told that it has none.
  if (told < space.told) await tx.run(sql`DELETE FROM space_news WHERE account_id = ${accountId}`)
  if (news === null || space.quota === null) return
  await tx.run(sql`
    INSERT INTO space_news (account_id, percent, used_bytes, quota_bytes, managers_told)
    VALUES (${accountId}, ${news}, ${space.used}, ${space.quota}, 0)
    ON CONFLICT (account_id) DO UPDATE SET percent = excluded.percent, used_bytes = excluded.used_bytes,
      quota_bytes = excluded.quota_bytes, managers_told = 0`)
}

export const toldSpace: Operation<'space.told'> = async (tx, { accountId, percent, who }) => {
  if (who === 'managers')
    await tx.run(sql`
      UPDATE space_news SET managers_told = 1 WHERE account_id = ${accountId} AND percent = ${percent}`)
  else await tx.run(sql`DELETE FROM space_news WHERE account_id = ${accountId} AND percent = ${percent}`)
}
