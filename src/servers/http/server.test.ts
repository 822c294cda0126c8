import { connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../../ops/log.ts'
import { StoreError } from '../../store/store.ts'
import { createHealth } from './health.ts'
import { FREE_DISK_BYTES, HEADER_BYTES } from './limits.ts'
import { type HttpServer, startHttp } from './server.ts'

let server: HttpServer | undefined
afterEach(() => server?.close(0))

const metrics = { render: async () => 'facteur_up 1\n', contentType: 'text/plain; version=0.0.4' }

async function start(options: Partial<Parameters<typeof startHttp>[0]> = {}): Promise<string> {
  const health = async () => ({ ok: true, checks: {} })
  server = await startHttp({ host: '127.0.0.1', port: 0, metrics, health, log: silentLog, ...options })
  return `http://127.0.0.1:${server.port}`
}

function raw(port: number, text: string): Promise<string> {
  return new Promise(resolve => {
    let heard = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', data => (heard += data)).on('error', () => {})
    socket.once('close', () => resolve(heard))
  })
}

describe('HTTP port', () => {
  it('says 503 where health is not well, and why', async () => {
    const base = await start({ health: async () => ({ ok: false, checks: { store: 'the disk is full' } }) })
    const response = await fetch(`${base}/healthz`)
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ ok: false, checks: { store: 'the disk is full' } })
  })

  it('says 503 and nothing of the inside where metrics can not be read', async () => {
    const base = await start({ metrics: { ...metrics, render: () => Promise.reject(new Error('inside')) } })
    const response = await fetch(`${base}/metrics`)
    expect(response.status).toBe(503)
    expect(await response.text()).toBe('Unavailable\n')
  })

  it('ignores the query, answers HEAD without a body', async () => {
    const base = await start()
    expect(await (await fetch(`${base}/metrics?name=x`)).text()).toBe('facteur_up 1\n')
    const head = await fetch(`${base}/metrics`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '13', ''])
  })

  it('answers a client that ends its side behind its request, then closes', async () => {
    const ended = Promise.withResolvers<string>()
    const asked = Promise.withResolvers<void>()
    const render = (): Promise<string> => {
      asked.resolve()
      return ended.promise
    }
    const base = await start({ metrics: { ...metrics, render } })
    const answer = new Promise<string>(resolve => {
      let heard = ''
      const socket = connect({ port: server?.port ?? 0, host: '127.0.0.1', allowHalfOpen: true })
      socket.on('data', data => (heard += data)).on('end', () => resolve(heard))
      socket.end('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    })
    await asked.promise
    // What came before it is seen by now.
    await fetch(`${base}/healthz`)
    ended.resolve('late 1\n')
    expect((await answer).match(/HTTP\/1\.1 \d+|late 1/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'late 1'])
  })

  it('does not take the body of one request for the next', async () => {
    await start()
    const smuggled = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'
    const answer = await raw(
      server?.port ?? 0,
      `POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length + 1}\r\n\r\n${smuggled}`,
    )
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 405'])
  })

  it('refuses a header without end, and what is no HTTP', async () => {
    await start()
    const port = server?.port ?? 0
    expect(await raw(port, `GET / HTTP/1.1\r\nX: ${'x'.repeat(HEADER_BYTES)}\r\n`)).toContain('431')
    expect(await raw(port, 'EHLO example.org\r\n\r\n')).toContain('400')
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  })
})

describe('health', () => {
  const write = { failing: false, count: 0 }
  const clock = { time: 0, now: () => clock.time }
  const store = {
    write: async () => {
      write.count++
      if (write.failing) throw new StoreError('unavailable', 'the disk is full')
    },
    read: async () => 'value',
  } as unknown as Parameters<typeof createHealth>[0]['store']

  it('writes at most once in two seconds, however often it is asked', async () => {
    const health = createHealth({ store, queueRuns: () => true, clock })
    write.count = 0
    await Promise.all(Array.from({ length: 50 }, health))
    expect(write.count).toBe(1)
    write.failing = true
    expect((await health()).ok).toBe(true)
    clock.time += 2_001
    expect(await health()).toEqual({ ok: false, checks: { store: 'the disk is full', queue: 'ok' } })
    write.failing = false
    clock.time += 2_001
    expect((await health()).ok).toBe(true)
  })

  it('tells of a disk with hardly any room, where the few bytes it writes itself still find theirs', async () => {
    const space = [
      { folder: '/data', bytes: 10 * FREE_DISK_BYTES },
      { folder: '/blobs', bytes: FREE_DISK_BYTES },
    ]
    const health = createHealth({ store, queueRuns: () => true, freeSpace: async () => space, clock })
    expect((await health()).ok).toBe(true)
    space[1]!.bytes = 5 * 1024 * 1024 - 1
    clock.time += 2_001
    const said = '/blobs has 4 MiB of room left on its disk'
    expect(await health()).toEqual({ ok: false, checks: { store: said, queue: 'ok' } })
  })

  it('does not wait for a store that does not answer, and does not ask it again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const asked: (() => void)[] = []
      const silent = { ...store, write: () => new Promise<void>(resolve => asked.push(resolve)) } as typeof store
      const health = createHealth({ store: silent, queueRuns: () => true, clock })
      const isSilent = { ok: false, checks: { store: 'does not answer', queue: 'ok' } }
      for (let question = 0; question < 2; question++) {
        const answer = health()
        await vi.advanceTimersByTimeAsync(2_000)
        expect(await answer).toEqual(isSilent)
        clock.time += 2_001
      }
      expect(asked).toHaveLength(1)
      asked[0]?.()
      expect((await health()).ok).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  it('tells when the queue does not run', async () => {
    const health = createHealth({ store, queueRuns: () => false, clock })
    expect(await health()).toEqual({ ok: false, checks: { store: 'ok', queue: 'not running' } })
  })
})
