/** A way to a server that breaks where it is told to. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** `port`: where the next connection leads. */
export class Wire {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Called with what a store sends; true: it is passed on, and the connection breaks before anything comes back. */
  cutsBehind: (sent: string) => boolean = () => false
  /** The same, but it is not passed on. */
  cutsBefore: (sent: string) => boolean = () => false
  /** It is not passed on and nothing comes back any more, but nobody hears of an end. */
  forgetsAt: (sent: string) => boolean = () => false

  constructor(port: () => number) {
    this.#server = createServer(client => {
      const server = connect(port(), '127.0.0.1')
      let isDeaf = false
      const end = (): void => {
        client.destroy()
        server.destroy()
      }
      for (const socket of [client, server]) {
        this.#sockets.add(socket)
        socket.on('error', end).on('close', () => {
          this.#sockets.delete(socket)
          end()
        })
      }
      client.on('data', chunk => {
        const sent = chunk.toString('latin1')
        if (this.cutsBefore(sent)) return end()
        isDeaf ||= this.forgetsAt(sent)
        if (this.cutsBehind(sent)) {
          isDeaf = true
          // The server gets it, does it, and answers to nobody.
          server.write(chunk, () => setTimeout(end, 50))
          return
        }
        if (!isDeaf) server.write(chunk)
      })
      server.on('data', chunk => {
        if (!isDeaf) client.write(chunk)
      })
    })
  }

  async listen(): Promise<number> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  /** All connections there are. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  close(): Promise<void> {
    this.cut()
    return new Promise(resolve => this.#server.close(() => resolve()))
  }
}
