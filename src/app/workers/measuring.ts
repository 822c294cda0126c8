/** What all processes of the service have measured, as one text. */
import { type Measured, type Metrics, shownTogether } from '../../ops/metrics.ts'
import { MEASURE_MS } from './limits.ts'

interface Measurable {
  tell(message: { do: 'measure'; question: number }): void
}

interface Question<Worker> {
  waiting: Set<Worker>
  answers: Measured[]
  done(): void
}

export class Measuring<Worker extends Measurable> {
  readonly #own: Pick<Metrics, 'measured'>
  readonly #questions = new Map<number, Question<Worker>>()
  #next = 1

  constructor(own: Pick<Metrics, 'measured'>) {
    this.#own = own
  }

  /** Of those that answer in time, and of this process. */
  async ask(workers: readonly Worker[]): Promise<string> {
    const number = this.#next++
    const question: Question<Worker> = { waiting: new Set(workers), answers: [], done() {} }
    this.#questions.set(number, question)
    const answered = new Promise<void>(resolve => (question.done = resolve))
    const timer = setTimeout(question.done, MEASURE_MS)
    for (const worker of workers) worker.tell({ do: 'measure', question: number })
    if (workers.length > 0) await answered
    clearTimeout(timer)
    this.#questions.delete(number)
    // Where each has a value of its own and none is that of all, the first counts: a worker's, which has the store.
    return shownTogether([...question.answers, await this.#own.measured()])
  }

  told(worker: Worker, number: number, measured: Measured): void {
    const question = this.#questions.get(number)
    if (!question?.waiting.delete(worker)) return
    question.answers.push(measured)
    if (question.waiting.size === 0) question.done()
  }

  /** It is gone, and answers no more. */
  forget(worker: Worker): void {
    for (const question of this.#questions.values())
      if (question.waiting.delete(worker) && question.waiting.size === 0) question.done()
  }
}
