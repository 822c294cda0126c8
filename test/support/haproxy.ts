/** HAProxy of a test's own, by deploy/haproxy.cfg: only ports and addresses are others. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Service, ServiceName } from '../integration/service.ts'
import { BALANCER } from './balanced.ts'
import { freePort } from './free-port.ts'

/** False where it is not installed (package haproxy): the tests that need it are skipped. */
export const hasHaproxy = ((): boolean => {
  try {
    execFileSync('haproxy', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

const config = readFileSync(path.resolve(import.meta.dirname, '../../deploy/haproxy.cfg'), 'utf8')

export interface LoadBalancer {
  readonly ports: Record<ServiceName, number>
  /** What it said. */
  readonly output: readonly string[]
  stop(): Promise<void>
}

/** In front of two nodes, which it reaches from the address `BALANCER`. Resolves once it listens. */
export async function startLoadBalancer(nodes: readonly Service[]): Promise<LoadBalancer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-haproxy-'))
  const names = [...config.matchAll(/^listen (\S+)$/gm)].map(([, name]) => name as ServiceName)
  const ports = Object.fromEntries(
    await Promise.all(names.map(async name => [name, await freePort()] as const)),
  ) as Record<ServiceName, number>
  const text = names.reduce(
    (all, name) =>
      all.replace(new RegExp(`(listen ${name}\n)(?: {4}.*\n)+`), (_, head: string) => {
        const servers = nodes.map(
          (node, index) =>
            `    server mail${index + 1} 127.0.0.1:${node.ports[name]} source ${BALANCER} port ${node.ports.http}\n`,
        )
        return `${head}    bind 127.0.0.1:${ports[name]}\n${servers.join('')}`
      }),
    // As many files as that many connections take, a test may not have.
    config.replace('maxconn 50000', 'maxconn 1000'),
  )
  const file = path.join(folder, 'haproxy.cfg')
  writeFileSync(file, text)
  const output: string[] = []
  const child: ChildProcess = spawn('haproxy', ['-f', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (said: string) => output.push(said))
  try {
    while (!(await isOpen(Math.max(...Object.values(ports))))) {
      if (child.exitCode !== null) throw new Error(`haproxy ended with ${child.exitCode}: ${output.join('')}`)
      await sleep(20)
    }
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
  return {
    ports,
    output,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        await gone
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
