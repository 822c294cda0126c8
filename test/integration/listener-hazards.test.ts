/** The driver with real sockets, one test a hazard. The protocol is a toy: lines in, lines out. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls, createSecureContext } from 'node:tls'
import { constants, createDeflateRaw, createInflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/ops/log.ts'
import { makeSelfSigned } from '../../src/ops/self-signed.ts'
import type { SecureContextSource } from '../../src/ops/tls.ts'
import type { Connection, Session } from '../../src/servers/connection.ts'
import type { ListenerLimits } from '../../src/servers/limits.ts'
import { createListener, type Listener } from '../../src/servers/listener.ts'

const pems = ['one.example', 'two.example'].map(name => makeSelfSigned([name], Date.now()))
let certificate = 0
const tls: SecureContextSource = {
  current: () => createSecureContext({ ...pems[certificate]!, minVersion: 'TLSv1.2' }),
  pem: () => pems[certificate]!,
  onChange: () => () => {},
}

class ToySession implements Session {
  received = ''
  pieces: number[] = []
  closes = 0
  stopping = false
  readonly connection: Connection
  readonly onLine: (line: string, session: ToySession) => Promise<void> | void

  constructor(connection: Connection, onLine: ToySession['onLine']) {
    this.connection = connection
    this.onLine = onLine
  }
  async open(): Promise<void> {
    await this.connection.write('hello\r\n')
  }
  async receive(bytes: Uint8Array): Promise<void> {
    this.pieces.push(bytes.length)
    this.received += Buffer.from(bytes).toString('latin1')
    const lines = this.received.split('\r\n')
    this.received = lines.pop()!
    for (const line of lines) await this.onLine(line, this)
    if (this.stopping) await this.shutdown()
  }
  async timeout(): Promise<void> {
    await this.connection.write('timeout\r\n')
  }
  async shutdown(): Promise<void> {
    this.stopping = true
    if (this.received !== '') return
    await this.connection.write('bye\r\n')
    this.connection.end()
  }
  closed(): void {
    this.closes++
  }
}

let listener: Listener | undefined
let sessions: ToySession[] = []
const sockets: Socket[] = []
const tlsOptions = { rejectUnauthorized: false }

async function serve(
  onLine: ToySession['onLine'],
  options: { implicitTls?: boolean; limits?: Partial<ListenerLimits>; limitLoopback?: boolean } = {},
): Promise<number> {
  sessions = []
  listener = createListener({
    protocol: 'toy',
    host: '127.0.0.1',
    port: 0,
    implicitTls: options.implicitTls ?? false,
    tls,
    refusal: 'too many\r\n',
    log: silentLog,
    ...(options.limits ? { limits: options.limits } : {}),
    limitLoopback: options.limitLoopback ?? true,
    createSession: connection => {
      const session = new ToySession(connection, onLine)
      sessions.push(session)
      return session
    },
  })
  return listener.listen()
}

async function client(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  sockets.push(socket)
  socket.on('error', () => {})
  socket.setMaxListeners(0)
  await once(socket, 'connect')
  return socket
}

/** Reads until the text has come, or the end. */
async function until(socket: Socket, text: string): Promise<string> {
  let got = ''
  while (!got.includes(text)) {
    const chunk: Buffer | null = socket.read()
    if (chunk) got += chunk.toString('latin1')
    else if (socket.readableEnded || socket.destroyed) break
    else await Promise.race([once(socket, 'readable'), once(socket, 'end'), once(socket, 'close')])
  }
  return got
}
const end = (socket: Socket): Promise<string> => until(socket, '\0never')

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await listener?.close(50)
  certificate = 0
})

const echo = async (line: string, { connection }: ToySession): Promise<void> => {
  await connection.write(`${line}\r\n`)
}

