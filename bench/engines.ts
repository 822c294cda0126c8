/**
 * The service on SQLite with one process and with two, on PostgreSQL with one node and with two, driven in turn by one load kit:
 * node bench/engines.ts --kit FOLDER
 *
 * Prints how each compares with SQLite, and writes `bench/engines.svg`. All run all the while, each with its own folder and
 * ports; the processor's time is that of the service and, on PostgreSQL, of the database and Redis. Before two nodes stands
 * `spread.ts`, which is charged to nobody.
 */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { developerCommand, listOf, wholeNumber } from '../test/support/developer-command.ts'
import { type Figure, figuresOf, type Measurement, middle, short } from './peer-figures.ts'
import { plotOf } from './peer-plot.ts'
import { kitAt, type LoadOptions, loadParts, measurementsIn, portSettings, runInTurn, type Target } from './peer-run.ts'

/** What is to be reached against SQLite; of other figures nothing is asked. */
const goals: [RegExp, number][] = [
  [/^smtp delivered_per_s/, 0.5],
  [/^imap sync_/, 1 / 1.5],
]

/** By the thousand, so that no two services meet: below those that the system gives out. */
const basePorts = {
  SMTP: 25,
  SUBMISSION: 587,
  SUBMISSIONS: 465,
  IMAP: 143,
  IMAPS: 993,
  POP3: 110,
  POP3S: 995,
  MANAGESIEVE: 190,
  HTTP: 80,
  HTTPS: 443,
  PANEL: 843,
  POSTGRES: 432,
  REDIS: 379,
  S3: 900,
}
const portsAt = (start: number): Record<string, number> =>
  Object.fromEntries(Object.entries(basePorts).map(([name, port]) => [name, start + port]))

const known: Record<string, { start: number; settings: Record<string, string>; nodes: number }> = {
  sqlite: { start: 15_000, settings: { STORE: 'sqlite' }, nodes: 1 },
  'sqlite-2-workers': { start: 23_000, settings: { STORE: 'sqlite', WORKERS: '2' }, nodes: 1 },
  'postgres-1': { start: 17_000, settings: { STORE: 'postgres' }, nodes: 1 },
  'postgres-2': { start: 19_000, settings: { STORE: 'postgres' }, nodes: 2 },
}

const targetNames = Object.keys(known)
const about = `Drives the service in four ways in turn with the same load kit, prints how each compares with the first, and writes bench/engines.svg.`
const options = developerCommand('npx node bench/engines.ts', about)
  .requiredOption('--kit <folder>', 'where the load kit lies, made ready by its own instructions')
  .option('--targets <names>', `of ${targetNames.join(',')}`, listOf(targetNames), targetNames)
  .option('--runs <number>', 'how often each is measured', wholeNumber, 3)
  .option('--parts <names>', `of ${loadParts.join(',')}`, listOf(loadParts), ['smtp', 'imap', 'pop3'])
  .option('--count <number>', 'messages of the large mailbox', wholeNumber, 20_000)
  .option('--messages <number>', 'of each SMTP measure; of one connection a sixth', wholeNumber, 3_000)
  .option(
    '--out <lines>',
    'lines of an earlier run to go on from: the table is then of both; with --runs 0, of the earlier one',
  )
  .parse()
  .opts<{ targets: string[]; out?: string; kit: string } & LoadOptions>()

const kit = kitAt(options.kit)
const work = mkdtempSync(path.join(tmpdir(), 'facteur-engines-'))
// The database runs as a user of its own.
chmodSync(work, 0o711)
const results = path.resolve(options.out ?? path.join(work, 'results.jsonl'))

/** Processes that stand before several nodes, and end with this one. */
const spreaders: ReturnType<typeof spawn>[] = []

function targetOf(name: string): Target {
  const { start, settings, nodes } = known[name]!
  const shared = { ...process.env, BENCH_OWNER: 'engines', BENCH_ROOT: path.join(work, name) }
  const ports = portsAt(start)
  const env = { ...shared, ...portSettings(ports), ...settings, NODES: String(nodes) }
  const target = { name, script: path.join(import.meta.dirname, 'facteur.sh'), env }
  if (nodes === 1) return target
  const before = portsAt(start + 2_000)
  const routes = ['SMTP', 'IMAP', 'POP3'].map(service => {
    const of = Array.from({ length: nodes }, (_, node) => ports[service]! + 100 * node)
    return `${before[service]}:${of.join(',')}`
  })
  const script = path.join(import.meta.dirname, 'spread.ts')
  spreaders.push(spawn(process.execPath, [script, ...routes], { stdio: ['pipe', 'inherit', 'inherit'] }))
  return { ...target, driverEnv: { ...shared, ...portSettings(before) } }
}

const targets = options.targets.map(targetOf)
try {
  runInTurn(targets, { ...options, kit, results, cold: false })
} finally {
  for (const spreader of spreaders) spreader.kill()
}

const [first, ...others] = targets.map(({ name }) => name)
const measurements = measurementsIn(results)
const compared = others.map(name => ({ name, figures: figuresOf(measurements, name, first ?? '', goals) }))
process.stdout.write(`${tableOfAll(measurements, first ?? '', compared)}\n`)
const all = compared.flatMap(({ name, figures }) =>
  figures.map(figure => ({ ...figure, name: `${figure.name}, ${name}` })),
)
const title = `On PostgreSQL against SQLite, ${new Date().toISOString().slice(0, 10)}: how many times better`
writeFileSync(path.join(import.meta.dirname, 'engines.svg'), plotOf(all, title))
rmSync(work, { recursive: true, force: true })

function tableOfAll(
  found: readonly Measurement[],
  base: string,
  columns: { name: string; figures: Figure[] }[],
): string {
  // Against itself: the figures of the first, in the order in which they were measured.
  const rows = figuresOf(found, base, base).map(({ name, unit, ours }) => {
    const cells = columns.map(({ figures }) => {
      const figure = figures.find(each => each.name === name)
      if (!figure) return '– | –'
      const asked = figure.goal > 0 ? ` (to reach: ${short(figure.goal)})` : ''
      return `${short(middle(figure.ours))} | ${figure.ratio.toFixed(2)}${asked}`
    })
    return `| ${name} | ${unit} | ${short(middle(ours))} | ${cells.join(' | ')} |`
  })
  const heads = columns.map(({ name }) => `${name} | times better than ${base}`)
  return [
    `| figure | unit | ${base} | ${heads.join(' | ')} |`,
    `|---|---|---|${'---|---|'.repeat(columns.length)}`,
    ...rows,
  ].join('\n')
}
