/** Who of the workers listens to which channel: what one says goes to the others who do. */

export class Switchboard<Worker> {
  readonly #listening = new Map<string, Set<Worker>>()

  listen(worker: Worker, channel: string): void {
    const listening = this.#listening.get(channel)
    if (listening) listening.add(worker)
    else this.#listening.set(channel, new Set([worker]))
  }

  deafen(worker: Worker, channel: string): void {
    const listening = this.#listening.get(channel)
    if (listening?.delete(worker) && listening.size === 0) this.#listening.delete(channel)
  }

  /** It is gone. */
  forget(worker: Worker): void {
    for (const channel of [...this.#listening.keys()]) this.deafen(worker, channel)
  }

  /** Who is to be told of what `speaker` says there. */
  othersAt(channel: string, speaker: Worker): Worker[] {
    return [...(this.#listening.get(channel) ?? [])].filter(worker => worker !== speaker)
  }
}
