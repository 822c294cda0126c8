/** Where large blobs are kept, as the settings say it; plain values, which threads are given too. */
import type { Clock } from '../../ops/clock.ts'
import { BlobFiles, blobFileReader } from './files.ts'
import type { BlobName, LargeBlobs, ReadLargeBlob } from './large.ts'
import { BlobObjects, objectReader, objectWriter } from './s3/objects.ts'
import type { S3Place } from './s3/place.ts'

/** A folder, or a bucket. */
export type BlobPlace = string | S3Place

export interface LargeBlobsOptions {
  clock: Clock
  /** Whether this process alone keeps blobs there, or others as well, or it only reads. */
  use: 'alone' | 'shared' | 'reading'
}

export function openLargeBlobs(place: BlobPlace, { clock, use }: LargeBlobsOptions): LargeBlobs {
  if (typeof place !== 'string') return new BlobObjects(place, clock)
  const files = new BlobFiles(place, clock)
  if (use !== 'reading') files.prepare({ isShared: use === 'shared' })
  return files
}

export function largeBlobReader(place: BlobPlace): ReadLargeBlob {
  return typeof place === 'string' ? blobFileReader(place) : objectReader(place)
}

/** Of what is kept itself, and no copy of it. */
export function provingReader(place: BlobPlace): ReadLargeBlob {
  return typeof place === 'string' ? blobFileReader(place) : objectReader(place, { isCached: false })
}

/** Keeps a blob's stored form under the name it has already; resolves when it is durable. */
export type PlaceBlob = (name: BlobName, rawBytes: number, data: Uint8Array) => Promise<void>

export function openPlacing(place: BlobPlace, clock: Clock): PlaceBlob {
  if (typeof place !== 'string') return objectWriter(place)
  const files = new BlobFiles(place, clock)
  files.prepare({ isShared: true })
  return async ({ hash, encoding }, rawBytes, data) => {
    await files.write({ hash, rawBytes, encoding, data })
  }
}
