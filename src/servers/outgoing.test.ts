import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { Outgoing, SLICE_BYTES } from './outgoing.ts'

const silent = { blocked() {}, progressed() {}, unblocked() {}, overflowed() {} }

/** Takes a piece at a time, and keeps each until it is told that it has left. */
function heldSink(): { sink: Writable; pieces: Buffer[]; leave(error?: Error): void } {
  const pieces: Buffer[] = []
  let left: ((error?: Error) => void) | undefined
  const sink = new Writable({
    highWaterMark: 1 << 20,
    write(piece, _, done) {
      pieces.push(piece)
      left = done
    },
  })
  sink.on('error', () => {})
  return { sink, pieces, leave: error => left?.(error) }
}

/** With room behind, as a decompressor leaves it. */
const own = (bytes: number): Uint8Array => new Uint8Array(new ArrayBuffer(bytes + 64), 0, bytes).fill(7)
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

it('gives memory that nobody else has back when the last of it has left, and no sooner', async () => {
  const { sink, pieces, leave } = heldSink()
  const outgoing = new Outgoing(sink, 1 << 24, silent)
  const bytes = own(SLICE_BYTES + 20_000)
  const shared = own(20_000)
  void outgoing.write('before')
  void outgoing.write(bytes, true)
  void outgoing.write(shared)
  for (const length of [6, SLICE_BYTES, 20_000]) {
    await turn()
    expect(pieces.at(-1)).toHaveLength(length)
    expect(bytes.buffer.byteLength).toBe(SLICE_BYTES + 20_064)
    leave()
  }
  await turn()
  expect(bytes.buffer.byteLength).toBe(0)
  leave()
  await turn()
  expect(shared.buffer.byteLength).toBe(20_064)
})

it('gives it back at once where the bytes were copied into a common piece, which stays whole', async () => {
  const { sink, pieces } = heldSink()
  const outgoing = new Outgoing(sink, 1 << 24, silent)
  const bytes = own(8000)
  void outgoing.write('before ')
  void outgoing.write(bytes, true)
  void outgoing.write(' behind')
  await turn()
  expect(bytes.buffer.byteLength).toBe(0)
  expect(pieces[0]!.equals(Buffer.from(`before ${'\x07'.repeat(8000)} behind`))).toBe(true)
})

it('keeps it where the piece could not be written: the sink may be at it still', async () => {
  const { sink, leave } = heldSink()
  const outgoing = new Outgoing(sink, 1 << 24, silent)
  const bytes = own(50_000)
  void outgoing.write(bytes, true)
  await turn()
  leave(new Error('broken'))
  outgoing.close()
  await turn()
  expect(bytes.buffer.byteLength).toBe(50_064)
})

it('takes a message larger than what may wait, and nothing behind it while the client does not read', async () => {
  const { sink } = heldSink()
  let overflowed = 0
  const outgoing = new Outgoing(sink, 1 << 20, { ...silent, overflowed: () => overflowed++ })
  void outgoing.write(own(4 << 20))
  await turn()
  expect(overflowed).toBe(0)
  await expect(outgoing.write('more')).rejects.toThrow('closed')
  expect(overflowed).toBe(1)
})
