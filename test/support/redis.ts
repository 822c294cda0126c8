/** A Redis server of a test's own: on a free port, with nothing on disk, gone with the test. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'

/** False where it is not installed (package redis-server): the tests that need it are skipped. */
export const hasRedis = ((): boolean => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

export interface RedisServer {
  readonly url: string
  start(): Promise<void>
  /** As a machine that is gone: SIGKILL. */
  kill(): Promise<void>
  /** It stands still, and keeps its connections. */
  freeze(): void
  thaw(): void
}

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort()
  let child: ChildProcess | null = null
  const answers = (): Promise<boolean> =>
    new Promise(resolve => {
      const socket = connect({ port, host: '127.0.0.1' }, () => socket.end('PING\r\n'))
      socket.once('data', () => resolve(true)).once('error', () => resolve(false))
    })
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}/0`,
    async start() {
      const options = [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--appendonly',
        'no',
        '--dir',
        tmpdir(),
      ]
      child = spawn('redis-server', options, { stdio: 'ignore' })
      while (!(await answers())) {
        if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`)
        await sleep(20)
      }
    },
    freeze() {
      child?.kill('SIGSTOP')
    },
    thaw() {
      child?.kill('SIGCONT')
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
  await server.start()
  return server
}
