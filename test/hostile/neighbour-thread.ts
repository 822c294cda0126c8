/**
 * The well-behaved clients beside an attack, on a thread of their own, so that what the test does itself delays no measurement:
 * one reads, one changes flags, one brings mail, each asking one thing after the other; and looks at the service's memory.
 */
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { type Kind, kinds, type Measured, type NeighbourData } from './neighbour.ts'

const { ports, pid, user, password } = workerData as NeighbourData
const parent = parentPort!

/** Between an answer and the next question. Writes are fewer: what they cost themselves is not to be taken for the attack's. */
const pauseMs: Record<Kind, number> = { reads: 5, stores: 50, deliveries: 50 }

let measured: Measured = nothing()
function nothing(): Measured {
  const none = { answers: 0, slowestMs: 0, slowestBusyMs: 0 }
  const waits = { reads: { ...none }, stores: { ...none }, deliveries: { ...none } }
  return { waits, residentBytes: residentBytes(), peakBytes: residentBytes() }
}

/** Time that the service's main thread was at work so far: unlike the time on the clock, other programs don't add to it. */
function busyMs(): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6
  } catch {
    return performance.now()
  }
}

function residentBytes(): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096
  } catch {
    return 0
  }
}

type Ask = (text: string, wanted: RegExp) => Promise<void>

function client(port: number): Ask {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let text = ''
  let answered = (): void => {}
  socket.setEncoding('latin1').on('data', chunk => {
    text += chunk
    answered()
  })
  socket.on('close', () => parent.postMessage({ failed: `the neighbour was cut off: ${text.slice(-200)}` }))
  socket.on('error', () => {})
  return async (line, wanted) => {
    if (line !== '') socket.write(line)
    while (!wanted.test(text)) await new Promise<void>(resolve => (answered = resolve))
    text = ''
  }
}

async function imap(): Promise<(command: string) => Promise<void>> {
  const ask = client(ports.imap)
  await ask('', /^\* OK/)
  const command = (text: string): Promise<void> => ask(`t ${text}\r\n`, /^t OK .*\r\n/m)
  await command(`LOGIN ${user} "${password}"`)
  await command('SELECT INBOX')
  return command
}

async function smtp(): Promise<Ask> {
  const ask = client(ports.smtp)
  await ask('', /^220 .*\r\n/)
  await ask('EHLO neighbour.example.net\r\n', /^250 .*\r\n/m)
  return ask
}

const [reader, writer, sender] = [await imap(), await imap(), await smtp()]
const steps: Record<Kind, () => Promise<void>> = {
  async reads() {
    await reader('NOOP')
    await reader('FETCH 1 (FLAGS INTERNALDATE)')
  },
  async stores() {
    await writer('STORE 1 +FLAGS (\\Flagged)')
    await writer('STORE 1 -FLAGS (\\Flagged)')
  },
  async deliveries() {
    const envelope = `MAIL FROM:<neighbour@example.net>\r\nRCPT TO:<${user}>\r\nDATA\r\n`
    await sender(envelope, /^354 .*\r\n/m)
    await sender('From: <neighbour@example.net>\r\nSubject: between\r\n\r\nhello\r\n.\r\n', /^250 .*\r\n/m)
  },
}

/** Of whom one more answer is awaited before what was measured is told: what was asked for in the middle of a question has its answer in it. */
const awaited = new Set<Kind>()
parent.on('message', () => {
  for (const kind of kinds) awaited.add(kind)
})
parent.postMessage({ ready: true })
await Promise.all(kinds.map(keepAsking))

async function keepAsking(kind: Kind): Promise<void> {
  for (;;) {
    const [before, busyBefore] = [performance.now(), busyMs()]
    await steps[kind]()
    const wait = measured.waits[kind]
    wait.answers += 2
    wait.slowestMs = Math.max(wait.slowestMs, performance.now() - before)
    wait.slowestBusyMs = Math.max(wait.slowestBusyMs, busyMs() - busyBefore)
    measured.peakBytes = Math.max(measured.peakBytes, residentBytes())
    if (awaited.delete(kind) && awaited.size === 0) {
      parent.postMessage(measured)
      measured = nothing()
    }
    await new Promise(resolve => setTimeout(resolve, pauseMs[kind]))
  }
}
