/** What the scripts of one message want remembered, before any of it is in the store. */
import type { RuleMemory } from '../../store/types/rules.ts'

type Known = Pick<RuleMemory, 'kind' | 'hash'>

export function isRemembered(memories: readonly RuleMemory[], wanted: Known): boolean {
  return memories.some(memory => isSame(memory, wanted))
}

/** Each once, for the longest time that is asked for: what an earlier script remembers must be no obstacle to a later one. */
export function remember(memories: RuleMemory[], memory: RuleMemory): void {
  const at = memories.findIndex(other => isSame(other, memory))
  const before = memories[at]
  if (!before) {
    memories.push(memory)
    return
  }
  const prolongs = before.prolongs === true && memory.prolongs === true
  memories[at] = { ...memory, until: Math.max(before.until, memory.until), prolongs }
}

function isSame(a: Known, b: Known): boolean {
  return a.kind === b.kind && Buffer.compare(a.hash, b.hash) === 0
}
