import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { type BlobPlace, provingReader } from '../blobs/place.ts'
import type { Damage } from '../store.ts'
import { verify } from '../verify/verify.ts'
import { SqliteConnection } from './connection.ts'
import { errorOf, type Failure } from './failure.ts'
import { integrityOf } from './integrity.ts'
import { TurnReader } from './reader.ts'
import type { Turns } from './turns.ts'

export interface VerifierSettings {
  path: string
  blobs: BlobPlace
}

export type FromVerifier = { damage: Damage } | { done: number; total: number } | { ended: true } | { failed: Failure }

export type Progress = (done: number, total: number) => void

/** Beside this file, and compiled where this one is. */
const threadFile = new URL(`./verify-thread${path.extname(import.meta.filename)}`, import.meta.url)

/** In a thread of its own; ends it where the caller has heard enough. */
export async function* verifyFile(settings: VerifierSettings, progress?: Progress): AsyncGenerator<Damage> {
  const worker = new Worker(threadFile, { workerData: settings })
  const heard: FromVerifier[] = []
  let wake: () => void = () => {}
  const hear = (message: FromVerifier): void => {
    heard.push(message)
    wake()
  }
  worker.on('message', hear)
  worker.on('error', error => hear({ failed: { code: 'unavailable', message: String(error) } }))
  worker.on('exit', () => hear({ failed: { code: 'unavailable', message: 'verification stopped' } }))
  try {
    for (;;) {
      const message = heard.shift()
      if (!message) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      } else if ('damage' in message) yield message.damage
      else if ('done' in message) progress?.(message.done, message.total)
      else if ('failed' in message) throw errorOf(message.failed)
      else return
    }
  } finally {
    await worker.terminate()
  }
}

/** On a copy: the original has one connection, which must not be held for so long. */
export async function* verifyMemory(
  connection: SqliteConnection,
  turns: Turns,
  blobs: BlobPlace,
  progress?: Progress,
): AsyncGenerator<Damage> {
  const image = await turns.take(async () => connection.serialize())
  const now = new TurnReader(connection, turns)
  const copy = new SqliteConnection(':memory:', { readOnly: false })
  try {
    copy.deserialize(image)
    yield* verify({
      reader: copy,
      readNow: query => now.read(query),
      readLarge: provingReader(blobs),
      engine: integrityOf(copy),
      ...(progress && { progress }),
    })
  } finally {
    copy.close()
  }
}
