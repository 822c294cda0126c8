import dns from 'node:dns'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import pg from 'pg'
import { afterEach, expect, it, type MockInstance, vi } from 'vitest'
import { isAnswer, isUnreachable } from './failure.ts'
import { probe } from './probe.ts'

let server: Server | undefined
const sockets = new Set<Socket>()
afterEach(() => {
  vi.restoreAllMocks()
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  server?.close()
  server = undefined
})

const message = (type: string, body: string): Buffer => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body, 'latin1')])
}
const readyForQuery = message('Z', 'I')
const signedIn = Buffer.concat([message('R', '\0\0\0\0'), readyForQuery])
const selected = Buffer.concat([message('C', 'SELECT 1\0'), readyForQuery])

/** Answers the first, the second … piece that a client sends with these. */
async function answering(...answers: (Buffer | string)[]): Promise<string> {
  const listening = createServer(socket => {
    sockets.add(socket)
    const left = [...answers]
    socket.on('error', () => {}).on('data', () => socket.write(left.shift() ?? ''))
  })
  server = listening
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
  return `postgres://who@127.0.0.1:${(listening.address() as AddressInfo).port}/any`
}
const found = (connectionString: string) => probe({ connectionString })

it('finds alive who answers a statement, or refuses to', async () => {
  expect(await found(await answering(signedIn, selected))).toBe('lives')
  server?.close()
  const refusal = message('E', 'SFATAL\0C53300\0Msorry, too many clients already\0\0')
  expect(await found(await answering(refusal))).toBe('lives')
})

it('finds gone who says nothing, also behind a pooler that answers the sign-in', async () => {
  expect(await found(await answering())).toBe('gone')
  server?.close()
  expect(await found(await answering(signedIn))).toBe('gone')
})

it('finds gone where nobody listens', async () => {
  const url = await answering()
  await new Promise(resolve => server?.close(resolve))
  expect(await found(url)).toBe('gone')
})

it('knows nothing of a server whose name is not resolved, or not within the time', async () => {
  type Found = (error: Error | null) => void
  const resolver = vi.spyOn(dns, 'lookup') as unknown as MockInstance<
    (name: string, options: object, found: Found) => void
  >
  resolver.mockImplementation((_name, _options, heard) => heard(Object.assign(new Error(), { code: 'EAI_AGAIN' })))
  expect(await found('postgres://who@db.test/any')).toBe('unknown')
  resolver.mockImplementation(() => {})
  expect(await found('postgres://who@db.test/any')).toBe('unknown')
  expect(resolver).toHaveBeenCalledTimes(2)
})

it('knows nothing of a server with which no TLS is agreed on', async () => {
  const url = await answering('N')
  expect(await found(`${url}?sslmode=verify-full`)).toBe('unknown')
})

it('takes no code of the system for one of the server', () => {
  const error = (code: string): Error => Object.assign(new Error(code), { code })
  for (const code of ['EPERM', 'EBADF', 'EMFILE', 'EAI_AGAIN']) {
    expect(isAnswer(error(code)), code).toBe(false)
    expect(isUnreachable(error(code)), code).toBe(false)
  }
  expect(isAnswer(new pg.DatabaseError('refused', 7, 'error'))).toBe(true)
  // Of a name with several addresses.
  expect(isUnreachable(new AggregateError([error('ECONNREFUSED'), error('ENETUNREACH')]))).toBe(true)
  expect(isUnreachable(new AggregateError([error('ECONNREFUSED'), error('EMFILE')]))).toBe(false)
})
