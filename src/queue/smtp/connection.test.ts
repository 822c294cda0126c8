import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { RemoteConnection } from './connection.ts'

it('what the socket still holds when the answer comes was not heard by the server', async () => {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const accepted = once(listener, 'connection')
  const socket = connect(port, '127.0.0.1')
  const [server]: Socket[] = await accepted
  server?.pause()
  const connection = new RemoteConnection(socket, { host: 'mx.there.test', address: '127.0.0.1', port })
  // More than the system takes from here for one that reads nothing.
  const writing = connection.write([Buffer.alloc(64 * 1024 * 1024)], 60_000, 'sending message body')
  server?.write('250 2.0.0 got enough\r\n')
  expect(await writing).toBe('answered')
  connection.destroy()
  server?.destroy()
  listener.close()
})
