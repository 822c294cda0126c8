/** Calls to a running service, over its control socket. */
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import path from 'node:path'
import { ControlError } from './control.ts'
import { CALL_CONNECT_MS, CALLS_AT_ONCE } from './limits.ts'

export interface ControlClient {
  call(name: string, args: unknown, payload?: Uint8Array): Promise<unknown>
  close(): void
}

/** null when no service listens there. */
export async function connectControl(socketPath: string, version: string): Promise<ControlClient | null> {
  if (!(await answers(socketPath))) return null
  // A connection for each call: one that waits is ended by the service after some seconds, which a command that was busy meanwhile learns by failing.
  const agent = new Agent({ maxSockets: CALLS_AT_ONCE })
  return {
    call: (name, args, payload) => call(agent, socketPath, name, JSON.stringify({ version, args }), payload),
    close: () => agent.destroy(),
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath)
    socket.setTimeout(CALL_CONNECT_MS, () => {
      socket.destroy()
      reject(new ControlError('no-answer', `the service does not answer on ${socketPath}`))
    })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(false)
      else if (error.code === 'EACCES')
        reject(
          new ControlError(
            'no-answer',
            `permission denied: ${path.resolve(socketPath)} is for the user of the service; run the command as that user`,
          ),
        )
      else reject(new ControlError('no-answer', `${socketPath}: ${error.message}`))
    })
  })
}

function call(agent: Agent, socketPath: string, name: string, line: string, payload?: Uint8Array): Promise<unknown> {
  const head = Buffer.from(`${line}\n`)
  return new Promise((resolve, reject) => {
    const lost = (error: Error): void =>
      reject(new ControlError('no-answer', `the service ended the connection before it answered (${error.message})`))
    const sent = request(
      {
        agent,
        socketPath,
        method: 'POST',
        path: `/${name}`,
        headers: { 'Content-Length': head.length + (payload?.length ?? 0) },
      },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', lost)
        response.once('end', () => {
          const answer = JSON.parse(Buffer.concat(chunks).toString('utf8'))
          if (answer.error) reject(new ControlError(answer.error.code, answer.error.message))
          else resolve(answer.result)
        })
      },
    )
    sent.once('error', lost)
    sent.write(head)
    sent.end(payload)
  })
}
