/** The other side of threads.ts, in the thread. */
import type { MessagePort } from 'node:worker_threads'
import { type JobName, type JobResult, runJob, type TextReader } from './jobs.ts'
import { type FromTextThread, failureOf, type ToTextThread } from './thread-messages.ts'

/** Jobs come one at a time. */
export function serveTexts(port: MessagePort, reader: TextReader, close: () => Promise<void>): void {
  port.on('message', async (message: ToTextThread) => {
    if (message === null) {
      await close()
      port.close()
      return
    }
    let answer: FromTextThread
    try {
      answer = { result: await runJob(reader, message.name, message.job) }
    } catch (error) {
      answer = { failure: failureOf(error) }
    }
    port.postMessage(answer, 'result' in answer ? buffersIn(answer.result) : [])
  })
  port.postMessage({ ready: true } satisfies FromTextThread)
}

/** What is handed over rather than copied: each array of a result has a buffer of its own. */
function buffersIn(result: JobResult<JobName>): ArrayBuffer[] {
  if (result === null) return []
  const segment = 'change' in result ? result.change.segment : 'segment' in result ? result.segment : null
  const arrays = segment ? Object.values(segment) : [result]
  return arrays.flatMap(array => (array instanceof Uint8Array ? (array.buffer as ArrayBuffer) : []))
}