describe('answers', () => {
  it('come in order to pipelined input, several small ones in one segment', async () => {
    const socket = await client(await serve(echo))
    await until(socket, 'hello\r\n')
    socket.write('1\r\n2\r\n3\r\n')
    await once(socket, 'readable')
    expect(socket.read().toString()).toBe('1\r\n2\r\n3\r\n')
  })

  it('keep their order when they are large and mixed, byte for byte', async () => {
    const large = Buffer.alloc(300_000, 'abcdefghij')
    const text = 'é'.repeat(70_000)
    const socket = await client(
      await serve(async (_line, { connection }) => {
        void connection.write('<')
        void connection.write(large)
        void connection.write(text)
        void connection.write(large.subarray(0, 100))
        await connection.write('>end')
      }),
    )
    await until(socket, 'hello\r\n')
    socket.write('go\r\n')
    const expected = Buffer.concat([Buffer.from('<'), large, Buffer.from(text), large.subarray(0, 100)])
    expect(await until(socket, '>end')).toBe(`${expected.toString('latin1')}>end`)
  })

  it('reach a client that has closed its side already (half-close)', async () => {
    const port = await serve(async (line, session) => {
      await sleep(30)
      await echo(line, session)
    })
    const socket = await client(port)
    socket.end('a\r\nb\r\n')
    expect(await end(socket)).toBe('hello\r\na\r\nb\r\n')
  })
})

describe('a slow or silent reader', () => {
  it('holds up the session, not the memory, and is cut off when it takes nothing', async () => {
    let written = 0
    const port = await serve(
      async (_line, { connection }) => {
        for (; written < 400; written++) await connection.write(Buffer.alloc(100_000))
      },
      { limits: { stallMs: 200 } },
    )
    const socket = await client(port)
    socket.write('go\r\n')
    await until(socket, 'hello')
    socket.pause()
    await expect.poll(() => sessions[0]?.closes).toBe(1)
    // What the kernel's buffers take on loopback, then no more.
    expect(written).toBeLessThan(150)
  })

  it('gets all of one large answer when it reads slowly', async () => {
    const large = Buffer.alloc(3_000_000, 7)
    const port = await serve((_line, { connection }) => connection.write(large), { limits: { stallMs: 5_000 } })
    const socket = await client(port)
    socket.write('go\r\n')
    await until(socket, 'hello\r\n')
    let got = 0
    socket.on('data', chunk => {
      got += chunk.length
      socket.pause()
      setTimeout(() => socket.resume(), 20)
    })
    await expect.poll(() => got).toBe(large.length)
  })

  it('is cut off when a session writes without waiting', async () => {
    const port = await serve(
      (_line, { connection }) => {
        for (let i = 0; i < 200; i++) void connection.write(Buffer.alloc(100_000))
      },
      { limits: { maxUnsentBytes: 5_000_000 } },
    )
    const socket = await client(port)
    socket.write('go\r\n')
    await expect.poll(() => sessions[0]?.closes).toBe(1)
  })
})

describe('input', () => {
  it('is not read while the session is busy (flood)', async () => {
    let release = (): void => {}
    const port = await serve(() => new Promise<void>(resolve => (release = resolve)))
    const socket = await client(port)
    socket.write('wait\r\n')
    await until(socket, 'hello')
    await expect.poll(() => sessions[0]!.pieces).toHaveLength(1)
    const flood = Buffer.alloc(50_000_000, 'x\r\n')
    socket.write(flood)
    await sleep(300)
    expect(socket.bytesWritten - socket.writableLength).toBeLessThan(flood.length / 2)
    expect(sessions[0]!.pieces).toHaveLength(1)
    release()
  })

  it('that ends in the middle of a line ends the session', async () => {
    const socket = await client(await serve(echo))
    socket.end('no line end')
    expect(await end(socket)).toBe('hello\r\n')
    await expect.poll(() => sessions[0]!.closes).toBe(1)
    expect(listener!.connections).toBe(0)
  })

  it('stops when the session has ended, and what follows is not answered', async () => {
    const port = await serve(async (line, session) => {
      await echo(line, session)
      if (line === 'quit') session.connection.end()
    })
    const socket = await client(port)
    socket.write('a\r\nquit\r\n')
    await until(socket, 'quit')
    socket.write('b\r\n')
    expect(await end(socket)).toBe('')
  })
})

