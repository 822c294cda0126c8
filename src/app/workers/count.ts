/** How many processes do the service's work. */
import { availableParallelism } from 'node:os'
import type { Config } from '../../ops/config.ts'

export const workersOf = ({ workers }: Pick<Config, 'workers'>): number =>
  workers === 'auto' ? availableParallelism() : workers
