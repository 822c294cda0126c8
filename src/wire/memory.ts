/**
 * Memory of large buffers given back as soon as they are used up, rather than when the garbage collector comes by. It is
 * counted beside the heap, and after every 64 MB of it all of the heap is marked: measured, two fifths of a delivery's
 * processor time, in stops of 10 to 70 ms.
 */
import { isMarkedAsUntransferable } from 'node:worker_threads'

/** What is smaller is left to the collector. */
const worthwhileBytes = 4096

/** Nobody may use `bytes` afterwards: they are empty then. Views of memory that others may share are left as they are. */
export function freeMemory(bytes: Uint8Array): void {
  const { buffer, byteLength } = bytes
  if (byteLength < worthwhileBytes || byteLength !== buffer.byteLength) return
  // Node marks the memory that small buffers share.
  if (buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer)) buffer.transfer(0)
}

/** The same for a part of memory that nobody else has parts of. */
export function freeWholeMemory(part: Uint8Array): void {
  freeMemory(new Uint8Array(part.buffer))
}
