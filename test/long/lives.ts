/** The lives of the service: how long each was, how it ended, and what memory it took. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Scene } from './scene.ts'

/** After a start, once the first work is done. */
const settledMs = 15_000

export interface Life {
  seconds: number
  end: string
  /** Resident, in MiB: soon after the start, and before the end. */
  before: number
  after: number
}

export function residentMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024)
}

/** Ends the service now and then, in good order or not, until it is over; the last life is the longest, for its memory. */
export async function liveOn(
  scene: Scene,
  { everyMs, lastMs, untilMs }: { everyMs: number; lastMs: number; untilMs: number },
  onLife: (life: Life) => void,
): Promise<void> {
  const { service, random } = scene
  for (;;) {
    const startedAt = performance.now()
    const isLast = startedAt + lastMs + everyMs / 2 > untilMs
    const endAt = isLast ? untilMs : startedAt + random.between(everyMs / 2, everyMs * 1.5)
    await sleep(Math.min(settledMs, (endAt - startedAt) / 2))
    const before = residentMib(service.pid)
    await sleep(Math.max(endAt - performance.now(), 0))
    const after = residentMib(service.pid)
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    if (isLast) return onLife({ seconds, end: 'the end of the run', before, after })
    const end = random.pick(['SIGTERM', 'SIGKILL'] as const)
    const killedAt = performance.now()
    await service.kill(end)
    const endMs = Math.round(performance.now() - killedAt)
    await service.start()
    const startMs = Math.round(performance.now() - killedAt) - endMs
    onLife({ seconds, end: `${end} in ${endMs} ms, started again in ${startMs} ms`, before, after })
  }
}
