/** What a worker has of the process that started it. */
import type { Channel, Link } from '../../cluster/link.ts'
import { Line } from '../../ops/line.ts'
import type { Measured } from '../../ops/metrics.ts'
import type { WriterLine } from '../../store/sqlite/remote-writer.ts'
import {
  type FromWorker,
  kinds,
  packed,
  type ToWorker,
  unpacked,
  type WorkerStart,
  type WorkersUp,
} from './messages.ts'

export interface Seat {
  readonly facts: WorkerStart
  /** Between the workers of this service. */
  readonly link: Link
  /** To the writer of the embedded store. */
  readonly writer: WriterLine
  workers(): WorkersUp
  /** Of all processes of the service together, for Prometheus. */
  measured(): Promise<string>
  /** The whole service is to leave. */
  drain(graceMs: number): void
}

/** What comes that is not for the seat itself. */
export interface WorkerEnds {
  start(seat: Seat): void
  leave(): void
  stop(graceMs: number): void
  reload(): void
  measure(): Promise<Measured>
  /** The process that started this one is gone. */
  orphaned(): void
}

type WriterEnds = Parameters<WriterLine['listen']>[0]

export class SeatLine {
  readonly #line: Line
  readonly #ends: WorkerEnds
  readonly #channels = new Map<string, Channel>()
  readonly #questions = new Map<number, (text: string) => void>()
  #writer: WriterEnds = { answered() {}, lost() {} }
  #workers: WorkersUp = { up: 0, of: 0 }
  #nextQuestion = 1

  constructor(socket: ConstructorParameters<typeof Line>[0], ends: WorkerEnds) {
    this.#ends = ends
    this.#line = new Line(socket, {
      heard: (kind, bytes) => {
        if (kind === kinds.written) this.#writer.answered(bytes)
        else if (kind === kinds.lost) this.#writer.lost(Buffer.from(bytes).toString())
        else this.#told(unpacked<ToWorker>(bytes))
      },
      closed: () => ends.orphaned(),
    })
  }

  tell(message: FromWorker): void {
    this.#line.send(kinds.message, packed(message))
  }

  #told(message: ToWorker): void {
    switch (message.do) {
      case 'start':
        this.#ends.start(this.#seat(message.start))
        break
      case 'leave':
        this.#ends.leave()
        break
      case 'stop':
        this.#ends.stop(message.graceMs)
        break
      case 'reload':
        this.#ends.reload()
        break
      case 'hear':
        this.#channels.get(message.channel)?.heard(message.text)
        break
      case 'begin':
        this.#channels.get(message.channel)?.begun()
        break
      case 'measure':
        void this.#ends
          .measure()
          .then(measured => this.tell({ told: 'measured', question: message.question, measured }))
        break
      case 'beat':
        this.tell({ told: 'beat' })
        break
      case 'show':
        this.#questions.get(message.question)?.(message.text)
        this.#questions.delete(message.question)
        break
      case 'count':
        this.#workers = message.workers
    }
  }

  #seat(facts: WorkerStart): Seat {
    return {
      facts,
      link: {
        // On a database that machines share, it doesn't reach all who have to hear.
        isReady: facts.config.store === null,
        publish: (channel, text) => this.tell({ told: 'say', channel, text }),
        listen: (channel, listener) => {
          this.#channels.set(channel, listener)
          this.tell({ told: 'listen', channel })
          return () => {
            if (this.#channels.get(channel) !== listener) return
            this.#channels.delete(channel)
            this.tell({ told: 'deafen', channel })
          }
        },
        close: async () => {},
      },
      writer: {
        processes: facts.of,
        send: bytes => this.#line.send(kinds.write, bytes),
        listen: ends => {
          this.#writer = ends
        },
      },
      workers: () => this.#workers,
      measured: () =>
        new Promise(resolve => {
          const question = this.#nextQuestion++
          this.#questions.set(question, resolve)
          this.tell({ told: 'ask', question })
        }),
      drain: graceMs => this.tell({ told: 'drain', graceMs }),
    }
  }
}
