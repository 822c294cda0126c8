/** What is held of the heap, without what the collector has not come to yet: how soon it does depends on all else on the machine. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

export function heldHeapBytes(): number {
  collect()
  return process.memoryUsage().heapUsed
}
