/** How the bytes of a blob are kept: named by their SHA-256, compressed where that makes them smaller. */
import { createHash, hash } from 'node:crypto'
import { promisify } from 'node:util'
import {
  constants,
  createZstdCompress,
  type ZstdOptions,
  zstdCompressSync,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib'
import { freeMemory, freeWholeMemory } from '../../wire/memory.ts'
import { StoreError } from '../store.ts'

/**
 * Up to so many bytes are compressed at once, in some 1.2 ms at the most: handing them to another thread costs more of this
 * one than the work itself. More goes to the thread pool.
 */
const atOnceBytes = 512 * 1024

/** Hashed between two turns of the loop, in 0.6 ms: another thread would be given a copy. */
const hashedAtOnceBytes = 1024 * 1024

/** Decompressing is several times faster: 0.6 ms at the most here, where another thread takes 1.3 ms. */
const decodedAtOnceBytes = 256 * 1024

/** Level 3 takes 15 to 40 % longer; it saves 3 % of messages of up to 256 KB, and next to nothing of larger ones: most of their bytes are base64. */
const zstdLevel = 1

export type Encoding = 'identity' | 'zstd'

/** Of the name under which it is kept. */
export const endings: Record<Encoding, string> = { identity: '', zstd: '.zst' }

export async function hashOf(bytes: Uint8Array): Promise<string> {
  if (bytes.byteLength <= hashedAtOnceBytes) return hash('sha256', bytes)
  const digest = createHash('sha256')
  for (let at = 0; at < bytes.byteLength; at += hashedAtOnceBytes) {
    if (at > 0) await nextTurn()
    digest.update(bytes.subarray(at, at + hashedAtOnceBytes))
  }
  return digest.digest('hex')
}

const nextTurn = promisify(setImmediate)
const decompressLater = promisify(zstdDecompress)

/** The data is `raw` itself, or memory of its own; where it is small, in the memory that small buffers share. */
export async function encode(raw: Uint8Array): Promise<{ encoding: Encoding; data: Uint8Array }> {
  const options = {
    // Told the size, zstd takes no larger tables than it needs, and one buffer holds all that comes out (ZSTD_compressBound).
    pledgedSrcSize: raw.byteLength,
    chunkSize: raw.byteLength + (raw.byteLength >> 8) + 1024,
    params: {
      [constants.ZSTD_c_compressionLevel]: zstdLevel,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  }
  const data = raw.byteLength <= atOnceBytes ? zstdCompressSync(raw, options) : await compressLater(raw, options)
  if (data.byteLength < raw.byteLength) return { encoding: 'zstd', data }
  freeWholeMemory(data)
  return { encoding: 'identity', data: raw }
}

/** In the thread pool. All comes out into one buffer, so its parts are joined as they lie. */
async function compressLater(raw: Uint8Array, options: ZstdOptions): Promise<Uint8Array> {
  const compressor = createZstdCompress(options)
  compressor.end(raw)
  let data: Buffer | null = null
  for await (const part of compressor as AsyncIterable<Buffer>) {
    const follows =
      data !== null && data.buffer === part.buffer && data.byteOffset + data.byteLength === part.byteOffset
    if (data === null) data = part
    else if (follows) data = Buffer.from(part.buffer, data.byteOffset, data.byteLength + part.byteLength)
    else data = Buffer.from(new Uint8Array(Buffer.concat([data, part])).buffer)
  }
  return data ?? new Uint8Array()
}

export interface Decoded {
  bytes: Uint8Array
  /** Nobody else has them, nor others of their memory. */
  isAlone: boolean
}

/** Rejects with `damaged` where the bytes are not those that were staged. */
export async function decode(
  name: string,
  { encoding, rawBytes, data }: { encoding: Encoding; rawBytes: number; data: Uint8Array },
): Promise<Decoded> {
  if (encoding === 'identity') {
    if ((await hashOf(data)) !== name) throw damaged(name, 'its bytes have another SHA-256')
    return { bytes: data, isAlone: data.byteLength === data.buffer.byteLength }
  }
  let raw: Uint8Array
  try {
    // The frame ends with a checksum of what it holds; what is larger than it should be is not taken in.
    // One buffer with a little to spare holds it all, and zlib doesn't ask for a next one.
    const options = { maxOutputLength: Math.max(rawBytes, 1), chunkSize: rawBytes + 64 }
    raw = rawBytes <= decodedAtOnceBytes ? zstdDecompressSync(data, options) : await decompressLater(data, options)
  } catch (error) {
    throw damaged(name, error instanceof Error ? error.message : String(error))
  }
  if (raw.byteLength !== rawBytes) throw damaged(name, `it holds ${raw.byteLength} bytes instead of ${rawBytes}`)
  return { bytes: raw, isAlone: true }
}

/** Whether the stored form is that of the bytes; its memory is given back. */
export async function isWhole(hash: string, stored: Parameters<typeof decode>[1]): Promise<boolean> {
  try {
    const { bytes } = await decode(hash, stored)
    if (bytes !== stored.data) freeMemory(bytes)
    return true
  } catch (error) {
    if (error instanceof StoreError && error.code === 'damaged') return false
    throw error
  } finally {
    freeMemory(stored.data)
  }
}

export function damaged(name: string, problem: string): StoreError {
  return new StoreError('damaged', `the blob ${name} is damaged: ${problem}`)
}
