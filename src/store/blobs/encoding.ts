/** How the bytes of a blob are kept: named by their SHA-256, compressed where that makes them smaller. */
import { hash, webcrypto } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib'
import { StoreError } from '../store.ts'

/**
 * Up to so many bytes are hashed and compressed at once, in some 0.2 ms: handing them to another thread costs more of
 * this one than the work itself. More goes to the thread pool.
 */
const atOnceBytes = 32 * 1024

/** Decompressing is several times faster: 0.6 ms at the most here, where another thread takes 1.3 ms. */
const decodedAtOnceBytes = 256 * 1024

/**
 * On mail of 12 KB level 3 takes half as long again as level 1 and saves 2 % at most; on large messages, which are
 * compressed in another thread, it saves about 5 %.
 */
const zstdLevel = { atOnce: 1, later: 3 }

export type Encoding = 'identity' | 'zstd'

export async function hashOf(bytes: Uint8Array): Promise<string> {
  if (bytes.byteLength <= 8 * atOnceBytes) return hash('sha256', bytes)
  const digest = await webcrypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
  return Buffer.from(digest).toString('hex')
}

const compressLater = promisify(zstdCompress)
const decompressLater = promisify(zstdDecompress)

export async function encode(raw: Uint8Array): Promise<{ encoding: Encoding; data: Uint8Array }> {
  const atOnce = raw.byteLength <= atOnceBytes
  const options = {
    // Told the size, zstd takes no larger tables than it needs, and one buffer holds all that comes out.
    pledgedSrcSize: raw.byteLength,
    chunkSize: Math.max(raw.byteLength, 1024),
    params: {
      [constants.ZSTD_c_compressionLevel]: atOnce ? zstdLevel.atOnce : zstdLevel.later,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  }
  const data = atOnce ? zstdCompressSync(raw, options) : await compressLater(raw, options)
  return data.byteLength < raw.byteLength ? { encoding: 'zstd', data } : { encoding: 'identity', data: raw }
}

/** Rejects with `damaged` where the bytes are not those that were staged. */
export async function decode(
  name: string,
  { encoding, rawBytes, data }: { encoding: Encoding; rawBytes: number; data: Uint8Array },
): Promise<Uint8Array> {
  if (encoding === 'identity') {
    if ((await hashOf(data)) !== name) throw damaged(name, 'its bytes have another SHA-256')
    return data
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
  return raw
}

export function damaged(name: string, problem: string): StoreError {
  return new StoreError('damaged', `the blob ${name} is damaged: ${problem}`)
}
