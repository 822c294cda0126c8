/** Processor time of other processes, as /proc tells it: in hundredths of a second (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs'

/** Of a process, all its threads, and its children with those that have ended. */
export function processorMs(root: number): number {
  const processes = new Map<number, { parent: number; ms: number }>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0)
      processes.set(Number(name), { parent: Number(fields[1]), ms: ticks * 10 })
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOfIt = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined; at = processes.get(at)?.parent)
      if (at === root) return true
    return false
  }
  return [...processes].filter(([pid]) => isOfIt(pid)).reduce((sum, [, { ms }]) => sum + ms, 0)
}
