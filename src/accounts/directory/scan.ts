/** Walks a list page by page, so that the loop serves others between two pages. */
import { SCANNED_AT_ONCE } from './limits.ts'

export async function* scan<T extends { address: string }>(
  page: (after: string | null, limit: number) => Promise<T[]>,
  after: string | null = null,
): AsyncGenerator<T> {
  for (let from = after; ; ) {
    const rows = await page(from, SCANNED_AT_ONCE)
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < SCANNED_AT_ONCE) return
    from = last.address
    await new Promise(resolve => setImmediate(resolve))
  }
}
