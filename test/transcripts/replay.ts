/**
 * Replays a transcript against sessions in this process: text in, text out, to the byte.
 *
 *     # a comment, as the RFC section a line is about
 *     C: a text the client sends, with CRLF; neighbouring lines go out in one piece
 *     C- the same without CRLF
 *     S: a line the server answers, without its CRLF
 *     E:                 the server ended the connection
 *     --- name           the lines that follow are of another connection, opened by its first mention
 *     ! directive args   something that happens meanwhile, as the test that replays defines it
 *
 * In both directions `\r`, `\n`, `\0`, `\xHH` and `\\` are those octets. In the server's lines `«any»` is any text; `«name»` is any
 * text the first time, and from then on, in the client's lines too, that same text.
 */
import type { Connection, Session } from '../../src/servers/connection.ts'

export type Directives = Record<string, (...args: string[]) => unknown>

export interface ReplayOptions {
  createSession(connection: Connection): Session
  directives?: Directives
  /** Whether connections begin under TLS. */
  secure?: boolean
}

/** Rejects with the line that went otherwise. */
export async function replay(transcript: string, options: ReplayOptions): Promise<void> {
  const players = new Map<string, Player>()
  const captured = new Map<string, string>()
  const open = async (name: string): Promise<Player> => {
    const player = players.get(name) ?? new Player(name, options)
    if (!players.has(name)) await player.open()
    players.set(name, player)
    return player
  }
  let player: Player | null = null
  let number = 0
  try {
    const lines = transcript.split('\n')
    for (number = 1; number <= lines.length; number++) {
      const line = lines[number - 1]!
      if (line.trim() === '' || line.startsWith('#')) continue
      if (line.startsWith('--- ')) {
        player = await open(line.slice(4).trim())
        continue
      }
      if (line.startsWith('! ')) {
        await direct(line.slice(2), options.directives ?? {})
        continue
      }
      player ??= await open('client')
      const text = line.slice(3)
      switch (line.slice(0, 2)) {
        case 'C:':
        case 'C-': {
          let sent = octetsOf(recall(text, captured)) + (line[1] === ':' ? '\r\n' : '')
          while (/^C[:-]/.test(lines[number] ?? '')) {
            const next = lines[number++]!
            sent += octetsOf(recall(next.slice(3), captured)) + (next[1] === ':' ? '\r\n' : '')
          }
          await player.send(Buffer.from(sent, 'latin1'))
          break
        }
        case 'S:':
          expectLine(await player.line(), text, captured)
          break
        case 'E:':
          await player.ended()
          break
        default:
          throw new Error(`not a line of a transcript: ${line}`)
      }
    }
    for (const each of players.values()) each.expectNothingMore()
  } catch (error) {
    throw new Error(`transcript line ${number}: ${error instanceof Error ? error.message : error}`, { cause: error })
  } finally {
    for (const each of players.values()) each.close()
  }
}

async function direct(text: string, directives: Directives): Promise<void> {
  const [name = '', ...args] = text.trim().split(/\s+/)
  const directive = directives[name]
  if (!directive) throw new Error(`there is no directive "${name}"`)
  await directive(...args)
}

const recall = (text: string, captured: ReadonlyMap<string, string>): string =>
  text.replace(/«(\w+)»/g, (whole, name: string) => captured.get(name) ?? whole)

/** To a string of octets. */
function octetsOf(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (_, hex: string | undefined, letter: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      return { r: '\r', n: '\n', '0': '\0' }[letter] ?? letter
    })
}

function expectLine(actual: string, expected: string, captured: Map<string, string>): void {
  const names: string[] = []
  const pattern = expected
    .split(/(«\w+»)/)
    .map(part => {
      const name = /^«(\w+)»$/.exec(part)?.[1]
      if (name === undefined) return escapeRegExp(octetsOf(part))
      if (name === 'any') return '[^]*'
      const known = captured.get(name)
      if (known !== undefined) return escapeRegExp(known)
      names.push(name)
      return '([^]+?)'
    })
    .join('')
  const match = new RegExp(`^${pattern}$`).exec(actual)
  if (!match) throw new Error(`expected ${JSON.stringify(recall(expected, captured))}, got ${JSON.stringify(actual)}`)
  for (const [index, name] of names.entries()) captured.set(name, match[index + 1]!)
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** How long an answer may take; only a failing test waits for it. */
const ANSWER_MS = 5000

/** A connection without a socket, and the session at its other end. */
class Player {
  readonly #name: string
  readonly #session: Session
  #output = ''
  #ended = false
  #closed = false
  secure: boolean

  constructor(name: string, { createSession, secure }: ReplayOptions) {
    this.#name = name
    this.secure = secure ?? true
    this.#session = createSession(this.#connection())
  }

  open(): Promise<void> {
    return this.#session.open()
  }

  async send(bytes: Uint8Array): Promise<void> {
    this.expectNothingMore()
    if (this.#ended) throw new Error('the server had ended the connection')
    await this.#session.receive(bytes)
  }

  async line(): Promise<string> {
    await this.#until(() => this.#output.includes('\r\n'), 'an answer')
    const end = this.#output.indexOf('\r\n')
    const line = this.#output.slice(0, end)
    this.#output = this.#output.slice(end + 2)
    return line
  }

  async ended(): Promise<void> {
    this.expectNothingMore()
    await this.#until(() => this.#ended, 'the end of the connection')
  }

  expectNothingMore(): void {
    if (this.#output !== '') throw new Error(`${this.#name} was told unasked: ${JSON.stringify(this.#output)}`)
  }

  close(): void {
    if (!this.#closed) this.#session.closed()
    this.#closed = true
  }

  async #until(reached: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + ANSWER_MS
    while (!reached()) {
      if (performance.now() > deadline)
        throw new Error(`${this.#name} waited for ${what}, has ${JSON.stringify(this.#output)}`)
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  #connection(): Connection {
    const player = this
    return {
      id: this.#name,
      remoteAddress: '192.0.2.1',
      remotePort: 50_000,
      localPort: 143,
      isProbe: false,
      get secure() {
        return player.secure
      },
      get tls() {
        return player.secure ? { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } : null
      },
      async write(chunk: Uint8Array | string) {
        player.#output += Buffer.from(chunk).toString('latin1')
      },
      async startTls() {
        player.secure = true
      },
      async startDeflate() {},
      setIdleTimeout() {},
      end() {
        player.#ended = true
      },
      destroy() {
        player.#ended = true
      },
    }
  }
}
