/**
 * npm run fuzz -- [target] [seconds]: fuzzes one target or all in turn, a minute each where nothing else is said, led by what
 * code the inputs reach. What does not hold is kept in test/corpus/fuzz and stays a test.
 */
import { developerCommand } from '../support/developer-command.ts'
import { startCoverage } from './coverage.ts'
import { fuzz, keep } from './fuzz.ts'
import { targets } from './targets/index.ts'

const known = targets.map(({ name }) => name)
const about = `Fuzzes the targets that are named, or all in turn, so many seconds each (60), led by what code the inputs reach. What does not hold is kept in test/corpus/fuzz and stays a test.

Targets: ${known.join(', ')}`
const isNumber = (text: string): boolean => /^\d+$/.test(text)
const { args } = developerCommand('npm run fuzz --', about)
  .usage('[targets] [seconds]')
  .argument('[targets...]')
  .parse()
const named = args.filter(text => !isNumber(text))
const seconds = Number(args.find(isNumber) ?? 60)
const unknown = named.find(name => !known.includes(name))
if (unknown !== undefined) {
  console.error(`There is no target ${unknown}. There are: ${known.join(', ')}`)
  process.exit(2)
}

/** Megabytes in use behind all garbage, where node runs with --expose-gc; more from run to run is a leak. */
function heapMB(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1e6
}
/** What the pool of inputs and V8's own tables grow by. */
const GROWN_MB = 100

let failed = false
for (const target of targets) {
  if (named.length > 0 && !named.includes(target.name)) continue
  const seed = Date.now() % 1_000_000
  // What reaches new code is looked for first; then many more inputs are made of it.
  const coverage = startCoverage()
  const led = await fuzz(target, seconds * 0.4, seed, { coverage })
  coverage.stop()
  const warm = led.finding ? led : await fuzz(target, seconds * 0.1, seed + 1, { more: led.kept })
  const before = heapMB()
  const { runs, slowestMs, finding } = warm.finding
    ? warm
    : await fuzz(target, seconds * 0.5, seed + 2, { more: led.kept })
  const grown = heapMB() - before
  console.log(
    `${target.name}: ${led.runs + runs} inputs, ${led.kept.length} reached something new, the slowest took ${slowestMs.toFixed(0)} ms, memory ${grown < 0 ? '' : '+'}${grown.toFixed(0)} MB`,
  )
  if (globalThis.gc && grown > GROWN_MB) {
    failed = true
    console.log(`${target.name}: memory grew`)
  }
  if (!finding) continue
  failed = true
  console.log(
    `${target.name}: ${finding.problem}\n${JSON.stringify(finding.input.toString('latin1').slice(0, 2_000))}\nkept as ${keep(target, finding)}`,
  )
}
if (failed) process.exitCode = 1
