/**
 * The writer's thread: the only one that changes the database. It takes all operations that wait into one transaction,
 * commits once, and only then answers them.
 */
import { deserialize, serialize } from 'node:v8'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { runBatch } from './batch.ts'
import { Checkpointer } from './checkpointer.ts'
import { openWritable } from './database.ts'
import { failureOf } from './failure.ts'
import { checkpointPages, lastPages } from './limits.ts'
import { pack } from './packed-outcome.ts'
import { takeBatch } from './writer.ts'
import type { FromWriter, NumberedOutcome, NumberedRequest, ToWriter, WriterSettings } from './writer-messages.ts'

/** After so long without work the log is written back into the database, while nobody waits for it. */
const idleMs = 500

function serve(port: MessagePort, { path }: WriterSettings): void {
  const connection = openWritable(path)
  const checkpointer = new Checkpointer(connection, path, { first: checkpointPages, last: lastPages })
  /** `from`: the process it came from; 0 is this one. */
  const waiting: (NumberedRequest & { from: number })[] = []
  let running = false
  let closing = false
  let idle: NodeJS.Timeout | undefined

  const answer = (message: FromWriter): void => port.postMessage(message)
  const hear = (message: ToWriter): void => {
    if ('close' in message) closing = true
    else if ('from' in message) {
      const { from, bytes } = message
      // Written by this program's own `RemoteWriter`.
      for (const request of deserialize(bytes) as NumberedRequest[]) waiting.push({ ...request, from })
    } else for (const request of message.requests) waiting.push({ ...request, from: 0 })
  }
  const answerAll = (answers: (NumberedOutcome & { from: number })[]): void => {
    let committed = answers.length
    for (const [from, own] of Map.groupBy(answers, each => each.from)) {
      const outcomes = own.map(({ id, outcome }) => ({ id, outcome }))
      if (from === 0) answer({ answers: outcomes, committed })
      else answer({ to: from, bytes: new Uint8Array(serialize(outcomes)), committed })
      committed = 0
    }
  }
  /** Operations that came in while the last batch was being committed are the next one. */
  const hearAllWaiting = (): void => {
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) hear(next.message)
  }

  const run = async (): Promise<void> => {
    running = true
    clearTimeout(idle)
    for (hearAllWaiting(); waiting.length > 0; hearAllWaiting()) {
      const batch = takeBatch(waiting)
      const outcomes = await runBatch(
        connection,
        batch.map(({ request }) => request),
      )
      answerAll(batch.map(({ id, from, request }, index) => ({ id, from, outcome: pack(request, outcomes[index]!) })))
      checkpointer.committed()
    }
    running = false
    if (closing) {
      await checkpointer.close()
      connection.packs?.close()
      connection.finish()
      port.close()
    } else idle = setTimeout(() => checkpointer.writeBack(), idleMs)
  }

  port.on('message', (message: ToWriter) => {
    hear(message)
    if (running) return
    run().catch(error => {
      // A thread in an unknown state must not go on: the main thread starts another.
      answer({ failed: failureOf(error) })
      throw error
    })
  })
}

if (parentPort) serve(parentPort, workerData)
