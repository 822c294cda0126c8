/**
 * Plays the transcripts of this folder against the servers, over real sockets, to the byte.
 *
 * `C:` is sent with CR LF, `S:` is the next line that has to come; `*` in it stands for what changes from run to run.
 * `@ inbound|submission|submissions|plain` opens a connection to that server (`submissions` with TLS), `@ tls` does the
 * handshake that STARTTLS announced, `@ closed` expects the server to have closed. Lines with `#` are comments.
 */
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import path from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SmtpService, startSmtp } from '../../integration/fixtures/smtp.ts'

let service: SmtpService
beforeAll(async () => {
  service = await startSmtp({ limits: { maxMessageBytes: 10_000, maxRecipients: 2 } })
  const at = service.clock.now()
  await service.store.write('alias.set', { address: 'team@here.test', targets: ['anna@here.test', 'far@away.test'], at })
})
afterAll(async () => {
  await service.close()
})

class Lines {
  readonly #socket: Socket
  #text = ''
  #closed = false

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      this.#text += text
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.#closed = true
    })
  }

  send(line: string): void {
    this.#socket.write(`${line}\r\n`)
  }

  async next(): Promise<string> {
    for (let i = 0; i < 3_000; i++) {
      const end = this.#text.indexOf('\r\n')
      if (end >= 0) {
        const line = this.#text.slice(0, end)
        this.#text = this.#text.slice(end + 2)
        return line
      }
      if (this.#closed) return '(closed)'
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    return `(nothing) ${this.#text}`
  }

  release(): Socket {
    this.#socket.removeAllListeners('data')
    return this.#socket
  }

  end(): void {
    this.#socket.destroy()
  }
}

async function open(name: string, before: Lines | null): Promise<Lines> {
  const port = service.ports[name as keyof SmtpService['ports']]
  const socket =
    name === 'tls'
      ? connectTls({ socket: before!.release(), rejectUnauthorized: false })
      : name === 'submissions'
        ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
        : connect(port, '127.0.0.1')
  await once(socket, name === 'tls' || name === 'submissions' ? 'secureConnect' : 'connect')
  return new Lines(socket)
}

function matches(expected: string, line: string): boolean {
  const pattern = expected.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\*', '.*')
  return new RegExp(`^${pattern}$`, 'u').test(line)
}

async function play(file: string): Promise<void> {
  let lines: Lines | null = null
  const entries = readFileSync(path.join(import.meta.dirname, file), 'utf8').split('\n')
  for (const [i, entry] of entries.entries()) {
    const place = `${file}:${i + 1}`
    if (entry.startsWith('@ closed')) expect(await lines?.next(), place).toBe('(closed)')
    else if (entry.startsWith('@ ')) lines = await open(entry.slice(2), lines)
    else if (entry.startsWith('C:')) lines?.send(entry.slice(3))
    else if (entry.startsWith('S:')) {
      const line = await lines?.next()
      if (!matches(entry.slice(3), line ?? '')) expect(`${place} S: ${line}`).toBe(`${place} ${entry}`)
    } else if (entry !== '' && !entry.startsWith('#')) throw new Error(`${place}: what is ${entry}?`)
  }
  lines?.end()
}

describe('transcript', () => {
  it.each(readdirSync(import.meta.dirname).filter(name => name.endsWith('.txt')))('%s', async file => {
    await play(file)
  })
})
