/** Ports that stay a test's own while nothing listens there, as between two lives of a service. */
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below those that systems give to connections and to whoever asks for any; each of Vitest's workers has a range of its own. */
const FIRST = 10_000
const RANGE = 2_000
const RANGES = 11

const first = FIRST + (Number(process.env.VITEST_POOL_ID ?? 0) % RANGES) * RANGE
let next = randomInt(RANGE)

/** Of 127.0.0.1. None is given twice by one process before all others were. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < RANGE; tries++) {
    const port = first + (next++ % RANGE)
    if (await canListen(port)) return port
  }
  throw new Error(`no port from ${first} to ${first + RANGE - 1} is free`)
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
  } catch {
    return false
  }
  await once(server.close(), 'close')
  return true
}
