import { Fragment } from '../sql.ts'
import { StoreError } from '../store.ts'
import type { Reader } from '../transaction.ts'
import { type Decoded, damaged, decode, type Encoding } from './encoding.ts'
import type { ReadLargeBlob } from './large.ts'

/** What is read of a blob's row, to be passed to `storedRow`. */
export const storedColumns = new Fragment('encoding, raw_bytes, object, data, pack, pack_offset, stored_bytes')
export type StoredTuple = [...BlobTuple, pack: number | null, offset: number | null, storedBytes: number]

/** With the stored form, where it lies in a pack; throws `damaged` where it is not there. */
export function storedRow(
  { packs }: Reader,
  hash: string,
  [encoding, rawBytes, object, inline, pack, offset, storedBytes]: StoredTuple,
): BlobTuple {
  if (pack === null || offset === null) return [encoding, rawBytes, object, inline]
  const data = packs?.read({ pack, offset }, storedBytes)
  if (!data) throw damaged(hash, `it is missing in pack ${pack}`)
  return [encoding, rawBytes, object, data]
}

/** Encoding, bytes before compression, which object it is, and the stored form where it is in the row. */
export type BlobTuple = [Encoding, number, string | null, Uint8Array | null]

export const missing = 'its file or object is missing'

/** The bytes of a blob, checked; read twice before it is called damaged, for a copy may be what is damaged. */
export async function readStored(
  hash: string,
  [encoding, rawBytes, object, inline]: BlobTuple,
  readLarge: ReadLargeBlob,
): Promise<Decoded> {
  if (inline) return decode(hash, { encoding, rawBytes, data: inline })
  const name = { hash, encoding, object }
  const read = async (again: boolean): Promise<Decoded> => {
    const data = await readLarge(name, again)
    if (!data) throw damaged(hash, missing)
    return decode(hash, { encoding, rawBytes, data })
  }
  try {
    return await read(false)
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'damaged') throw error
    return read(true)
  }
}
