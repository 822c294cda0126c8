/**
 * A client may end its side behind its last command (Exim does with a pipelined QUIT, as does all that is piped into a
 * connection) and read on: what it sent is answered, then the session ends.
 */
import type { Socket } from 'node:net'

/** Of a session's socket, before its end can be seen: until a session begins, a client's end is the connection's. */
export function keepOpenForAnswers(socket: Socket): void {
  socket.allowHalfOpen = true
  // The library writes to a socket that is `open` alone, and takes one for closed whose other side was ended.
  Object.defineProperty(socket, 'readyState', { get: () => (socket.writable ? 'open' : 'closed') })
}

/** In front of a handshake: whose client ends its side then never agrees on TLS. */
export function endWithClient(socket: Socket): void {
  socket.allowHalfOpen = false
}
