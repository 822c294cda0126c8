/**
 * The promise under faults, in short: each fault a round or two, under a load of deliveries, submissions, APPEND, STORE, COPY, MOVE,
 * EXPUNGE and POP3's deletions. `npm run test:faults -- --times 100` is the long version.
 */
import { expect, it } from 'vitest'
import { runFault } from './fault.ts'
import { faults } from './faults.ts'
import { seeded } from './random.ts'

/** Seconds count in CI: a kill tries the most in the least time. */
const rounds: Record<string, number> = { kill: 3, 'kill-at-call': 3, 'power-cut': 2, 'input-output-errors': 3 }

const seed = Number(process.env.FACTEUR_FAULT_SEED ?? Math.floor(Math.random() * 2 ** 32))

for (const fault of faults)
  it(`${fault.name} (seed ${seed})`, { timeout: 300_000 }, async context => {
    const reason = fault.whyNot?.() ?? null
    if (reason !== null) return context.skip(reason)
    const { problems, acknowledged } = await runFault(fault, { times: rounds[fault.name] ?? 1, random: seeded(seed) })
    expect(problems).toEqual([])
    expect(acknowledged).toBeGreaterThan(0)
  })
