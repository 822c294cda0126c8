/** Connections as a load balancer makes them: from an address of its own, with a header of the PROXY protocol before all else. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** Loopback, but not the address that other clients of a test have. */
export const BALANCER = '127.0.0.2'

/** Open, its header sent. */
export async function balanced(port: number, header: Buffer): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: BALANCER, noDelay: true })
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(header)
  return socket
}

/** The same, and a TLS handshake behind the header. */
export async function balancedTls(port: number, header: Buffer): Promise<Socket> {
  const socket = connectTls({ socket: await balanced(port, header), rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  return socket
}
