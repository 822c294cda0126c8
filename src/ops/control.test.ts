import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ControlError,
  type ControlHandler,
  type ControlServer,
  controlSocketPath,
  startControlServer,
} from './control.ts'
import { type ControlClient, connectControl } from './control-client.ts'
import { silentLog } from './log.ts'

let folder: string
let socket: string
let server: ControlServer | undefined
let client: ControlClient | null = null

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-control-'))
  socket = path.join(folder, 'control.sock')
})
afterEach(async () => {
  client?.close()
  await server?.close(1_000)
  server = undefined
  client = null
  rmSync(folder, { recursive: true })
})

async function start(handlers: Record<string, ControlHandler>, version = '1'): Promise<ControlClient> {
  server = await startControlServer({
    path: socket,
    version: '1',
    handlers: new Map(Object.entries(handlers)),
    log: silentLog,
  })
  client = await connectControl(socket, version)
  if (!client) throw new Error('no service')
  return client
}

describe('control socket', () => {
  it('carries arguments, bytes and results', async () => {
    const { call } = await start({
      echo: async (args, payload) => ({ args, bytes: [...payload] }),
      nothing: async () => undefined,
    })
    expect(await call('echo', { name: 'é\n' }, Uint8Array.of(0, 10, 255))).toEqual({
      args: { name: 'é\n' },
      bytes: [0, 10, 255],
    })
    expect(await call('nothing', {})).toBeNull()
  })

  it('makes each call on a connection of its own: one that waited may have been ended by the service', async () => {
    const body = '{"result":"done"}'
    const service = createServer(connection => {
      // What comes behind the first answer finds the connection ended.
      connection.once('data', () => {
        connection.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: keep-alive\r\n\r\n${body}`)
        connection.once('data', () => connection.destroy())
      })
    })
    await once(service.listen(socket), 'listening')
    try {
      client = await connectControl(socket, '1')
      for (const _ of [1, 2]) expect(await client?.call('import', {})).toBe('done')
    } finally {
      client?.close()
      service.close()
    }
  })

  it('carries an expected failure word for word, and hides an unexpected one', async () => {
    const { call } = await start({
      expected: () => Promise.reject(new ControlError('not-found', 'there is no such domain')),
      unexpected: () => Promise.reject(new Error('a secret of the inside')),
    })
    await expect(call('expected', {})).rejects.toMatchObject({ code: 'not-found', message: 'there is no such domain' })
    await expect(call('unexpected', {})).rejects.toMatchObject({
      code: 'internal',
      message: expect.not.stringContaining('secret'),
    })
    await expect(call('missing', {})).rejects.toMatchObject({ code: 'unknown-command' })
  })

  it('takes many calls at once, with large bytes, on few connections', async () => {
    const { call } = await start({ size: async (_, payload) => payload.length })
    const sizes = Array.from({ length: 100 }, (_, at) => at * 10_000)
    expect(await Promise.all(sizes.map(size => call('size', {}, new Uint8Array(size))))).toEqual(sizes)
  })

  it('is for its owner alone', async () => {
    chmodSync(folder, 0o755)
    await start({})
    expect(statSync(socket).mode & 0o777).toBe(0o600)
  })

  it('refuses a command of another version', async () => {
    const { call } = await start({ any: async () => 1 }, '2')
    await expect(call('any', {})).rejects.toMatchObject({ code: 'other-version' })
  })

  it('tells a caller when there is no service: no file, and a file left by a process that was killed', async () => {
    expect(await connectControl(socket, '1')).toBeNull()
    writeFileSync(socket, '')
    expect(await connectControl(socket, '1')).toBeNull()
    const { call } = await start({ any: async () => 1 })
    expect(await call('any', {})).toBe(1)
  })

  it('outlives a caller that sends no HTTP, and one that leaves in the middle', async () => {
    const { call } = await start({ any: async () => 1 })
    await new Promise<void>(resolve => {
      const rough = connect(socket, () => rough.write('EHLO example.org\r\n\r\n'))
      rough.on('data', () => {}).once('close', () => resolve())
    })
    const leaver = connect(socket, () => leaver.write('POST /any HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{'))
    await new Promise<void>(resolve => leaver.write('', () => resolve(void leaver.destroy())))
    expect(await call('any', {})).toBe(1)
  })

  it('answers a call that is no JSON, or has no line', async () => {
    await start({ any: async () => 1 })
    for (const body of ['{\n', 'no line']) {
      const response = await new Promise<string>(resolve => {
        const raw = connect(socket, () =>
          raw.write(
            `POST /any HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
          ),
        )
        let text = ''
        raw.on('data', chunk => (text += chunk)).once('close', () => resolve(text))
      })
      expect(response).toContain('"code":"bad-arguments"')
    }
  })

  it('says so when the data folder has too long a path', () => {
    expect(() => controlSocketPath(`/tmp/${'x'.repeat(120)}`)).toThrow(/too long for a socket/)
  })
})
