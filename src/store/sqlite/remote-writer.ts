/** The way of operations to a writer in another process of the service. */
import { deserialize, serialize } from 'node:v8'
import type { Request } from '../operations/request.ts'
import { failureOf, type Outcome } from './failure.ts'
import { unpack } from './packed-outcome.ts'
import { PendingWrites } from './pending-writes.ts'
import type { Writer } from './writer.ts'
import type { NumberedOutcome, NumberedRequest } from './writer-messages.ts'

/** To the process that has the writer: see `WritingProcess`, which is its other end. */
export interface WriterLine {
  /** Processes that write. */
  readonly processes: number
  send(bytes: Uint8Array): void
  /** Told of what comes back. */
  listen(ends: { answered(bytes: Uint8Array): void; lost(message: string): void }): void
}

export class RemoteWriter implements Writer {
  readonly #line: WriterLine
  readonly #pending: PendingWrites

  constructor(line: WriterLine) {
    this.#line = line
    this.#pending = new PendingWrites(requests => this.#send(requests), line.processes)
    line.listen({
      answered: bytes => {
        // Written by this program's own writer.
        const answers = deserialize(bytes) as NumberedOutcome[]
        for (const { id, outcome } of answers) this.#pending.answer(id, unpack(outcome))
      },
      lost: message => this.#pending.lost(message),
    })
  }

  write(request: Request): Promise<Outcome> {
    return this.#pending.write(request)
  }

  close(): Promise<void> {
    this.#pending.close()
    return this.#pending.answered()
  }

  #send(requests: NumberedRequest[]): void {
    let bytes: Uint8Array
    try {
      bytes = serialize(requests)
    } catch (error) {
      // As between threads: a defect of one caller, and the others' operations go alone.
      if (requests.length === 1) this.#pending.answer(requests[0]!.id, { failure: failureOf(error) })
      else for (const request of requests) this.#send([request])
      return
    }
    this.#line.send(bytes)
  }
}
