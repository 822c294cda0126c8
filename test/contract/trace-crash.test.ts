/** The index of the trace, whatever ended the process between its steps or within one. */
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from '../../src/ops/clock.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { damagesOf } from './store-fixtures.ts'
import { everything, exactly } from './trace-fixtures.ts'

const kills = 3
const child = path.join(import.meta.dirname, 'trace-crash-child.ts')

/** Each line it wrote before it was killed, some steps after its first. */
async function runUntilKilled(file: string, run: number): Promise<string[]> {
  const running = spawn(process.execPath, [child, file, String(run)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ends = randomInt(2, 12)
  let output = ''
  await new Promise<void>((resolve, reject) => {
    running.on('exit', (code, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error(`it ended with ${code}`)),
    )
    running.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (output.split('indexed').length > ends) running.kill('SIGKILL')
    })
  })
  return output.split('\n')
}

it(`goes on where it was, through ${kills} kills`, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'facteur-trace-'))
  try {
    const file = path.join(folder, 'facteur.db')
    const recorded: string[] = []
    for (let run = 0; run < kills; run++) {
      const lines = await runUntilKilled(file, run)
      const latest = lines.flatMap(line => (line.startsWith('recorded ') ? [line.slice('recorded '.length)] : []))
      recorded.push(...latest)
      const store = await openSqliteStore({ path: file, clock: systemClock })
      try {
        expect(await damagesOf(store)).toEqual([])
        const search = { ...everything, limit: 100_000, budget: 1_000_000 }
        const all = await store.read('trace.search', search)
        const found = all.rows.map(({ recipients }) => recipients[0]!.address)
        expect(new Set(found).size).toBe(found.length)
        expect(recorded.filter(address => !found.includes(address))).toEqual([])
        // By what all have: those in the index, and those behind it.
        const byAddress = await store.read('trace.search', { ...search, recipient: exactly('all@one.test') })
        expect(byAddress.rows).toEqual(all.rows)
        // Some of the latest by their own.
        for (const address of latest.slice(-30))
          expect((await store.read('trace.search', { ...search, recipient: exactly(address) })).rows).toHaveLength(1)
        expect(await store.read('trace.unindexed', { limit: 100_000 })).toBeLessThan(found.length)
      } finally {
        await store.close()
      }
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})
