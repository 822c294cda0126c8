import { diskFaults } from './disk-faults.ts'
import type { Fault } from './fault.ts'
import { otherFaults } from './other-faults.ts'
import { processFaults } from './process-faults.ts'

export const faults: readonly Fault[] = [...processFaults, ...diskFaults, ...otherFaults]
