/** Timers, passed in so that tests can let hours pass at once. */
export interface Timers {
  /** Calls `run` once, `ms` from now. Returns what cancels it. */
  after(ms: number, run: () => void): () => void
}

/** Node keeps a timer in 32 bits and fires at once beyond that; so it does with one that is past, which it warns of. */
const LONGEST_MS = 2 ** 31 - 1

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), LONGEST_MS))
    return () => clearTimeout(timer)
  },
}

export function wait(timers: Timers, ms: number): Promise<void> {
  return new Promise(resolve => {
    timers.after(ms, resolve)
  })
}
