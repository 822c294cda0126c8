/** Receivers that answer as no web server should: each try ends, with what is known by then. */
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import type { Resolver } from '../../ops/resolver.ts'
import { type TryOutcome, WebhookSender } from './sender.ts'
import { newSecret } from './signature.ts'

let server: Server
const sockets = new Set<Socket>()

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await new Promise(resolve => server.close(resolve))
})

/** One try to a receiver that says this, and neither closes the connection nor says anything more. */
async function tryAt(answer: string, timeoutMs: number): Promise<TryOutcome> {
  server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => socket.write(answer))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const listening = server.address()
  if (listening === null || typeof listening === 'string') throw new Error('not listening')
  const { port } = listening
  const resolver = { addresses: () => Promise.reject(new Error('no name is asked for')) } as Partial<Resolver>
  const sender = new WebhookSender({
    resolver: resolver as Resolver,
    rules: { allowPrivate: true },
    clock: { now: () => Date.UTC(2026, 10, 20) },
    version: '1',
    timeoutMs,
  })
  return sender.send({ url: `http://127.0.0.1:${port}/`, secret: newSecret(), eventId: 'evt_1', payload: '{}' })
}

it('ends where the receiver switches to another protocol', { timeout: 5_000 }, async () => {
  const outcome = await tryAt('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', 1_000)
  expect(outcome).toMatchObject({ ok: false, httpStatus: 101, problem: 'answered 101' })
})

it('counts the status where the rest of the answer does not come in time', async () => {
  const outcome = await tryAt('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntaken', 100)
  expect(outcome).toMatchObject({ ok: true, httpStatus: 200, problem: null })
})

it('has no status where none comes in time', async () => {
  const outcome = await tryAt('HTTP/1.1 100 Continue\r\n\r\n', 100)
  expect(outcome).toMatchObject({ ok: false, httpStatus: null, problem: 'no answer in time' })
})