describe('STARTTLS', () => {
  /** Until it has come. */
  let injected: Promise<void> = Promise.resolve()
  const starttls = async (line: string, session: ToySession): Promise<void> => {
    if (line !== 'STARTTLS') return echo(line, session)
    await injected
    session.received = ''
    void session.connection.write('ok\r\n')
    await session.connection.startTls()
  }

  it('discards what was injected before the handshake', async () => {
    const socket = await client(await serve(starttls))
    await until(socket, 'hello')
    const sent = Promise.withResolvers<void>()
    injected = sent.promise
    socket.write('STARTTLS\r\n')
    await expect.poll(() => sessions[0]!.pieces).toHaveLength(1)
    // On loopback it is there once it is sent; some turns of the event loop later it was read.
    socket.write('injected\r\n', async () => {
      for (let turn = 0; turn < 4; turn++) await new Promise(resolve => setImmediate(resolve))
      sent.resolve()
    })
    await until(socket, 'ok\r\n')
    const secured = connectTls({ socket, ...tlsOptions })
    await once(secured, 'secureConnect')
    secured.write('real\r\n')
    expect(await until(secured, 'real\r\n')).toBe('real\r\n')
    expect(sessions[0]!.connection).toMatchObject({ secure: true, tls: { version: 'TLSv1.3' } })
  })

  it('is still known when the connection has ended, for the log', async () => {
    const socket = await client(await serve(starttls))
    await until(socket, 'hello')
    socket.write('STARTTLS\r\n')
    await until(socket, 'ok\r\n')
    const secured = connectTls({ socket, ...tlsOptions })
    await once(secured, 'secureConnect')
    secured.end()
    await expect.poll(() => sessions[0]!.closes).toBe(1)
    expect(sessions[0]!.connection.tls).toMatchObject({ version: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) })
  })

  it('that never becomes TLS is cut off', async () => {
    const socket = await client(await serve(starttls, { limits: { handshakeMs: 100 } }))
    await until(socket, 'hello')
    socket.write('STARTTLS\r\n')
    await until(socket, 'ok\r\n')
    await end(socket)
    await expect.poll(() => sessions[0]!.closes).toBe(1)
  })

  it('answered with other bytes than a handshake ends that connection alone', async () => {
    const port = await serve(starttls)
    const [bad, good] = [await client(port), await client(port)]
    await until(bad, 'hello')
    bad.write('STARTTLS\r\n')
    await until(bad, 'ok\r\n')
    bad.write('GET / HTTP/1.1\r\n\r\n')
    await end(bad)
    good.write('still here\r\n')
    expect(await until(good, 'still here')).toContain('still here')
  })
})

describe('implicit TLS', () => {
  it('serves the certificate in force at the time of each connection', async () => {
    const port = await serve(echo, { implicitTls: true })
    const names: unknown[] = []
    for (certificate of [0, 1]) {
      const secured = connectTls({ port, host: '127.0.0.1', ...tlsOptions })
      sockets.push(secured)
      await until(secured, 'hello')
      names.push(secured.getPeerCertificate().subject.CN)
    }
    expect(names).toEqual(['one.example', 'two.example'])
  })

  it('refuses TLS 1.1', async () => {
    const port = await serve(echo, { implicitTls: true })
    const old = connectTls({ port, host: '127.0.0.1', ...tlsOptions, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })
    sockets.push(old)
    const [error] = await once(old, 'error')
    expect(error).toBeInstanceOf(Error)
    expect(sessions).toHaveLength(0)
  })

  it('makes no session for a client that never shakes hands', async () => {
    const socket = await client(await serve(echo, { implicitTls: true, limits: { handshakeMs: 100 } }))
    expect(await end(socket)).toBe('')
    expect(sessions).toHaveLength(0)
    await expect.poll(() => listener!.connections).toBe(0)
  })
})

