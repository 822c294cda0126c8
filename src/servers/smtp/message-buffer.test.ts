import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { BlockPool } from '../block-pool.ts'
import { MessageBuffer } from './message-buffer.ts'

const pool = new BlockPool()
const open = (hold = (_bytes: number): void => {}) => new MessageBuffer({ hold }, pool)
/** Octets that differ from place to place. */
const octets = (length: number, seed: number): Buffer =>
  createHash('shake256', { outputLength: Math.max(length, 1) })
    .update(`${seed}`)
    .digest()
    .subarray(0, length)

describe('the buffer of a message under way', () => {
  it.each([0, 1, 30_000, 33_000, 200_000, 9_000_000])('holds %i octets, in pieces of any size', length => {
    const sent = octets(length, 7)
    const buffer = open()
    for (let at = 0, piece = 1; at < length; at += piece, piece = Math.min(65_536, 1 + piece * 3))
      buffer.write(sent, at, Math.min(length, at + piece))
    expect(Buffer.compare(buffer.whole(), sent)).toBe(0)
  })

  it('counts the memory it holds, however often it grew', () => {
    let held = 0
    const buffer = open(bytes => {
      held = bytes
    })
    const chunk = octets(60_000, 4)
    for (let length = 0; length < 9_000_000; length += chunk.length) buffer.write(chunk, 0, chunk.length)
    expect(held).toBe(buffer.whole().buffer.byteLength)
  })

  it('takes memory that is given back, and none that may still be looked at', () => {
    const [first, second, third] = [open(), open(), open()]
    first.write(octets(100, 1), 0, 100)
    const kept = first.whole()
    first.clear(false)
    second.write(octets(100, 2), 0, 100)
    const unused = second.whole()
    second.clear(true)
    third.write(octets(100, 3), 0, 100)
    expect(third.whole().buffer).toBe(unused.buffer)
    expect(kept).toEqual(octets(100, 1))
    expect(third.whole()).toEqual(octets(100, 3))
  })
})
