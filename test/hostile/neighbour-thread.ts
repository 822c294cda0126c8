/**
 * The well-behaved client beside an attack, on a thread of its own, so that what the test does itself delays no measurement:
 * asks one thing after the other over IMAP, and looks at the service's memory.
 */
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import type { Measured, NeighbourData } from './neighbour.ts'

const { port, pid, user, password } = workerData as NeighbourData
const parent = parentPort!

/** Between an answer and the next question. */
const PAUSE_MS = 5

let measured: Measured = nothing()
function nothing(): Measured {
  return { answers: 0, slowestMs: 0, slowestBusyMs: 0, residentBytes: residentBytes(), peakBytes: residentBytes() }
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

const socket = connect({ port, host: '127.0.0.1', noDelay: true })
let text = ''
let answered = (): void => {}
socket.setEncoding('latin1').on('data', chunk => {
  text += chunk
  answered()
})
socket.on('close', () => parent.postMessage({ failed: 'the neighbour was cut off' }))
socket.on('error', () => {})

async function until(wanted: RegExp): Promise<void> {
  while (!wanted.test(text)) await new Promise<void>(resolve => (answered = resolve))
  text = ''
}

async function ask(command: string): Promise<void> {
  socket.write(`t ${command}\r\n`)
  await until(/^t OK .*\r\n/m)
}

await until(/^\* OK/)
await ask(`LOGIN ${user} "${password}"`)
await ask('SELECT INBOX')
let asked = false
parent.on('message', () => (asked = true))
parent.postMessage({ ready: true })
for (;;) {
  const [before, busyBefore] = [performance.now(), busyMs()]
  await ask('NOOP')
  await ask('FETCH 1 (FLAGS INTERNALDATE)')
  measured.answers += 2
  measured.slowestMs = Math.max(measured.slowestMs, performance.now() - before)
  measured.slowestBusyMs = Math.max(measured.slowestBusyMs, busyMs() - busyBefore)
  measured.peakBytes = Math.max(measured.peakBytes, residentBytes())
  // What was asked for in the middle of a question has its answer in it.
  if (asked) {
    asked = false
    parent.postMessage(measured)
    measured = nothing()
  }
  await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
}
