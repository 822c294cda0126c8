/** One line on a terminal that tells how far a long command is; nothing where there is no terminal. */
import type { Terminal } from './context.ts'

export interface Progress {
  show(done: number, total: number, text: string): void
  /** Takes the line away. */
  end(): void
}

const WIDTH = 30
/** Ten times a second is as often as anyone reads. */
const EVERY_MS = 100

export function createProgress({ stderr }: Terminal): Progress {
  if (!stderr.isTTY) return { show() {}, end() {} }
  let shownAt = 0
  return {
    show(done, total, text) {
      const now = Date.now()
      if (now - shownAt < EVERY_MS) return
      shownAt = now
      const share = total > 0 ? Math.min(done / total, 1) : 0
      const filled = Math.round(share * WIDTH)
      stderr.write(`\r\x1b[K[${'#'.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${Math.floor(share * 100)} %  ${text}`)
    },
    end: () => void stderr.write('\r\x1b[K'),
  }
}
