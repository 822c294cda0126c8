/** npm run test:faults: each fault in a loop, at random moments; after each, a look at everything. */
import { developerCommand, listOf, wholeNumber } from '../support/developer-command.ts'
import { runFault } from './fault.ts'
import { faults } from './faults.ts'
import { seeded } from './random.ts'
import { interruptUpgrades } from './upgrades.ts'

const names = [...faults.map(({ name }) => name), 'upgrade']
const about = `Brings about each fault in a loop, at random moments, and looks at everything after each.\n\nFaults: ${names.join(', ')}`
const {
  times,
  only,
  seed = Math.floor(Math.random() * 2 ** 32),
} = developerCommand('npm run test:faults --', about)
  .option('--times <number>', 'rounds of each fault', wholeNumber, 10)
  .option('--only <faults>', 'these, separated by commas', listOf(names))
  .option('--seed <number>', 'the same choices again; moments between threads and clients stay their own', wholeNumber)
  .parse()
  .opts<{ times: number; only?: string[]; seed?: number }>()

const say = (text: string): void => void process.stdout.write(`${text}\n`)
say(`seed ${seed}`)
let failed = false
const table: string[] = []
for (const fault of faults) {
  if (only && !only.includes(fault.name)) continue
  const reason = fault.whyNot?.() ?? null
  if (reason !== null) {
    table.push(`${fault.name}: skipped, ${reason}`)
    say(table.at(-1) ?? '')
    continue
  }
  say(`${fault.name}: ${fault.about}`)
  const startedAt = performance.now()
  const onRound = (round: number, text: string): void => say(`  ${round}: ${text}`)
  const outcome = await runFault(fault, { times, random: seeded(seed), onRound })
  const { rounds, missed, acknowledged, refused, problems, kept } = outcome
  for (const [answer, times] of refused) say(`  refused ${times} times: ${answer}`)
  for (const problem of problems) say(`  PROBLEM ${problem}`)
  if (kept) say(`  seed ${seed}; the data folder is kept in ${kept}`)
  failed ||= problems.length > 0
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  const refusals = [...refused.values()].reduce((sum, times) => sum + times, 0)
  table.push(
    `${fault.name}: ${problems.length > 0 ? 'FAILED' : 'held'}, ${rounds} rounds${missed > 0 ? ` and ${missed} in which it did not happen` : ''}, ${acknowledged} acknowledged, ${refusals} refused, ${seconds} s`,
  )
  say(table.at(-1) ?? '')
}
if (!only || only.includes('upgrade')) {
  say('upgrade: SIGKILL while the store is brought up to date, at a statement or in the midst of its commit')
  const onRound = (round: number, text: string): void => say(`  ${round}: ${text}`)
  const upgrades = await interruptUpgrades({ times, random: seeded(seed), onRound })
  const { rounds, problems, kept } = upgrades
  for (const problem of problems) say(`  PROBLEM ${problem}`)
  if (kept) say(`  seed ${seed}; the data folder is kept in ${kept}`)
  failed ||= problems.length > 0
  table.push(`upgrade: ${problems.length > 0 ? 'FAILED' : 'held'}, ${rounds} rounds`)
}
say(`\n${table.join('\n')}`)
process.exit(failed ? 1 : 0)
