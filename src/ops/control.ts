/**
 * Commands to a running service: HTTP over a Unix socket in the data folder that only its owner may open.
 *
 * A call is POST /NAME; its body is one line of JSON `{ version, args }` and, behind it, bytes where the command takes
 * any. The answer is `{ result }` or `{ error: { code, message } }`. The service takes calls of its own version only.
 */
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import path from 'node:path'
import { CALL_CONNECTIONS, CALL_LINE_BYTES, CALL_PAYLOAD_BYTES, CALL_TIMEOUT_MS, SOCKET_PATH_BYTES } from './limits.ts'
import type { Log } from './log.ts'

/** What a command does. `payload` is empty where the command takes no bytes. Rejects with ControlError for what was to be expected. */
export type ControlHandler = (args: unknown, payload: Uint8Array) => Promise<unknown>

/** Answered to whoever called, word for word. */
export class ControlError extends Error {
  /** A short word for programs: `not-found`, `already-exists`, `bad-arguments` … */
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'ControlError'
    this.code = code
  }
}

export interface ControlServer {
  /** Lets calls under way end for `graceMs`. */
  close(graceMs: number): Promise<void>
}

export interface ControlServerOptions {
  path: string
  version: string
  handlers: ReadonlyMap<string, ControlHandler>
  /** Several processes answer there, and another looks after the socket. */
  isShared?: boolean
  log: Log
}

export const controlSocketPath = (dataFolder: string): string => {
  const full = path.join(dataFolder, 'control.sock')
  const relative = path.relative(process.cwd(), full)
  const shorter = Buffer.byteLength(relative) < Buffer.byteLength(full) ? relative : full
  if (Buffer.byteLength(shorter) > SOCKET_PATH_BYTES)
    throw new ControlError(
      'path-too-long',
      `the path of the control socket is too long for a socket (${Buffer.byteLength(shorter)} of at most ${SOCKET_PATH_BYTES} bytes): ${full}; use a data folder with a shorter path`,
    )
  return shorter
}

/** Call it once the data folder is locked: a socket that is there then was left by a process that is gone. */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const { isShared = false } = options
  if (!isShared) rmSync(options.path, { force: true })
  const server = createServer((request, response) => {
    answer(request, response, options).catch(error => {
      options.log.error({ err: error, command: request.url }, 'control call failed')
      response.destroy()
    })
  })
  server.maxConnections = CALL_CONNECTIONS
  server.requestTimeout = CALL_TIMEOUT_MS
  // Binding a Unix socket happens within this call, so that no one else's file gets this mask.
  const mask = process.umask(0o177)
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.path, resolve)
  })
  process.umask(mask)
  await listening
  chmodSync(options.path, 0o600)
  return {
    async close(graceMs) {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
      if (isShared) return
      try {
        rmSync(options.path, { force: true })
      } catch (error) {
        // On a disk that can't be written; the next start takes its place.
        options.log.warn({ err: error }, 'control socket not removed')
      }
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ControlServerOptions,
): Promise<void> {
  const name = (request.url ?? '/').slice(1)
  try {
    const handler = options.handlers.get(name)
    if (!handler) throw new ControlError('unknown-command', `the service knows no command "${name}"`)
    const { line, payload } = await readCall(request)
    const call = parseCall(line)
    if (call.version !== options.version)
      throw new ControlError(
        'other-version',
        `the service runs version ${options.version}, this command is of version ${call.version}: restart the service first`,
      )
    send(response, 200, { result: (await handler(call.args, payload)) ?? null })
  } catch (error) {
    if (error instanceof ControlError)
      return send(response, 400, { error: { code: error.code, message: error.message } })
    options.log.error({ err: error, command: name }, 'control command failed')
    send(response, 500, { error: { code: 'internal', message: 'the service failed; its log says why' } })
  }
}

function parseCall(line: string): { version?: unknown; args?: unknown } {
  try {
    return Object(JSON.parse(line))
  } catch {
    throw new ControlError('bad-arguments', "the call's arguments are not JSON")
  }
}

function send(response: ServerResponse, status: number, value: unknown): void {
  // A body that was not read to its end would be taken for the next request.
  if (!response.req.complete) response.setHeader('Connection', 'close')
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}

async function readCall(request: IncomingMessage): Promise<{ line: string; payload: Uint8Array }> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > CALL_LINE_BYTES + CALL_PAYLOAD_BYTES) throw new ControlError('too-large', 'the call is too large')
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  const end = body.indexOf(0x0a)
  if (end < 0 || end > CALL_LINE_BYTES) throw new ControlError('bad-arguments', 'the call has no line of arguments')
  return { line: body.toString('utf8', 0, end), payload: body.subarray(end + 1) }
}