describe('DEFLATE', () => {
  const compress = async (line: string, session: ToySession): Promise<void> => {
    if (line !== 'COMPRESS') return echo(line, session)
    await session.connection.write('ok\r\n')
    await session.connection.startDeflate()
  }

  async function compressed(port: number): Promise<Socket> {
    const socket = await client(port)
    await until(socket, 'hello\r\n')
    socket.write('COMPRESS\r\n')
    await until(socket, 'ok\r\n')
    return socket
  }

  it('carries both directions and each answer at once', async () => {
    const socket = await compressed(await serve(compress))
    const deflate = createDeflateRaw({ flush: constants.Z_SYNC_FLUSH })
    const inflate = createInflateRaw()
    deflate.pipe(socket)
    socket.pipe(inflate)
    for (const line of ['first', 'é'.repeat(50_000), 'last']) {
      deflate.write(`${line}\r\n`)
      let got = ''
      while (!got.endsWith('\r\n')) got += ((await once(inflate, 'data'))[0] as Buffer).toString('latin1')
      expect(Buffer.from(got, 'latin1').toString().length).toBe(Buffer.byteLength(line) + 2)
    }
  })

  it('begins behind all that was written, though the client had not read it yet', async () => {
    const port = await serve(async (_, { connection }) => {
      void connection.write(Buffer.alloc(200_000, 'x'))
      void connection.write('ok\r\n')
      await connection.startDeflate()
    })
    const socket = await client(port)
    await until(socket, 'hello\r\n')
    socket.write('COMPRESS\r\n')
    expect(await until(socket, 'ok\r\n')).toHaveLength(200_004)
  })

  it('ends without a final block, which clients take for a stream that broke off', async () => {
    const socket = await compressed(
      await serve(async (line, session) => {
        await compress(line, session)
        if (line === 'quit') session.connection.end()
      }),
    )
    const pieces: Buffer[] = []
    socket.on('data', (piece: Buffer) => pieces.push(piece))
    socket.write(deflateRawSync('quit\r\n', { finishFlush: constants.Z_SYNC_FLUSH }))
    await once(socket, 'end')
    const sent = Buffer.concat(pieces)
    expect(inflateRawSync(sent, { finishFlush: constants.Z_SYNC_FLUSH }).toString()).toBe('quit\r\n')
    expect(() => inflateRawSync(sent)).toThrow('unexpected end of file')
  })

  it('does not let a bomb fill the memory', async () => {
    let release = (): void => {}
    const port = await serve((line, session) =>
      line === 'COMPRESS' ? compress(line, session) : new Promise<void>(resolve => (release = resolve)),
    )
    const socket = await compressed(port)
    const bomb = deflateRawSync(Buffer.concat([Buffer.from('x\r\n'), Buffer.alloc(50_000_000)]))
    const held = process.memoryUsage().arrayBuffers
    socket.write(bomb)
    await expect.poll(() => sessions[0]!.pieces).toHaveLength(2)
    await sleep(500)
    expect(process.memoryUsage().arrayBuffers - held).toBeLessThan(4_000_000)
    expect(sessions[0]!.pieces.at(-1)).toBeLessThanOrEqual(16 * 1024)
    release()
  })

  it('that is broken ends that connection alone', async () => {
    const port = await serve(compress)
    const socket = await compressed(port)
    socket.write('this is not deflate, to be sure')
    await end(socket)
    await expect.poll(() => sessions[0]!.closes).toBe(1)
    expect(await until(await client(port), 'hello')).toContain('hello')
  })
})

