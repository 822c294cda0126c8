/**
 * This service and another, driven in turn by the same load kit: `npm run bench -- --peer postfix-dovecot --kit FOLDER`
 *
 * Both run all the while; each measure is taken of one, then of the other, as often as `--runs` says, so that what else the
 * machine does hits both alike. Prints a table of ratios, and writes `bench/peer-NAME.svg`. The kit is a folder with drivers
 * (smtp-load.mjs, imap-load.mjs and others) and a script for each peer (peers/NAME.sh start|stop|pids|…), made ready by
 * its own instructions; its settings (BENCH_…) are passed on.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { developerCommand, listOf, wholeNumber } from '../test/support/developer-command.ts'
import { figuresOf, tableOf } from './peer-figures.ts'
import { plotOf } from './peer-plot.ts'
import {
  fail,
  kitAt,
  type LoadOptions,
  loadParts,
  measurementsIn,
  ownPorts,
  portSettings,
  runInTurn,
  type Target,
} from './peer-run.ts'

const about = `Drives this service and another in turn with the same load kit, prints how many times better each figure is, and writes bench/peer-NAME.svg.`
const options = developerCommand('npm run bench --', about)
  .requiredOption('--kit <folder>', 'where the load kit lies, made ready by its own instructions')
  .option('--peer <name>', 'the other: peers/NAME.sh of the kit', 'postfix-dovecot')
  .option('--runs <number>', 'how often each is measured', wholeNumber, 3)
  .option('--parts <names>', `of ${loadParts.join(',')}; idle with tls is over TLS as well`, listOf(loadParts), [
    ...loadParts,
  ])
  .option('--count <number>', 'messages of the large mailbox', wholeNumber, 20_000)
  .option('--messages <number>', 'of each SMTP measure; of one connection a sixth', wholeNumber, 3_000)
  .option('--cold', 'empties the whole machine’s page cache for the cold measure', false)
  .option('--out <lines>', 'lines of an earlier run to go on from: the table is then of both')
  .parse()
  .opts<{ peer: string; out?: string; kit: string } & LoadOptions>()

const { peer } = options
const kit = kitAt(options.kit)
const peerScript = path.join(kit, 'peers', `${peer}.sh`)
if (!existsSync(peerScript)) fail(`there is no ${peerScript}`)

const work = mkdtempSync(path.join(tmpdir(), 'facteur-peer-'))
const results = path.resolve(options.out ?? path.join(work, 'results.jsonl'))
const ours: Target = {
  name: 'facteur',
  script: path.join(import.meta.dirname, 'facteur.sh'),
  env: {
    ...process.env,
    ...portSettings(ownPorts),
    BENCH_ROOT: path.join(work, 'facteur'),
    BENCH_OWNER: 'peer',
  },
  data: path.join(work, 'facteur', 'data'),
}
const theirs: Target = { name: peer, script: peerScript, env: { ...process.env, BENCH_OWNER: 'peer' } }

runInTurn([ours, theirs], { ...options, kit, results })

const figures = figuresOf(measurementsIn(results), ours.name, peer)
process.stdout.write(`${tableOf(figures, peer)}\n`)
const title = `Facteur against ${peer}, ${new Date().toISOString().slice(0, 10)}: how many times better`
writeFileSync(path.join(import.meta.dirname, `peer-${peer}.svg`), plotOf(figures, title))
rmSync(work, { recursive: true, force: true })
