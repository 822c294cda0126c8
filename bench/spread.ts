/**
 * Stands in for a load balancer before several nodes: each connection goes to the next of them. node bench/spread.ts PORT:TO,TO …
 * Passes bytes alone, on loopback; ends with its input.
 */
import { connect, createServer } from 'node:net'

for (const route of process.argv.slice(2)) {
  const [port, ...to] = route.split(/[:,]/).map(Number)
  let next = 0
  const server = createServer({ noDelay: true }, socket => {
    const node = connect({ port: to[next++ % to.length]!, host: '127.0.0.1', noDelay: true })
    socket.pipe(node).pipe(socket)
    // One end that breaks breaks the other.
    socket.on('error', () => node.destroy()).on('close', () => node.destroy())
    node.on('error', () => socket.destroy()).on('close', () => socket.destroy())
  })
  server.listen(port, '127.0.0.1')
}
process.stdin.on('end', () => process.exit()).resume()