describe('a session', () => {
  it('that throws loses its own connection only', async () => {
    const port = await serve((line, session) => {
      if (line === 'throw') throw new Error('in a session')
      return echo(line, session)
    })
    const [bad, good] = [await client(port), await client(port)]
    bad.write('throw\r\n')
    await end(bad)
    good.write('still here\r\n')
    expect(await until(good, 'still here')).toContain('still here')
    expect(sessions.map(session => session.closes).sort()).toEqual([0, 1])
  })

  it('whose client leaves in mid-answer ends its work', async () => {
    let failure: unknown
    const port = await serve(async (_line, { connection }) => {
      try {
        for (;;) await connection.write(Buffer.alloc(100_000))
      } catch (error) {
        failure = error
        throw error
      }
    })
    const socket = await client(port)
    socket.write('go\r\n')
    await until(socket, 'hello')
    socket.destroy()
    await expect.poll(() => failure).toMatchObject({ name: 'ConnectionClosed' })
    await expect.poll(() => sessions[0]!.closes).toBe(1)
  })

  it('says so when its client was silent too long', async () => {
    const socket = await client(await serve(echo, { limits: { firstIdleMs: 80 } }))
    expect(await end(socket)).toBe('hello\r\ntimeout\r\n')
  })

  it('sets how long that is; what it sends itself does not count', async () => {
    const port = await serve((_line, { connection }) => {
      connection.setIdleTimeout(150)
      // Until the connection refuses them: if they counted, the silence would never end.
      const ticks = setInterval(() => connection.write('tick\r\n').catch(() => clearInterval(ticks)), 20)
    })
    const socket = await client(port)
    socket.write('go\r\n')
    expect(await end(socket)).toMatch(/tick\r\n[\s\S]*timeout\r\n/)
  })
})

describe('limits', () => {
  it('per address are told in plain words, and free up', async () => {
    const port = await serve(echo, { limits: { maxConnectionsPerAddress: 2 } })
    const [first] = [await client(port), await client(port)]
    expect(await end(await client(port))).toBe('too many\r\n')
    first!.destroy()
    await expect.poll(() => listener!.connections).toBe(1)
    expect(await until(await client(port), '\n')).toBe('hello\r\n')
  })

  it('per address leave clients on this machine alone where that is set', async () => {
    const port = await serve(echo, { limits: { maxConnectionsPerAddress: 1 }, limitLoopback: false })
    await client(port)
    expect(await until(await client(port), '\n')).toBe('hello\r\n')
  })

  it('of all connections hold too', async () => {
    const port = await serve(echo, { limits: { maxConnections: 1 } })
    await client(port)
    expect(await end(await client(port))).toBe('too many\r\n')
  })
})

describe('stopping', () => {
  it('says goodbye, after the command that runs', async () => {
    const working = Promise.withResolvers<void>()
    const port = await serve(async (line, session) => {
      working.resolve()
      await sleep(100)
      await echo(line, session)
    })
    const [idle, busy] = [await client(port), await client(port)]
    await until(busy, 'hello')
    busy.write('work\r\n')
    await working.promise
    const closed = listener!.close(2_000)
    const sayings = [idle, busy].map(async socket => {
      const said = await end(socket)
      socket.end()
      return said
    })
    expect(await Promise.all(sayings)).toEqual(['hello\r\nbye\r\n', 'work\r\nbye\r\n'])
    await closed
  })

  it('takes the rest of a command that is coming in first, piece by piece', async () => {
    const port = await serve(echo)
    const socket = await client(port)
    socket.write('wo')
    await expect.poll(() => sessions[0]?.received).toBe('wo')
    const closed = listener!.close(60_000)
    socket.write('r')
    await expect.poll(() => sessions[0]?.received).toBe('wor')
    socket.write('k\r\nmore\r\n')
    expect(await end(socket)).toBe('hello\r\nwork\r\nmore\r\nbye\r\n')
    socket.end()
    await closed
  })

  it('cuts off who does not send the rest of it within the grace', async () => {
    const port = await serve(echo)
    const socket = await client(port)
    socket.write('wo')
    await expect.poll(() => sessions[0]?.received).toBe('wo')
    await listener!.close(100)
    expect(await end(socket)).toBe('hello\r\n')
    expect(sessions[0]!.closes).toBe(1)
  })

  it('cuts off what takes longer than the grace', async () => {
    const port = await serve(() => new Promise<void>(() => {}))
    const socket = await client(port)
    socket.write('hang\r\n')
    await until(socket, 'hello')
    const started = Date.now()
    await listener!.close(100)
    // Without it, for ever.
    expect(Date.now() - started).toBeLessThan(20_000)
    expect(sessions[0]!.closes).toBe(1)
  })
})
