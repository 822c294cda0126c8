/** Rows of a table, counted and summed up, in whichever order they come. */
import { hash } from 'node:crypto'
import type { Tuple } from './end.ts'

const wrap = 1n << 64n

export class TableSum {
  rows = 0
  #sum = 0n

  add(row: Tuple): void {
    const text = JSON.stringify(row, (_, value: unknown) =>
      value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : value,
    )
    this.#sum = (this.#sum + hash('sha256', text, 'buffer').readBigUInt64LE(0)) % wrap
    this.rows++
  }

  get checksum(): string {
    return this.#sum.toString(16).padStart(16, '0')
  }
}
