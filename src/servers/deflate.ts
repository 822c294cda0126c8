/**
 * DEFLATE in both directions (RFC 4978): raw deflate without zlib's header, a sync flush at the end of each answer.
 *
 * What is inflated comes in slices with back-pressure: a kilobyte that stands for a gigabyte is inflated no faster
 * than the session takes it, and never held.
 */
import type { Duplex } from 'node:stream'
import { constants, createDeflateRaw, createInflateRaw, type DeflateRaw, type InflateRaw } from 'node:zlib'

/** 64 KiB for a compressor instead of the 256 of zlib's defaults; text still shrinks to within 5 % of the best. */
const MEMORY = { windowBits: 13, memLevel: 6 }
const CHUNK_BYTES = 16 * 1024

export interface DeflateStreams {
  inflate: InflateRaw
  deflate: DeflateRaw
  /** Sends what the compressor holds. */
  flush(): void
}

/** Puts both directions of `transport` under DEFLATE; `pending` are compressed bytes that were read already. */
export function deflateOver(transport: Duplex, pending: readonly Uint8Array[]): DeflateStreams {
  // Ended as each answer is, for the connection says the rest: a final block is taken by some clients for a stream that broke off.
  const atEnd = { finishFlush: constants.Z_SYNC_FLUSH }
  const deflate = createDeflateRaw({ level: 6, ...MEMORY, ...atEnd, chunkSize: CHUNK_BYTES })
  // The client chooses its window: 15 bits are the most there are.
  const inflate = createInflateRaw({ windowBits: 15, ...atEnd, chunkSize: CHUNK_BYTES })
  for (const chunk of pending) inflate.write(chunk)
  transport.pipe(inflate)
  deflate.pipe(transport)
  return { inflate, deflate, flush: () => void deflate.flush(constants.Z_SYNC_FLUSH) }
}
