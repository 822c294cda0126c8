import { expect, it } from 'vitest'
import { PageOfBytes } from './message-pages.ts'

it('asks for more rows as long as they are small, for few behind large ones, and never for none', () => {
  const page = new PageOfBytes({ least: 32, most: 500, bytes: 1_000_000 })
  const rows = [page.rows]
  for (const bytesOfRow of [100, 100, 100, 100, 100, 10_000, 400_000, 2_000_000, 100]) {
    page.saw(page.rows, page.rows * bytesOfRow)
    rows.push(page.rows)
  }
  expect(rows).toEqual([32, 64, 128, 256, 500, 500, 100, 2, 1, 2])
  page.saw(0, 0)
  expect(page.rows).toBe(2)
})
