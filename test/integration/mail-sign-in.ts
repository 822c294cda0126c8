/** Signs in over a mail protocol as its simplest client would, and hangs up. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import tls from 'node:tls'
import type { Service } from './service.ts'

export interface MailSignIn {
  ok: boolean
  /** What the server said last. */
  said: string
}

export async function signInOver(
  service: Pick<Service, 'ports' | 'data'>,
  protocol: 'imaps' | 'pop3s' | 'submissions',
  user: string,
  password: string,
): Promise<MailSignIn> {
  const lines = await connect(service, protocol)
  const plain = Buffer.from(`\0${user}\0${password}`).toString('base64')
  try {
    await lines.next()
    if (protocol === 'imaps') return outcome(await lines.ask(`a AUTHENTICATE PLAIN ${plain}`, /^a /), 'a OK')
    if (protocol === 'pop3s') return outcome(await lines.ask(`AUTH PLAIN ${plain}`, /^/), '+OK')
    await lines.ask('EHLO client.example.org', /^250 /)
    return outcome(await lines.ask(`AUTH PLAIN ${plain}`, /^\d{3} /), '235')
  } finally {
    lines.end()
  }
}

const outcome = (said: string, success: string): MailSignIn => ({ ok: said.startsWith(success), said })

async function connect({ ports, data }: Pick<Service, 'ports' | 'data'>, protocol: 'imaps' | 'pop3s' | 'submissions') {
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
    /** The first line of the answer that `until` matches. */
    async ask(line: string, until: RegExp): Promise<string> {
      socket.write(`${line}\r\n`)
      for (;;) {
        const said = await next()
        if (until.test(said)) return said
      }
    },
    end: () => socket.destroy(),
  }
}
