/** From an address to a connection that is ready for a transaction: connect, greeting, EHLO or HELO, STARTTLS. */
import { connect, type Socket } from 'node:net'
import type { RemoteTimeouts } from '../settings.ts'
import { RemoteConnection, systemError, type Target } from './connection.ts'
import { refusedSession, SessionFailure } from './failure.ts'
import type { Reply } from './reply.ts'

export interface SessionOptions {
  /** This server's name, said in EHLO. */
  hostname: string
  timeouts: RemoteTimeouts
  /** Aborting it ends the connection at once, with the abort's reason. */
  signal: AbortSignal
}

/**
 * Opportunistic TLS: where the handshake fails, once more without it, on a new connection, since the old one is in an
 * unknown state. Rejects with SessionFailure.
 */
export async function openSession(target: Target, options: SessionOptions): Promise<RemoteConnection> {
  try {
    return await open(target, options, true)
  } catch (error) {
    if (!(error instanceof SessionFailure) || error.kind !== 'tls') throw error
    return await open(target, options, false)
  }
}

async function open(target: Target, options: SessionOptions, tls: boolean): Promise<RemoteConnection> {
  const { timeouts, signal } = options
  const connection = new RemoteConnection(await connected(target, timeouts.connect, signal), target)
  const release = endOnAbort(connection, signal)
  try {
    const greeting = await connection.reply(timeouts.greeting, 'receiving the initial server greeting')
    if (greeting.code !== 220) throw refusedSession(greeting)
    await hello(connection, options)
    if (tls && connection.extensions.has('STARTTLS')) {
      const ready = await connection.command('STARTTLS', timeouts.hello, 'sending STARTTLS')
      // Refused (454 mostly): the session goes on as it is, with what EHLO offered.
      if (ready.code === 220) {
        await connection.startTls(timeouts.hello)
        await hello(connection, options) // RFC 3207 §4.2
      } else if (ready.code === 421) throw refusedSession(ready)
    }
    connection.tlsFailed = connection.tls === null && (!tls || connection.extensions.has('STARTTLS'))
    return connection
  } catch (error) {
    connection.destroy()
    throw error
  } finally {
    release()
  }
}

/** Ends the connection when the signal says so; returns what takes that back. */
export function endOnAbort(connection: RemoteConnection, signal: AbortSignal): () => void {
  const stop = (): void => connection.destroy(stopped(signal))
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  return () => signal.removeEventListener('abort', stop)
}

/** The failure an abort stands for. */
export function stopped(signal: AbortSignal): SessionFailure {
  return signal.reason instanceof SessionFailure ? signal.reason : stoppedHere()
}

export const stoppedHere = (): SessionFailure =>
  new SessionFailure('stopped', '4.3.2', 'delivery was stopped on this side')

function connected(target: Target, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  const { host, address, port } = target
  return new Promise((resolve, reject) => {
    const fail = (failure: SessionFailure): void => {
      finish()
      socket.destroy()
      reject(failure)
    }
    const failed = (reason: string): void =>
      fail(new SessionFailure('network', '4.4.1', `connect to ${host}[${address}]:${port}: ${reason}`))
    const onError = (error: Error): void => failed(systemError(error))
    const onAbort = (): void => fail(stopped(signal))
    const timer = setTimeout(() => failed('Connection timed out'), timeoutMs)
    const finish = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.off('connect', onConnect)
    }
    const onConnect = (): void => {
      finish()
      socket.off('error', onError)
      socket.setNoDelay(true)
      resolve(socket)
    }
    const socket = connect({ host: address, port })
    socket.on('error', onError)
    socket.once('connect', onConnect)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
}

async function hello(connection: RemoteConnection, { hostname, timeouts }: SessionOptions): Promise<void> {
  const reply = await connection.command(`EHLO ${hostname}`, timeouts.hello, 'performing the EHLO handshake')
  if (reply.code === 250) {
    refuseOwn(reply, hostname, connection)
    connection.extensions = extensionsOf(reply)
    return
  }
  if (reply.code === 421) throw refusedSession(reply)
  // RFC 5321 §3.2: a server that doesn't know EHLO is greeted the old way.
  const old = await connection.command(`HELO ${hostname}`, timeouts.hello, 'performing the HELO handshake')
  if (old.code !== 250) throw refusedSession(old)
  refuseOwn(old, hostname, connection)
}

/** A server with our name is this one, whatever the DNS says (RFC 5321 §6.3): mail to it would come back. */
function refuseOwn(reply: Reply, hostname: string, connection: RemoteConnection): void {
  const name = /^250[ -](\S+)/.exec(reply.lines[0] ?? '')?.[1]
  if (name?.toLowerCase() === hostname.toLowerCase())
    throw new SessionFailure('loop', '5.4.6', `host ${connection.name} greeted me with my own name ${hostname}`)
}

/** RFC 5321 §4.1.1.1: one keyword a line, behind the line with the server's name. */
function extensionsOf(reply: Reply): Map<string, string> {
  const extensions = new Map<string, string>()
  for (const line of reply.lines.slice(1)) {
    const match = /^250[ -]([A-Za-z0-9][A-Za-z0-9-]*)(?:[ =]+(.*))?$/.exec(line.trimEnd())
    if (match?.[1]) extensions.set(match[1].toUpperCase(), match[2] ?? '')
  }
  return extensions
}
