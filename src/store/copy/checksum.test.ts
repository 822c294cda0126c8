import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { TableSum } from './checksum.ts'
import type { Tuple } from './end.ts'

function checksumOf(...rows: Tuple[]): string {
  const sum = new TableSum()
  for (const row of rows) sum.add(row)
  expect(sum.rows).toBe(rows.length)
  return sum.checksum
}

it('is that of the bytes, whichever class they come in', () => {
  for (const length of [0, 32, 131_072]) {
    const buffer = randomBytes(length)
    const plain = new Uint8Array(buffer)
    const within = Buffer.concat([Buffer.from('x'), buffer, Buffer.from('y')]).subarray(1, length + 1)
    expect(checksumOf([1, buffer])).toBe(checksumOf([1, plain]))
    expect(checksumOf([1, within])).toBe(checksumOf([1, plain]))
  }
})

it('is another where any value is', () => {
  const bytes = randomBytes(131_072)
  const spoilt = Buffer.from(bytes)
  spoilt[100_000]! ^= 1
  const rows: Tuple[] = [
    [1, bytes],
    [2, bytes],
    [1, spoilt],
    [1, bytes.subarray(1)],
    [1, bytes.toString('base64')],
    [1, null],
    [1, ''],
    [1, new Uint8Array()],
    ['1', bytes],
    [bytes, 1],
  ]
  expect(new Set(rows.map(row => checksumOf(row))).size).toBe(rows.length)
})

it('is the same in whichever order the rows come, and counts each of them', () => {
  const [a, b]: [Tuple, Tuple] = [
    [1, 'NUL \0 AND ☃'],
    [2, null],
  ]
  expect(checksumOf(a, b)).toBe(checksumOf(b, a))
  expect(checksumOf(a, a)).not.toBe(checksumOf(a))
  expect(checksumOf(a, a)).not.toBe(checksumOf(b, b))
})
