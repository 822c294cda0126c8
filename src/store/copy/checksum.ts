/** Rows of a table, counted and summed up, in whichever order they come. */
import { hash } from 'node:crypto'
import type { Tuple } from './end.ts'

const wrap = 1n << 64n

export class TableSum {
  rows = 0
  #sum = 0n

  add(row: Tuple): void {
    // Not by a replacer of JSON: a Buffer has become an object of numbers before one is asked.
    const text = JSON.stringify(row.map(value => (value instanceof Uint8Array ? { bytes: digestOf(value) } : value)))
    this.#sum = (this.#sum + hash('sha256', text, 'buffer').readBigUInt64LE(0)) % wrap
    this.rows++
  }

  get checksum(): string {
    return this.#sum.toString(16).padStart(16, '0')
  }
}

/** Short, however many bytes there are, and the same whichever class holds them. */
const digestOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'base64')
