/** Work that may be interrupted wherever it yields, so that a large script holds up nobody. */
export type Sliced<T> = Generator<void, T, void>

/** All in one go. */
export function atOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

/** `pause` is asked after each step whether others wait, and is awaited where they do. */
export async function inSlices<T>(work: Sliced<T>, pause: () => Promise<void> | undefined): Promise<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    const due = pause()
    if (due) await due
  }
}
