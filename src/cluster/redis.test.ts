import { type AddressInfo, createServer, type Server } from 'node:net'
import { createClient } from '@redis/client'
import { afterEach, describe, expect, it } from 'vitest'
import { hasRedis, startRedis } from '../../test/support/redis.ts'
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
  await expect.poll(() => warnings).not.toEqual([])
  await new Promise(resolve => setTimeout(resolve, 1_000))
  expect(warnings).toEqual([[expect.stringContaining(reason), 'Redis can’t be reached: polling instead']])
  expect(states).toBe(1)
  expect(await redisProblem(url)).toContain(reason)
})

it.skipIf(!hasRedis)(
  'is gone where it says nothing, however much it is told (skipped where Redis is not installed)',
  async () => {
    const redis = await startRedis()
    closing.push(() => redis.kill())
    const said: unknown[] = []
    const log = { ...silentLog, info: () => {}, warn: ({ problem }: { problem?: unknown }) => said.push(problem) }
    const options = { url: redis.url, prefix: 'test ', log: log as unknown as Log, onState: () => {} }
    const link = new RedisLink(options).start()
    closing.push(() => link.close())
    await expect.poll(() => link.isReady).toBe(true)
    redis.freeze()
    closing.unshift(() => redis.thaw())
    let account = 0
    const tell = setInterval(() => {
      link.publish('account 1', 'changed')
      link.listen(`account ${++account}`, { heard() {}, begun() {} })
    }, 100)
    closing.unshift(() => clearInterval(tell))
    await expect.poll(() => link.isReady, { timeout: 20_000 }).toBe(false)
    expect(said).toEqual(['nothing is heard of it'])
    redis.thaw()
    await expect.poll(() => link.isReady, { timeout: 20_000 }).toBe(true)
    const heard: string[] = []
    link.listen('account 1', { heard: text => heard.push(text), begun: () => link.publish('account 1', 'hello') })
    await expect.poll(() => heard).toContain('hello')
  },
)

describe.skipIf(!hasRedis)('a user without rights (skipped where Redis is not installed)', () => {
  it.each(['resetchannels', '-publish', '-subscribe'])(
    'is said once, and taken for gone until he has them: %s',
    async lack => {
      const redis = await startRedis()
      closing.push(() => redis.kill())
      const admin = createClient({ url: redis.url })
      await admin.connect()
      closing.unshift(() => admin.destroy())
      const grant = (...rights: string[]) => admin.sendCommand(['ACL', 'SETUSER', 'facteur', ...rights])
      await grant('on', '>secret', 'resetchannels', '&facteur*', '+@pubsub', '+@connection', lack)
      const { host } = new URL(redis.url)
      const url = `redis://facteur:secret@${host}/0`
      const said: unknown[] = []
      const say = (_: unknown, text: unknown) => said.push(text)
      const log = { ...silentLog, info: say, warn: say } as unknown as Log
      const link = new RedisLink({ url, prefix: 'facteur test ', log, onState: isReady => said.push(isReady) }).start()
      closing.push(() => link.close())
      let begun = 0
      const heard: string[] = []
      link.listen('account 1', { heard: text => heard.push(text), begun: () => begun++ })
      await expect.poll(() => said).not.toEqual([])
      const refusals = async (): Promise<number> => {
        const counted = String(await admin.sendCommand(['INFO', 'commandstats']))
        return [...counted.matchAll(/_(?:publish|subscribe):.*rejected_calls=(\d+)/g)].reduce(
          (sum, [, n]) => sum + Number(n),
          0,
        )
      }
      const before = await refusals()
      expect(before).toBeGreaterThan(0)
      // It has tried again.
      await expect.poll(refusals).toBeGreaterThan(before)
      expect(said).toEqual(['Redis can’t be reached: polling instead', false])
      expect(link.isReady).toBe(false)
      expect(await redisProblem(url)).toMatch(/^NOPERM .*: its user needs /)

      await grant('&facteur*', '+publish', '+subscribe')
      await expect.poll(() => link.isReady).toBe(true)
      expect(said.slice(2)).toEqual(['Redis is reached: changes of other nodes are heard at once', true])
      expect(begun).toBeGreaterThan(0)
      link.publish('account 1', 'hello')
      await expect.poll(() => heard).toEqual(['hello'])
      expect(await redisProblem(url)).toBe(null)

      await grant(lack)
      let account = 1
      const isReady = (): boolean => {
        link.publish('account 1', 'lost')
        link.listen(`account ${++account}`, { heard() {}, begun() {} })
        return link.isReady
      }
      await expect.poll(isReady).toBe(false)
      expect(said.slice(4)).toEqual(['Redis is gone: polling instead', false])
    },
  )
})
