/**
 * npm run test:long: real clients at work in one mailbox while the service is restarted now and then; in the end every copy of it
 * is the same, and all that was taken is there.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makeAccounts } from '../faults/accounts.ts'
import { seeded } from '../faults/random.ts'
import { startDns } from '../integration/fixtures/dns.ts'
import { isInstalled } from '../integration/fixtures/programs.ts'
import { startRemote } from '../integration/fixtures/remote-smtp.ts'
import { startService } from '../integration/service.ts'
import { developerCommand, wholeNumber } from '../support/developer-command.ts'
import { compare, settle } from './comparison.ts'
import { changeOn } from './imapflow.ts'
import { listenDuring, listenOn } from './listener.ts'
import { type Life, liveOn } from './lives.ts'
import { MaildirCopy } from './mbsync.ts'
import { MemoryWatch, memoryPlot } from './memory.ts'
import { Record } from './record.ts'
import { mailboxes, password, type Scene } from './scene.ts'
import { deliverOn, submitOn } from './swaks.ts'

const about = `Lets real clients work in one mailbox while the service is restarted now and then; in the end every copy of it is to be the same.`
const {
  minutes,
  every,
  seed = Math.floor(Math.random() * 2 ** 32),
  plot,
} = developerCommand('npm run test:long --', about)
  .option('--minutes <number>', 'how long', wholeNumber, 60)
  .option('--every <seconds>', 'from one restart to the next, more or less', wholeNumber, 90)
  .option('--seed <number>', 'the same choices again; what the clients make of them is their own', wholeNumber)
  .option('--plot <file>', 'the memory it took as a picture (SVG)')
  .parse()
  .opts<{ minutes: number; every: number; seed?: number; plot?: string }>()
const say = (text: string): void => void process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
for (const program of ['mbsync', 'swaks'])
  if (!isInstalled(program)) {
    say(`${program} is not installed (Debian packages isync and swaks)`)
    process.exit(2)
  }

const minuteMs = 60_000
const durationMs = minutes * minuteMs
const everyMs = every * 1_000
say(`${minutes} minutes, seed ${seed}`)

const folder = mkdtempSync(path.join(tmpdir(), 'facteur-long-'))
const remote = await startRemote()
const dns = await startDns({ 'far.test': { MX: [[10, 'mx.far.test']] }, 'mx.far.test': { A: ['127.0.0.1'] } })
const service = await startService(
  {
    FACTEUR_PLAIN_TEXT_SIGN_IN: 'loopback',
    FACTEUR_DNS_SERVERS: dns.address,
    FACTEUR_QUEUE_PORT: String(remote.port),
    FACTEUR_QUEUE_RETRY_FIRST: '5s',
    FACTEUR_QUEUE_RETRY_LONGEST: '5s',
  },
  data => makeAccounts(data, { users: ['ada', 'sender'], mailboxes, password }),
)
const record = new Record()
const scene: Scene = { service, record, random: seeded(seed), folder, isOver: false }
const lives: Life[] = []
const memory = new MemoryWatch(service, () => lives.length + 1)
let failed = false
try {
  const copies = [new MaildirCopy(scene, 'home'), new MaildirCopy(scene, 'office')]
  for (const copy of copies) await copy.make()
  const arrivals = (): void => {
    for (const { recipients } of remote.messages.splice(0))
      for (const recipient of recipients) {
        const address = /<([^>]*)>/.exec(recipient)?.[1] ?? ''
        record.arrivals.set(address, (record.arrivals.get(address) ?? 0) + 1)
      }
  }
  const looking = setInterval(arrivals, 5_000)
  const telling = setInterval(() => say(record.counts), 2 * minuteMs)
  const untilMs = performance.now() + durationMs
  const clients = [
    deliverOn(scene),
    submitOn(scene),
    changeOn(scene),
    listenOn(scene),
    ...copies.map(copy => copy.keepOn()),
  ]
  await Promise.race([
    liveOn(scene, { everyMs, lastMs: durationMs / 2, untilMs }, life => {
      lives.push(life)
      const { seconds, end, before, after } = life
      say(`life ${lives.length}: ${seconds} s, ${before} MiB, then ${after} MiB; ended by ${end}`)
    }),
    // A client that breaks is a defect of the run.
    Promise.all(clients),
  ])
  scene.isOver = true
  await Promise.all(clients)
  clearInterval(telling)
  memory.end()
  say(`over: ${record.counts}`)
  await listenDuring(scene, () => settle(scene, copies, arrivals))
  say(`settled: ${record.counts}`)
  clearInterval(looking)
  await compare(scene, copies, lives.length)
  const verified = await service.cli(['verify'])
  if (verified.exitCode !== 0) record.problem(`verify: ${verified.stdout}${verified.stderr}`)
  for (const entry of service.log)
    if (String(entry.msg).startsWith('defect')) record.problem(`in the log: ${JSON.stringify(entry)}`)
  for (const line of memory.table()) say(line)
  const trend = memory.trend()
  if (trend) {
    const { from, to, isFlat } = trend
    const shown = `${from.resident} MiB resident (heap ${from.heap}) about minute ${from.minute}, ${to.resident} (heap ${to.heap}) about minute ${to.minute}`
    if (isFlat) say(`memory of the last life: ${shown}`)
    else record.problem(`the memory of the last life grew: ${shown}`)
  }
  if (plot) writeFileSync(plot, memoryPlot(memory.samples, `Memory under ${minutes} minutes of load`))
  if (!record.has('told by IDLE')) record.problem('IDLE told nothing')
  for (const problem of record.problems) say(`PROBLEM ${problem}`)
  failed = record.problems.length > 0
  const kept = record.letters.size - [...record.letters.keys()].filter(id => record.deleted.has(id)).length
  say(`${failed ? 'FAILED' : 'held'}: ${lives.length} lives, ${record.letters.size} messages, ${kept} never deleted`)
} catch (error) {
  failed = true
  say(`broke off: ${error instanceof Error ? error.stack : error}`)
  for (const entry of service.log.slice(-20)) say(JSON.stringify(entry))
} finally {
  scene.isOver = true
  memory.end()
  await service.stop()
  await remote.close()
  await dns.close()
  rmSync(folder, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)
