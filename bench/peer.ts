/**
 * This service and another, driven in turn by the same load kit: `npm run bench -- --peer postfix-dovecot --kit FOLDER`
 *
 * Both run all the while; each measure is taken of one, then of the other, as often as `--runs` says, so that what else the
 * machine does hits both alike. Prints a table of ratios, and writes `bench/peer-NAME.svg`. The kit is a folder with drivers
 * (smtp-load.mjs, imap-load.mjs, pop3-load.mjs) and a script for each peer (peers/NAME.sh start|stop|pids|…), made ready by
 * its own instructions; its settings (BENCH_…) are passed on.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { figuresOf, type Measurement, tableOf } from './peer-figures.ts'
import { plotOf } from './peer-plot.ts'

const { values: options } = parseArgs({
  options: {
    peer: { type: 'string', default: 'postfix-dovecot' },
    kit: { type: 'string' },
    runs: { type: 'string', default: '3' },
    /** Lines of an earlier run to go on from: the table is then of both. */
    out: { type: 'string' },
    parts: { type: 'string', default: 'smtp,imap,pop3' },
    /** Messages of the large mailbox. */
    count: { type: 'string', default: '20000' },
    /** Of each SMTP measure; of one connection a sixth. */
    messages: { type: 'string', default: '3000' },
    /** Empties the whole machine's page cache for the cold measure. */
    cold: { type: 'boolean', default: false },
  },
})

interface Target {
  name: string
  script: string
  env: NodeJS.ProcessEnv
}

const ourName = 'facteur'
const imapParts = 'body,store,copy,append,search,sort,resync,login,mixed'

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

const { peer, kit: given } = options
if (!given) fail('--kit FOLDER: where the load kit lies')
const kit = path.resolve(given)
const peerScript = path.join(kit, 'peers', `${peer}.sh`)
for (const file of [path.join(kit, 'smtp-load.mjs'), path.join(kit, 'imap-load.mjs'), peerScript])
  if (!existsSync(file)) fail(`there is no ${file}`)

const work = mkdtempSync(path.join(tmpdir(), 'facteur-peer-'))
const results = path.resolve(options.out ?? path.join(work, 'results.jsonl'))
const ports = { SMTP: 13025, IMAP: 13143, IMAPS: 13993, POP3: 13110 }
const ourPorts = Object.fromEntries(Object.entries(ports).map(([name, port]) => [`BENCH_${name}_PORT`, String(port)]))
const ours: Target = {
  name: ourName,
  script: path.join(import.meta.dirname, 'facteur.sh'),
  env: { ...process.env, ...ourPorts, BENCH_ROOT: path.join(work, 'facteur'), BENCH_OWNER: 'peer' },
}
const theirs: Target = { name: peer, script: peerScript, env: { ...process.env, BENCH_OWNER: 'peer' } }
const targets = [ours, theirs]

/** What it prints; of `start` nothing, since what it starts would hold the pipe. */
function control({ script, env, name }: Target, command: 'start' | 'stop' | 'pids'): string {
  const stdout = command === 'pids' ? 'pipe' : 'ignore'
  const run = spawnSync('bash', [script, command], { env, encoding: 'utf8', stdio: ['ignore', stdout, 'inherit'] })
  if (run.status !== 0) throw new Error(`${name}: ${command} failed`)
  return run.stdout?.trim() ?? ''
}

function drive({ name, env, script }: Target, driver: string, run: number, extra: string[]): void {
  process.stderr.write(`run ${run}: ${name}, ${driver} ${extra.join(' ')}\n`)
  const pids = control({ name, env, script }, 'pids')
  const args = [
    path.join(kit, driver),
    '--target',
    name,
    '--run',
    String(run),
    '--out',
    results,
    '--server-pids',
    pids,
    ...extra,
  ]
  const { status } = spawnSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  // A measure that fails is missing in the table; the others are worth having.
  if (status !== 0) process.stderr.write(`${name}: ${driver} ended with ${status}\n`)
}

const eachInTurn = (run: number, driver: string, extra: (target: Target) => string[]): void => {
  for (const target of targets) drive(target, driver, run, extra(target))
}

function measure(run: number, parts: Set<string>): void {
  const messages = Number(options.messages)
  if (parts.has('smtp'))
    for (const [connections, count] of [
      [1, Math.ceil(messages / 6)],
      [10, messages],
      [50, messages],
    ] as const)
      eachInTurn(run, 'smtp-load.mjs', () => ['--connections', String(connections), '--messages', String(count)])
  if (parts.has('imap')) {
    const mailbox = ['--count', options.count]
    const hook = ({ script }: Target, command: string): string => `bash '${script}' ${command}`
    if (run === 1) eachInTurn(run, 'imap-load.mjs', () => ['--parts', 'populate', ...mailbox])
    eachInTurn(run, 'imap-load.mjs', of => [
      '--parts',
      'first,warm',
      '--forget-cmd',
      hook(of, 'forget-index u0001'),
      ...mailbox,
    ])
    if (options.cold)
      eachInTurn(run, 'imap-load.mjs', of => ['--parts', 'cold', '--cold-cmd', hook(of, 'drop-caches'), ...mailbox])
    eachInTurn(run, 'imap-load.mjs', () => ['--parts', imapParts, ...mailbox])
  }
  if (parts.has('pop3')) eachInTurn(run, 'pop3-load.mjs', () => [])
}

const started: Target[] = []
try {
  for (const target of targets) {
    control(target, 'start')
    started.push(target)
  }
  const parts = new Set(options.parts.split(','))
  // What is not measured: the first messages meet cold code and empty caches.
  if (parts.has('smtp')) eachInTurn(0, 'smtp-load.mjs', () => ['--connections', '10', '--messages', options.messages])
  for (let run = 1; run <= Number(options.runs); run++) measure(run, parts)
} finally {
  for (const target of started)
    try {
      control(target, 'stop')
    } catch (error) {
      process.stderr.write(`${error}\n`)
    }
}

const measurements = readFileSync(results, 'utf8')
  .split('\n')
  .filter(line => line !== '')
  .map(line => JSON.parse(line) as Measurement & { run: number })
const figures = figuresOf(
  measurements.filter(({ run }) => run > 0),
  ourName,
  peer,
)
process.stdout.write(`${tableOf(figures, peer)}\n`)
const title = `Facteur against ${peer}, ${new Date().toISOString().slice(0, 10)}: how many times better`
writeFileSync(path.join(import.meta.dirname, `peer-${peer}.svg`), plotOf(figures, title))
rmSync(work, { recursive: true, force: true })
