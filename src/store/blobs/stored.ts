import { damaged, decode, type Encoding } from './encoding.ts'
import type { ReadBlobFile } from './files.ts'

/** Encoding, bytes before compression, and the stored form where it is in the row. */
export type BlobTuple = [Encoding, number, Uint8Array | null]

/** The bytes of a blob, checked. */
export async function readStored(
  hash: string,
  [encoding, rawBytes, inline]: BlobTuple,
  readFile: ReadBlobFile,
): Promise<Uint8Array> {
  const data = inline ?? (await readFile(hash, encoding))
  if (!data) throw damaged(hash, 'its file is missing')
  return decode(hash, { encoding, rawBytes, data })
}
