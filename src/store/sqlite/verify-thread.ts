/** Verifies a database file in a thread of its own, on one snapshot, so that a running service is not held up. */
import { parentPort, workerData } from 'node:worker_threads'
import { provingReader } from '../blobs/place.ts'
import { verify } from '../verify/verify.ts'
import { openReadOnly } from './database.ts'
import { failureOf } from './failure.ts'
import { integrityOf } from './integrity.ts'
import type { FromVerifier, VerifierSettings } from './verifier.ts'

/** Progress is told at most so often. */
const progressMs = 100

async function run({ path, blobs }: VerifierSettings, tell: (message: FromVerifier) => void): Promise<void> {
  let connection: ReturnType<typeof openReadOnly> | undefined
  try {
    connection = openReadOnly(path)
    connection.control('BEGIN')
    let told = 0
    const damages = verify({
      reader: connection,
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
  }
}

const port = parentPort
if (port) void run(workerData, message => port.postMessage(message))
