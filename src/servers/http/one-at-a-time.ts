/**
 * The requests of a connection one after the other. Node hands over all that came in one packet at once, so that one connection
 * would have thousands of passwords verified, or of lists read, at the same time.
 *
 * Invariants: a request is begun when the answer before it was sent, in the order they came (RFC 9112 §9.3.2), and not at all where
 * that answer ended the connection (§9.6): nobody would hear what became of it. While one waits, no more are read.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { WAITING_REQUESTS } from './limits.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export function oneAtATime(handle: Handler): Handler {
  const lines = new WeakMap<Socket, Line>()
  return (request, response) => {
    const { socket } = request
    let line = lines.get(socket)
    if (!line) lines.set(socket, (line = new Line(socket, handle)))
    line.came(request, response)
  }
}

class Line {
  readonly #socket: Socket
  readonly #handle: Handler
  #isAnswering = false
  #waiting: [IncomingMessage, ServerResponse][] = []

  constructor(socket: Socket, handle: Handler) {
    this.#socket = socket
    this.#handle = handle
    // Node reads on by itself behind each request.
    socket.on('resume', () => {
      if (this.#waiting.length > 0) socket.pause()
    })
  }

  came(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#socket.writable) return
    if (this.#isAnswering) this.#wait(request, response)
    else this.#begin(request, response)
  }

  #wait(request: IncomingMessage, response: ServerResponse): void {
    this.#waiting.push([request, response])
    this.#socket.pause()
    if (this.#waiting.length <= WAITING_REQUESTS) return
    this.#waiting = []
    this.#socket.destroy()
  }

  #begin(request: IncomingMessage, response: ServerResponse): void {
    this.#isAnswering = true
    // Comes behind an answer that was sent, and behind a connection that broke.
    response.once('close', () => this.#next())
    this.#handle(request, response)
  }

  #next(): void {
    this.#isAnswering = false
    if (!this.#socket.writable) this.#waiting = []
    const next = this.#waiting.shift()
    if (!next) return
    if (this.#waiting.length === 0) this.#socket.resume()
    this.#begin(...next)
  }
}
