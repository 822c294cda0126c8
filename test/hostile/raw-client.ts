/** A client that sends any bytes, from any loopback address, so that a test can be many strangers at once. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'

/** Of what came, the end that is kept to be looked at: a flood's answers are not to fill the test's own memory. */
const KEPT_CHARACTERS = 1_000_000
/** From which on an answer is a long one, and what is looked at of it. */
const LONG = 100_000
const LAST = 2_000

export interface RawClientOptions {
  from?: string
  implicitTls?: boolean
}

export class RawClient {
  #socket: Socket
  received = ''
  receivedBytes = 0
  ended = false
  #news: (() => void)[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#listen(socket)
  }

  /** Resolves with the connection, once its TLS is up where that is asked. */
  static async open(
    port: number,
    { from = '127.0.0.1', implicitTls = false }: RawClientOptions = {},
  ): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from, allowHalfOpen: true })
    await once(socket, 'connect')
    const client = new RawClient(socket)
    if (implicitTls) await client.startTls()
    return client
  }

  /** The handshake alone; STARTTLS is the caller's word. */
  async startTls(maxVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3'): Promise<void> {
    this.#socket.removeAllListeners('data')
    const secured = connectTls({ socket: this.#socket, rejectUnauthorized: false, maxVersion })
    await Promise.race([once(secured, 'secureConnect'), once(secured, 'close')])
    this.#socket = secured
    this.received = ''
    this.#listen(secured)
  }

  /** A second handshake on the connection, as TLS 1.2 has it. Whether there was one. */
  renegotiate(): Promise<boolean> {
    const socket = this.#socket
    if (!(socket instanceof TLSSocket) || this.ended) return Promise.resolve(false)
    return new Promise(resolve => {
      for (const event of ['error', 'end', 'close']) socket.once(event, () => resolve(false))
      socket.renegotiate({}, problem => resolve(problem === null))
    })
  }

  #listen(socket: Socket): void {
    socket.setMaxListeners(0)
    socket.on('data', (chunk: Buffer) => {
      this.receivedBytes += chunk.length
      this.received += chunk.toString('latin1')
      if (this.received.length > 2 * KEPT_CHARACTERS) this.received = this.received.slice(-KEPT_CHARACTERS)
      this.#tell()
    })
    socket.on('error', () => {})
    socket.on('end', () => {
      this.ended = true
      this.#tell()
    })
    socket.on('close', () => {
      this.ended = true
      this.#tell()
    })
  }

  #tell(): void {
    for (const news of this.#news.splice(0)) news()
  }

  /** Resolves when the system took it, or the other side is gone. */
  send(bytes: string | Uint8Array): Promise<void> {
    return new Promise(resolve => {
      if (this.ended) return resolve()
      this.#news.push(() => this.ended && resolve())
      this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, () => resolve())
    })
  }

  /** All that came since the last call, up to what was waited for or the end. Of a long answer its end alone is looked at. */
  async until(wanted: RegExp): Promise<string> {
    for (;;) {
      const end = endOf(this.received, wanted)
      if (end >= 0 || this.ended) {
        const text = this.received.slice(0, end < 0 ? undefined : end)
        this.received = end < 0 ? '' : this.received.slice(end)
        return text
      }
      await new Promise<void>(resolve => this.#news.push(resolve))
    }
  }

  /** What is sent and answered; `wanted`: the beginning of the last line of the answer, by default the tag's. */
  async ask(line: string, wanted: RegExp = new RegExp(`^${line.split(' ')[0]} .*\\r\\n`, 'm')): Promise<string> {
    const answer = this.until(wanted)
    await this.send(`${line}\r\n`)
    return answer
  }

  async whenEnded(): Promise<void> {
    while (!this.ended) await new Promise<void>(resolve => this.#news.push(resolve))
  }

  /** Takes nothing more from the system's buffers. */
  stopReading(): void {
    this.#socket.pause()
  }

  readOn(): void {
    this.#socket.resume()
  }

  close(): void {
    this.ended = true
    this.#socket.destroy()
  }
}

/** The first message of a handshake as it is sent. */
export async function clientHello(): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connectTls({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }).on('error', () => {})
  const [socket] = (await once(server, 'connection')) as [Socket]
  const [hello] = (await once(socket, 'data')) as [Buffer]
  client.destroy()
  socket.destroy()
  server.close()
  return hello
}

/** Behind what is wanted; -1 where it has not come. */
function endOf(text: string, wanted: RegExp): number {
  let from = 0
  if (text.length > LONG) {
    from = text.indexOf('\n', text.length - LAST) + 1
    if (from === 0) return -1
  }
  const match = wanted.exec(from === 0 ? text : text.slice(from))
  return match ? from + match.index + match[0].length : -1
}
