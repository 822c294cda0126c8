/** What an account is used to, kept as it sends: one row of it, rewritten with each message that is charged. */
import { DAY_MS } from '../../../ops/durations.ts'
import { sql } from '../../sql.ts'
import type { Transaction } from '../../transaction.ts'

/** Whoever writes to all customers four times a year is used to that. */
const SEASON_MS = 90 * 24 * 60 * 60_000

export interface SendingHabit {
  /** The most recipients within an hour, of this season and the one before. */
  peak: number
  peakBefore: number
  /** Recipients of this day and the one before. */
  sent: number
  sentBefore: number
}

export async function habitOf(tx: Transaction, accountId: number, at: number): Promise<SendingHabit> {
  const found = await tx.get<[number, number, number, number, number, number]>(sql`
    SELECT season, peak, peak_before, day, sent, sent_before FROM sending_habit WHERE account_id = ${accountId}`)
  if (!found) return { peak: 0, peakBefore: 0, sent: 0, sentBefore: 0 }
  const [season, peak, peakBefore, day, sent, sentBefore] = found
  const ofSeason = turned(Math.floor(at / SEASON_MS) - season, peak, peakBefore)
  const ofDay = turned(Math.floor(at / DAY_MS) - day, sent, sentBefore)
  return { peak: ofSeason[0], peakBefore: ofSeason[1], sent: ofDay[0], sentBefore: ofDay[1] }
}

export async function keepHabit(tx: Transaction, accountId: number, habit: SendingHabit, at: number): Promise<void> {
  const { peak, peakBefore, sent, sentBefore } = habit
  await tx.run(sql`
    INSERT INTO sending_habit (account_id, season, peak, peak_before, day, sent, sent_before)
    VALUES (${accountId}, ${Math.floor(at / SEASON_MS)}, ${peak}, ${peakBefore}, ${Math.floor(at / DAY_MS)}, ${sent},
      ${sentBefore})
    ON CONFLICT (account_id) DO UPDATE SET season = excluded.season, peak = excluded.peak,
      peak_before = excluded.peak_before, day = excluded.day, sent = excluded.sent, sent_before = excluded.sent_before`)
}

/** What stands for this time and for the one before, `since` times later; a clock set back changes nothing. */
function turned(since: number, now: number, before: number): [number, number] {
  if (since <= 0) return [now, before]
  return since === 1 ? [0, now] : [0, 0]
}
