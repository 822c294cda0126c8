/** Signs in over a mail protocol as its simplest client would, and hangs up. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import tls from 'node:tls'
import type { Service } from './service.ts'

export type MailPort = 'imaps' | 'pop3s' | 'submissions'

/** A connection, line by line. */
export interface MailLines {
  /** Rejects where the server has hung up. */
  next(): Promise<string>
  /** The first line of the answer that `until` matches. */
  ask(line: string, until: RegExp): Promise<string>
  send(text: string): void
  end(): void
}

export interface MailSignIn {
  ok: boolean
  /** What the server said last. */
  said: string
}

export async function signInOver(
  service: Pick<Service, 'ports' | 'data'>,
  protocol: MailPort,
  user: string,
  password: string,
): Promise<MailSignIn> {
  const lines = connect(service, protocol)
  try {
    return await authenticate(lines, protocol, user, password)
  } finally {
    lines.end()
  }
}

/** The same, and stays; rejects where it is refused. */
export async function sessionOver(
  service: Pick<Service, 'ports' | 'data'>,
  protocol: MailPort,
  user: string,
  password: string,
): Promise<MailLines> {
  const lines = connect(service, protocol)
  const { ok, said } = await authenticate(lines, protocol, user, password)
  if (!ok) throw new Error(said)
  return lines
}

async function authenticate(lines: MailLines, protocol: MailPort, user: string, password: string): Promise<MailSignIn> {
  const plain = Buffer.from(`\0${user}\0${password}`).toString('base64')
  await lines.next()
  if (protocol === 'imaps') return outcome(await lines.ask(`a AUTHENTICATE PLAIN ${plain}`, /^a /), 'a OK')
  if (protocol === 'pop3s') return outcome(await lines.ask(`AUTH PLAIN ${plain}`, /^/), '+OK')
  await lines.ask('EHLO client.example.org', /^250 /)
  return outcome(await lines.ask(`AUTH PLAIN ${plain}`, /^\d{3} /), '235')
}

const outcome = (said: string, success: string): MailSignIn => ({ ok: said.startsWith(success), said })

function connect({ ports, data }: Pick<Service, 'ports' | 'data'>, protocol: MailPort): MailLines {
  const ca = readFileSync(path.join(data, 'tls', 'certificate.pem'))
  const socket = tls.connect({ host: 'localhost', port: ports[protocol], ca })
  const read = createInterface({ input: socket })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { done, value } = await read.next()
    if (done) throw new Error('the server hung up')
    return value
  }
  return {
    next,
    send: text => void socket.write(text),
    async ask(line, until) {
      socket.write(`${line}\r\n`)
      for (;;) {
        const said = await next()
        if (until.test(said)) return said
      }
    },
    end: () => socket.destroy(),
  }
}
