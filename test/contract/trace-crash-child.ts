/** Writes traces and takes them into the index, a few at a time, until it is killed; says which were acknowledged. Arguments: the database, the run's name. */
import { writeSync } from 'node:fs'
import { systemClock } from '../../src/ops/clock.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { newTrace, to } from './trace-fixtures.ts'

const [file = '', run = ''] = process.argv.slice(2)
const store = await openSqliteStore({ path: file, clock: systemClock })

let next = 0
async function recordOn(): Promise<never> {
  for (;;) {
    const address = `r${next}@run${run}.test`
    const trace = newTrace({
      id: `run-${run}-number-${next}`,
      at: next++,
      recipients: [to(address), to('all@one.test')],
    })
    await store.write('trace.record', { traces: [trace], events: [] })
    writeSync(1, `recorded ${address}\n`)
  }
}
async function indexOn(): Promise<never> {
  for (;;) {
    const step = { size: 7, keys: 1_000, before: 0, segmentIds: 60, segmentMs: 1_000_000 }
    const { indexed } = await store.write('trace.index', step)
    if (indexed > 0) writeSync(1, 'indexed\n')
  }
}
await Promise.all([recordOn(), recordOn(), indexOn()])
