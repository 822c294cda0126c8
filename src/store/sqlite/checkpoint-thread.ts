/** The thread that writes the log back into the database; see `checkpointer.ts`. It sleeps in between, and hears of nothing else. */
import { isMainThread, workerData } from 'node:worker_threads'
import { checkpointing, idle, over } from './checkpoint-state.ts'
import { openWritable } from './database.ts'

const afterFailureMs = 1000

export interface CheckpointThread {
  path: string
  state: Int32Array
}

function run({ path, state }: CheckpointThread): void {
  const connection = openWritable(path)
  while (Atomics.load(state, 0) !== over) {
    Atomics.wait(state, 0, idle)
    if (Atomics.load(state, 0) !== checkpointing) continue
    try {
      connection.checkpoint()
    } catch {
      // A full or failing disk, of which commits tell. Not again at once.
      Atomics.wait(state, 0, checkpointing, afterFailureMs)
    }
    // Unless it is over by now.
    Atomics.compareExchange(state, 0, checkpointing, idle)
  }
  connection.close()
}

if (!isMainThread) run(workerData)
