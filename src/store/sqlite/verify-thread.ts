/** Verifies a database file in a thread of its own, on one snapshot, so that a running service is not held up. */
import { parentPort, workerData } from 'node:worker_threads'
import { provingReader } from '../blobs/place.ts'
import { verify } from '../verify/verify.ts'
import type { SqliteConnection } from './connection.ts'
import { openReadOnly } from './database.ts'
import { failureOf } from './failure.ts'
import { integrityOf } from './integrity.ts'
import { SnapshotReader } from './reader.ts'
import type { FromVerifier, VerifierSettings } from './verifier.ts'

/** Progress is told at most so often. */
const progressMs = 100

async function run({ path, blobs }: VerifierSettings, tell: (message: FromVerifier) => void): Promise<void> {
  let connection: SqliteConnection | undefined
  let current: SqliteConnection | undefined
  try {
    connection = openReadOnly(path)
    connection.control('BEGIN')
    current = openReadOnly(path)
    const now = new SnapshotReader(current)
    let told = 0
    const damages = verify({
      reader: connection,
      readNow: query => now.read(query),
      readLarge: provingReader(blobs),
      engine: integrityOf(connection),
      progress: (done, total) => {
        const now = performance.now()
        if (done < total && now - told < progressMs) return
        told = now
        tell({ done, total })
      },
    })
    for await (const damage of damages) tell({ damage })
    tell({ ended: true })
  } catch (error) {
    tell({ failed: failureOf(error) })
  } finally {
    connection?.close()
    current?.close()
  }
}

const port = parentPort
if (port) void run(workerData, message => port.postMessage(message))
