/**
 * An S3 server of a test's own: s3rver, which is a stand-in and no server for mail. What is asked of it passes a gate, which
 * can refuse, and change what comes back.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { gzipSync } from 'node:zlib'
import type { S3Place } from '../../src/store/blobs/s3/place.ts'
import { problemOf } from './signature-v4.ts'

export const bucketKeys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }

/** What the gate does with a request. */
export type GateAnswer =
  | 'pass'
  /** 503, as S3 says that it is busy. */
  | 'refuse'
  /** 403, as where a policy doesn't allow it. */
  | 'deny'
  /** The connection ends without an answer. */
  | 'cut'
  /** The connection ends within the body of the answer. */
  | 'break'
  /** The body of the answer has other bytes at its end. */
  | 'corrupt'
  /** The body of the answer is shorter, and says so. */
  | 'truncate'
  /** The answer doesn't say how long its body is. */
  | 'unmeasured'
  /** A proxy has packed the body of the answer. */
  | 'packed'
  /** Not the object store answers, but a web server: 200 with a page, whatever is asked. */
  | 'page'
  /** The same, which has no such page. */
  | 'no page'

export interface ObjectServer {
  /** As a setting. */
  readonly url: string
  readonly place: S3Place
  readonly requests: readonly { method: string; path: string; headers: IncomingMessage['headers'] }[]
  /** Asked for each request; all pass at first. */
  gate: (method: string, path: string) => GateAnswer
  /** Makes what is stored by now older. */
  age(hours: number): Promise<void>
  dispose(): Promise<void>
}

export async function startObjectServer(): Promise<ObjectServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'facteur-s3-'))
  const script = path.join(import.meta.dirname, 's3-server.ts')
  const child = spawn(process.execPath, ['--openssl-legacy-provider', script, folder, '0'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const port = await portOf(child)
  const gate = new Gate(port)
  await gate.listen()
  return Object.assign(gate, {
    age: async (hours: number) => {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        const file = path.join(entry.parentPath, entry.name)
        if (!entry.isFile()) continue
        const { mtimeMs } = await stat(file)
        await utimes(file, mtimeMs / 1000, mtimeMs / 1000 - hours * 3600)
      }
    },
    dispose: async () => {
      await gate.close()
      child.kill('SIGKILL')
      await once(child, 'close')
      await rm(folder, { recursive: true, force: true })
    },
  })
}

async function portOf(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('s3rver has no output')
  for await (const line of createInterface({ input: child.stdout })) return Number(line)
  throw new Error('s3rver did not start')
}

class Gate {
  gate: ObjectServer['gate'] = () => 'pass'
  readonly requests: { method: string; path: string; headers: IncomingMessage['headers'] }[] = []
  readonly #port: number
  readonly #server: Server

  constructor(port: number) {
    this.#port = port
    this.#server = createServer((from, to) => this.#answer(from, to))
  }

  get url(): string {
    return `s3://mail?endpoint=${this.#endpoint}`
  }

  get place(): S3Place {
    return { baseUrl: `${this.#endpoint}/mail/`, prefix: '', region: 'us-east-1', ...bucketKeys, cache: null }
  }

  get #endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise(resolve => this.#server.close(() => resolve()))
  }

  #answer(from: IncomingMessage, to: ServerResponse): void {
    const { method = '', url = '' } = from
    this.requests.push({ method, path: url, headers: from.headers })
    const does = this.gate(method, url)
    if (does === 'cut') return void from.socket.destroy()
    if (does === 'refuse') {
      from.resume()
      to.writeHead(503, { 'content-type': 'application/xml' })
      return void to.end('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>')
    }
    if (does === 'deny') {
      from.resume()
      to.writeHead(403, { 'content-type': 'application/xml' })
      // Ceph's gateway gives no reason.
      return void to.end('<Error><Code>AccessDenied</Code><Message></Message></Error>')
    }
    if (does === 'page' || does === 'no page') {
      from.resume()
      to.writeHead(does === 'page' ? 200 : 404, { 'content-type': 'text/html' })
      return void to.end('<html><title>A page</title></html>')
    }
    void this.#pass(from, to, does)
  }

  async #pass(from: IncomingMessage, to: ServerResponse, does: GateAnswer): Promise<void> {
    const { method = '', url = '', headers } = from
    const parts: Buffer[] = []
    for await (const part of from) parts.push(part)
    const body = Buffer.concat(parts)
    // s3rver takes any signature of version 4, and any hash.
    const wrong = problemOf({ method, url, headers, body }, bucketKeys.secretAccessKey)
    if (wrong !== null) {
      to.writeHead(wrong === 'XAmzContentSHA256Mismatch' ? 400 : 403, { 'content-type': 'application/xml' })
      return void to.end(`<Error><Code>${wrong}</Code><Message>It is wrong.</Message></Error>`)
    }
    const onwards = request({ host: '127.0.0.1', port: this.#port, method, path: url, headers }, answer => {
      void pass(answer, to, does)
    })
    onwards.on('error', () => to.destroy())
    onwards.end(body)
  }
}

async function pass(answer: IncomingMessage, to: ServerResponse, does: GateAnswer): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part)
  let body = Buffer.concat(parts)
  const headers = { ...answer.headers }
  if (does === 'corrupt') body = Buffer.concat([body.subarray(0, -9), Buffer.from('corrupted')])
  if (does === 'truncate') headers['content-length'] = String((body = body.subarray(0, body.length >> 1)).length)
  if (does === 'unmeasured') delete headers['content-length']
  if (does === 'packed') {
    headers['content-encoding'] = 'gzip'
    headers['content-length'] = String((body = gzipSync(body)).length)
  }
  to.writeHead(answer.statusCode ?? 500, headers)
  if (does !== 'break') return void to.end(body)
  to.write(body.subarray(0, body.length >> 1), () => setTimeout(() => to.destroy(), 20))
}
