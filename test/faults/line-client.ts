/** A client that speaks lines over one socket, for loads that are cut off in the middle: it fails at once when the server is gone. */
import { connect, type Socket } from 'node:net'

/** The connection is over, for whatever reason. */
export class Gone extends Error {
  constructor(reason = 'the server is gone') {
    super(reason)
    this.name = 'Gone'
  }
}

export class LineClient {
  readonly #socket: Socket
  readonly #port: number
  #buffer: Buffer = Buffer.alloc(0)
  #waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | null = null
  #ended = false

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#port = socket.localPort ?? 0
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
      this.#serve()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#ended = true
      this.#waiting?.reject(new Gone())
      this.#waiting = null
    })
  }

  static open(port: number): Promise<LineClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      socket.once('error', error => reject(new Gone(error.message)))
      socket.once('connect', () => {
        resolve(new LineClient(socket))
      })
    })
  }

  /** Over a connection that is there already. */
  static over(socket: Socket): LineClient {
    return new LineClient(socket)
  }

  /** Its own. */
  get port(): number {
    return this.#port
  }

  send(data: string | Uint8Array): void {
    this.#socket.write(data)
  }

  /** The next line, without its end. One caller at a time. */
  line(): Promise<string> {
    return new Promise((resolve, reject) => {
      // What had come before the end is still read.
      if (this.#ended && this.#buffer.indexOf('\r\n') < 0) return reject(new Gone())
      this.#waiting = { resolve, reject }
      this.#serve()
    })
  }

  /** `count` bytes as they come, for IMAP's literals. */
  async bytes(count: number): Promise<Buffer> {
    while (this.#buffer.length < count) {
      if (this.#ended) throw new Gone()
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#socket.once('data', resolve).once('close', resolve)
      await promise
      this.#socket.off('data', resolve).off('close', resolve)
    }
    const bytes = this.#buffer.subarray(0, count)
    this.#buffer = this.#buffer.subarray(count)
    return bytes
  }

  /** The last line of an SMTP reply, whatever it says. */
  async anyReply(): Promise<string> {
    let line: string
    do line = await this.line()
    while (line[3] === '-')
    return line
  }

  /** The last line of an SMTP reply; rejects where it isn't of the class that is asked for. */
  async reply(expected: '2' | '3'): Promise<string> {
    const line = await this.anyReply()
    if (line[0] !== expected) throw new Error(line)
    return line
  }

  /** All lines up to the tagged one, which must be OK. */
  async tagged(tag: string): Promise<string[]> {
    const { line, untagged } = await this.completion(tag)
    if (!line.startsWith('OK')) throw new Error(line)
    return [...untagged, `${tag} ${line}`]
  }

  /** The tagged line, without its tag, and those before it. */
  async completion(tag: string): Promise<{ line: string; untagged: string[] }> {
    const untagged: string[] = []
    for (;;) {
      const line = await this.line()
      if (line.startsWith(`${tag} `)) return { line: line.slice(tag.length + 1), untagged }
      untagged.push(line)
    }
  }

  close(): void {
    this.#socket.destroy()
  }

  #serve(): void {
    if (!this.#waiting) return
    const end = this.#buffer.indexOf('\r\n')
    if (end < 0) return
    const line = this.#buffer.toString('latin1', 0, end)
    this.#buffer = this.#buffer.subarray(end + 2)
    const { resolve } = this.#waiting
    this.#waiting = null
    resolve(line)
  }
}
