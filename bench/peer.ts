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
import { parseArgs } from 'node:util'
import { figuresOf, tableOf } from './peer-figures.ts'
import { plotOf } from './peer-plot.ts'
import { fail, kitAt, measurementsIn, ownPorts, portSettings, runInTurn, type Target } from './peer-run.ts'

const { values: options } = parseArgs({
  options: {
    peer: { type: 'string', default: 'postfix-dovecot' },
    kit: { type: 'string' },
    runs: { type: 'string', default: '3' },
    /** Lines of an earlier run to go on from: the table is then of both. */
    out: { type: 'string' },
    /** `idle` with `tls` over TLS as well. */
    parts: { type: 'string', default: 'smtp,imap,pop3,tls,idle,disk' },
    /** Messages of the large mailbox. */
    count: { type: 'string', default: '20000' },
    /** Of each SMTP measure; of one connection a sixth. */
    messages: { type: 'string', default: '3000' },
    /** Empties the whole machine's page cache for the cold measure. */
    cold: { type: 'boolean', default: false },
  },
})

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

const { count, cold } = options
const [runs, messages] = [Number(options.runs), Number(options.messages)]
runInTurn([ours, theirs], { kit, results, runs, parts: new Set(options.parts.split(',')), count, messages, cold })

const figures = figuresOf(measurementsIn(results), ours.name, peer)
process.stdout.write(`${tableOf(figures, peer)}\n`)
const title = `Facteur against ${peer}, ${new Date().toISOString().slice(0, 10)}: how many times better`
writeFileSync(path.join(import.meta.dirname, `peer-${peer}.svg`), plotOf(figures, title))
rmSync(work, { recursive: true, force: true })
