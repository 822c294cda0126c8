/** Where large blobs are kept, as the settings say it; plain values, which threads are given too. */
import path from 'node:path'
import type { Clock } from '../../ops/clock.ts'
import { makeFolder } from '../make-folder.ts'
import { errorOf, failureOf } from '../sqlite/failure.ts'
import { type Lock, waitForStore } from '../sqlite/lock.ts'
import { StoreError } from '../store.ts'
import { BlobFiles, blobFileReader } from './files.ts'
import type { BlobName, LargeBlobs, ReadLargeBlob } from './large.ts'
import { folderMark, hasBlobFiles, type Mark } from './mark.ts'
import { objectMark } from './s3/mark.ts'
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

export function markOf(place: BlobPlace): Mark {
  return typeof place === 'string' ? folderMark(place, hasBlobFiles) : objectMark(place)
}

/**
 * For whoever uses a place alone: a folder may be named by the settings of a second service, which the lock of its database doesn't
 * keep out. Rejects with `unavailable` where another process has it. Null for a bucket, which has no locks.
 */
export async function lockBlobs(place: BlobPlace): Promise<Lock | null> {
  if (typeof place !== 'string') return null
  makeFolder(place)
  // With a full disk here mail can still be read, and removed.
  const options = { what: `the folder ${place}`, evenIfFull: true }
  const file = lockOfBlobs(place)
  return waitForStore(file, process.pid, options).catch((error: unknown) => {
    const { code, message } = failureOf(error)
    throw errorOf({ code, message: error instanceof StoreError ? message : `${file}: ${message}` })
  })
}

export const lockOfBlobs = (folder: string): string => path.join(folder, 'in-use.lock')

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
