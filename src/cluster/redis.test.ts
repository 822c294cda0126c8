import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { type Log, silentLog } from '../ops/log.ts'
import { RedisLink, redisProblem } from './redis.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Answers whatever it is asked with the same line. */
async function serverThatSays(line: string): Promise<string> {
  const server: Server = createServer(socket => {
    socket.on('error', () => {}).on('data', () => socket.write(`${line}\r\n`))
    closing.push(() => socket.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return `redis://:wrong@127.0.0.1:${(server.address() as AddressInfo).port}/0`
}

async function nobody(): Promise<string> {
  const url = await serverThatSays('')
  for (const close of closing.splice(0)) await close()
  return url
}

const wrong = '-WRONGPASS invalid username-password pair or user is disabled.'

it.each([
  ['nobody is there', nobody, 'ECONNREFUSED'],
  ['its password is another', () => serverThatSays(wrong), 'WRONGPASS'],
])('says once, and why, that it is not reached from the start: %s', async (_, start, reason) => {
  const url = await start()
  const warnings: [problem: unknown, text: unknown][] = []
  const log = {
    ...silentLog,
    warn: (facts: { problem?: unknown }, text: unknown) => warnings.push([facts.problem, text]),
  }
  let states = 0
  const link = new RedisLink({ url, prefix: 'test ', log: log as unknown as Log, onState: () => states++ }).start()
  closing.push(() => link.close())
  await vi.waitFor(() => expect(warnings).not.toEqual([]), 10_000)
  await new Promise(resolve => setTimeout(resolve, 1_000))
  expect(warnings).toEqual([[expect.stringContaining(reason), 'Redis can’t be reached: polling instead']])
  expect(states).toBe(1)
  expect(await redisProblem(url)).toContain(reason)
})
