/** Runs a target: its corpus first, then changes of it for some time. What does not hold is made as small as can be. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Coverage } from './coverage.ts'
import { mutate, type Random, randomOf } from './mutate.ts'
import type { FuzzTarget } from './target.ts'

/** Processor time for one input of 64 KiB at the most; what is linear takes a tenth of it. */
export const INPUT_MS = 400
/** Of those inputs that showed something new, the youngest are kept. */
const POOL = 2_000

export const corpus = path.resolve(import.meta.dirname, '../corpus/fuzz')

export interface Finding {
  input: Buffer
  problem: string
}

export interface Fuzzed {
  runs: number
  /** Inputs that reached something new. */
  kept: Buffer[]
  slowestMs: number
  finding: Finding | null
}

/** What was found before: each is an input that once did not hold. */
export function found(target: FuzzTarget): Buffer[] {
  const folder = path.join(corpus, target.name)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map(name => readFileSync(path.join(folder, name)))
}

export function keep(target: FuzzTarget, { input }: Finding): string {
  const folder = path.join(corpus, target.name)
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `${createHash('sha256').update(input).digest('hex').slice(0, 12)}.bin`)
  writeFileSync(file, input)
  return file
}

/** Null where all holds, within its time. */
export async function problemOf(target: FuzzTarget, input: Buffer): Promise<string | null> {
  for (let tries = 0; ; tries++) {
    const { problem, ms } = await run(target, input)
    if (problem !== null || ms < INPUT_MS) return problem
    // The garbage collector or a compiler came by: not each time.
    if (tries === 2) return `took ${ms.toFixed(0)} ms of processor time for ${input.length} octets`
  }
}

async function run(target: FuzzTarget, input: Buffer): Promise<{ problem: string | null; ms: number }> {
  const before = process.threadCpuUsage()
  let problem: string | null = null
  try {
    const checking = target.check(input)
    // Most don't wait for anything, and run as many more in their time.
    if (checking) await checking
  } catch (error) {
    problem = error instanceof Error ? `${error.name}: ${error.message.slice(0, 400)}` : String(error)
  }
  const { user, system } = process.threadCpuUsage(before)
  return { problem, ms: (user + system) / 1000 }
}

/** `coverage`: a tenth as fast, and it knows which inputs to go on from. `more`: what such a run kept. */
export async function fuzz(
  target: FuzzTarget,
  seconds: number,
  seed: number,
  { coverage = null, more = [] }: { coverage?: Coverage | null; more?: readonly Buffer[] } = {},
): Promise<Fuzzed> {
  const random = randomOf(seed)
  const pool: Buffer[] = [...target.seeds, ...found(target), ...more]
  const fuzzed: Fuzzed = { runs: 0, kept: [], slowestMs: 0, finding: null }
  for (const input of pool) {
    const problem = await problemOf(target, input)
    if (problem !== null) return { ...fuzzed, finding: { input, problem } }
  }
  coverage?.grew()
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    const input = mutate(random, pool, target)
    const { problem, ms } = await run(target, input)
    fuzzed.runs++
    fuzzed.slowestMs = Math.max(fuzzed.slowestMs, ms)
    if (problem !== null || ms >= INPUT_MS) {
      const confirmed = await problemOf(target, input)
      if (confirmed !== null) return { ...fuzzed, finding: await smallest(target, { input, problem: confirmed }) }
    }
    if (coverage?.grew()) {
      fuzzed.kept.push(Buffer.from(input))
      pool.push(fuzzed.kept.at(-1)!)
    } else if (!coverage && random(50) === 0) pool.push(Buffer.from(input))
    if (pool.length > POOL) pool.splice(target.seeds.length + random(POOL / 2), 1)
  }
  return fuzzed
}

/** Leaves out what is not needed for the problem to show, in ever smaller pieces. */
async function smallest(target: FuzzTarget, finding: Finding): Promise<Finding> {
  let best = finding
  const end = performance.now() + 20_000
  for (let piece = Math.ceil(best.input.length / 2); piece > 0; piece = piece === 1 ? 0 : Math.ceil(piece / 2))
    for (let at = 0; at < best.input.length && performance.now() < end; ) {
      const input = Buffer.concat([best.input.subarray(0, at), best.input.subarray(at + piece)])
      const problem = await problemOf(target, input)
      if (problem === null) at += piece
      else best = { input, problem }
    }
  return best
}

export type { Random }
