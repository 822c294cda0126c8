/**
 * What scripts add to a whole delivery: messages of 12 kB by SMTP into the real service, with its real durability, for a mailbox
 * without a script, one with a small one, and those with 300 rules. Usage: node bench/delivery-scripts.ts [messages] [folder]
 *
 * The service is a process of its own: its processor time is what /proc says of it, that of this client is not in it. The
 * mailboxes take turns, so that what else the machine does falls on all of them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { systemClock } from '../src/ops/clock.ts'
import { storePath } from '../src/ops/data-folder.ts'
import { openSqliteStore } from '../src/store/sqlite/open.ts'
import { manyRules, manyRulesAndBody, smallScript } from './scripts.ts'

const wanted = Number(process.argv[2] ?? 300)
const data = await mkdtemp(path.join(process.argv[3] ?? tmpdir(), 'facteur-bench-'))
const ROUNDS = 6
const WARM_UP = 2
/** At once: what a busy server has; transactions are shared. */
const CONNECTIONS = 4

const scripts: Record<string, string | null> = {
  none: null,
  small: smallScript,
  '300 rules': manyRules,
  '300 rules and body': manyRulesAndBody,
}
const addressOf = (name: string): string => `u${Object.keys(scripts).indexOf(name)}@bench.test`

await fill()
const port = await freePort()
const service = start()
try {
  await greeted().then(socket => socket.destroy())
  await measure()
} finally {
  service.kill()
  await once(service, 'exit')
  rmSync(data, { recursive: true })
}

async function fill(): Promise<void> {
  const store = await openSqliteStore({ path: storePath({ data }), clock: systemClock })
  await store.write('domain.add', { name: 'bench.test', at: 1 })
  for (const [name, source] of Object.entries(scripts)) {
    const account = { address: addressOf(name), passwordHash: null, quotaBytes: null, mailboxes: [], at: 1 }
    const { accountId } = await store.write('account.add', account)
    if (source !== null)
      await store.write('script.put', { accountId, name: 'main', source, maxScripts: 9, activate: true, at: 1 })
  }
  await store.close()
}

function start() {
  const off = ['SUBMISSION', 'SUBMISSIONS', 'IMAP', 'IMAPS', 'POP3', 'POP3S', 'MANAGESIEVE', 'HTTP', 'HTTPS', 'PANEL']
  const environment = {
    ...process.env,
    FACTEUR_DATA: data,
    FACTEUR_HOSTNAME: 'mx.bench.test',
    FACTEUR_LIMITS_LOOPBACK: 'false',
    FACTEUR_LISTEN_SMTP: `127.0.0.1:${port}`,
    ...Object.fromEntries(off.map(name => [`FACTEUR_LISTEN_${name}`, '127.0.0.1:0'])),
  }
  const program = path.resolve(import.meta.dirname, '../bin/facteur.js')
  return spawn(process.execPath, [program, 'serve'], { env: environment, stdio: 'ignore' })
}

async function measure(): Promise<void> {
  const spent: Record<string, { cpu: number[]; wall: number[] }> = {}
  // The first rounds warm up.
  for (let round = 0; round < WARM_UP + ROUNDS; round++)
    for (const name of Object.keys(scripts)) {
      const [cpu, wall] = [processorMs(), performance.now()]
      await Promise.all(Array.from({ length: CONNECTIONS }, () => deliver(addressOf(name), wanted / CONNECTIONS)))
      if (round < WARM_UP) continue
      const of = (spent[name] ??= { cpu: [], wall: [] })
      of.cpu.push((processorMs() - cpu) / wanted)
      of.wall.push((performance.now() - wall) / wanted)
    }
  console.log(
    `script                 CPU ms a message: middle, least   wall ms: middle   (${ROUNDS} rounds of ${wanted})`,
  )
  for (const [name, { cpu, wall }] of Object.entries(spent))
    console.log(name.padEnd(22), shown(middle(cpu)), shown(Math.min(...cpu)), shown(middle(wall)))
}

function middle(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

function shown(ms: number): string {
  return ms.toFixed(2).padStart(10)
}

/** Of the service, all its threads: in hundredths of a second (proc(5)). */
function processorMs(): number {
  const fields = readFileSync(`/proc/${service.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function deliver(to: string, count: number): Promise<void> {
  const socket = await greeted()
  const ask = async (text: string): Promise<void> => {
    socket.write(text)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    if (!/^[23]/.test(answer.toString())) throw new Error(answer.toString())
  }
  await ask('EHLO bench.example\r\n')
  for (let i = 0; i < count; i++) {
    await ask('MAIL FROM:<sender@example.org>\r\n')
    await ask(`RCPT TO:<${to}>\r\n`)
    await ask('DATA\r\n')
    await ask(`${message(to)}\r\n.\r\n`)
  }
  socket.end('QUIT\r\n')
}

async function greeted(): Promise<Socket> {
  for (const end = Date.now() + 30_000; ; ) {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      await once(socket, 'data')
      return socket
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
}

function message(to: string): string {
  const received = Array.from(
    { length: 6 },
    (_, i) => `Received: from host${i}.example.org by mail.example.net; Thu, 1 Jan 2026 00:00:0${i} +0000`,
  )
  const id = `${process.hrtime.bigint()}@example.org`
  const body = Array.from(
    { length: 160 },
    (_, i) => `Line ${i} of a text that says nothing in particular, as most. ${id}`,
  )
  return [
    ...received,
    'From: "A Sender" <sender@example.org>',
    `To: ${to}, "Somebody Else" <else@example.net>`,
    'Subject: =?UTF-8?Q?Compte_rendu_de_la_r=C3=A9union?= and what follows from it',
    `Message-ID: <${id}>`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    ...body,
  ].join('\r\n')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: free } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return free
}
