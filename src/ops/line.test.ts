import { duplexPair } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Line } from './line.ts'

it('brings pieces over in order and whole, however they are cut on the way', async () => {
  const [here, between] = duplexPair()
  const [between2, there] = duplexPair()
  // One byte at a time, then all that is left.
  let left = 30
  between.on('data', (chunk: Buffer) => {
    const singly = Math.min(left, chunk.length)
    left -= singly
    for (let at = 0; at < singly; at++) between2.write(chunk.subarray(at, at + 1))
    between2.write(chunk.subarray(singly))
  })
  const heard: [number, string][] = []
  const done = Promise.withResolvers<void>()
  new Line(there, {
    heard: (kind, bytes) => {
      expect(bytes.byteLength).toBe(bytes.buffer.byteLength)
      heard.push([kind, Buffer.from(bytes).toString()])
      if (heard.length === 5) done.resolve()
    },
    closed() {},
  })
  const line = new Line(here, { heard() {}, closed() {} })
  const long = 'x'.repeat(200_000)
  const sent: [number, string][] = [
    [0, 'one'],
    [255, ''],
    [2, long],
    [3, ''],
    [4, 'last'],
  ]
  for (const [kind, text] of sent) line.send(kind, Buffer.from(text))
  await done.promise
  expect(heard).toEqual(sent)
})

it('tells once that the other end is gone, and drops what is sent then', async () => {
  const [here, there] = duplexPair()
  let closed = 0
  const line = new Line(here, { heard() {}, closed: () => closed++ })
  there.resume()
  there.end()
  there.destroy()
  while (closed === 0) await nextTurn()
  line.send(1, Buffer.from('nobody hears it'))
  await nextTurn()
  expect(closed).toBe(1)
})
