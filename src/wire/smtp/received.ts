/** Trace fields (RFC 5321 §4.4). */
import { beginsHeader } from '../mime/header.ts'
import { withFieldOnTop } from '../mime/headroom.ts'

export interface Trace {
  /** As the client named itself, or null where it did not. */
  helo: string | null
  clientAddress: string
  /** This host. */
  by: string
  /** RFC 3848 and RFC 6531 §4.3. */
  protocol: { extended: boolean; tls: boolean; authenticated: boolean; utf8: boolean }
  tls: { version: string; cipher: string } | null
  id: string
  /** The one recipient; null where there are several, who must not learn of each other (RFC 5321 §7.2). */
  recipient: string | null
  /** Milliseconds since 1970. */
  at: number
}

const LF = 10
const CR = 13

export function receivedField(trace: Trace): string {
  const literal = addressLiteral(trace.clientAddress)
  // Whatever a client calls itself, it can neither end the comment nor begin a clause.
  const helo = trace.helo?.replace(/[^A-Za-z0-9._:[\]-]/g, '?') || literal
  const tls = trace.tls ? `\r\n (using ${trace.tls.version} with cipher ${trace.tls.cipher})` : ''
  const recipient = trace.recipient === null ? '' : `\r\n for <${trace.recipient}>`
  return `Received: from ${helo} (${literal})${tls}\r\n by ${trace.by} with ${protocolName(trace.protocol)} id ${trace.id}${recipient};\r\n ${dateTime(trace.at)}\r\n`
}

/** The id and the time of the field that this service wrote on top of a message; null where the top is another's. */
export interface ReceivedOnTop {
  id: string
  at: number
}

export function receivedOnTop(bytes: Uint8Array): ReceivedOnTop | null {
  const found = ownField.exec(topOf(bytes))
  const at = found?.[2] === undefined ? Number.NaN : Date.parse(found[2])
  return found?.[1] === undefined || Number.isNaN(at) ? null : { id: found[1], at }
}

function topOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, Math.min(byteLength, TOP_BYTES)).toString('latin1')
}

/** Return-Path and a Received field as `receivedField` writes it, with the longest addresses. */
const TOP_BYTES = 2_000
const ownField =
  /^(?:Return-Path: <[^\r\n]*>\r\n)?Received: from [^;]*?\r\n by [^\s;]+ with [A-Z0-9]+ id ([\w-]+)(?:\r\n for <[^\r\n]*>)?;\r\n ([^\r\n]+)\r\n/
/** RFC 3848: the A says that the client was authenticated. */
const submittedField = /^Received: from [^;]*?\r\n by [^\s;]+ with (?:UTF8SMTP|ESMTP)S?A id [\w-]+/

/** Whether the bytes begin with the field that this service writes on top of what an account submits. */
export function isSubmittedOnTop(bytes: Uint8Array): boolean {
  return submittedField.test(topOf(bytes))
}

export function returnPathField(reversePath: string): string {
  return `Return-Path: <${reversePath}>\r\n`
}

/**
 * A client's message as fields may be put on top of it. One that begins with no field of its own is all body, and an empty line says
 * so: its first lines would be taken for the header, and what begins with white space for words of the last field (RFC 5322 §2.2.3).
 */
export function belowTrace(message: Buffer): Buffer {
  const saysSo = message.length === 0 || message[0] === CR || message[0] === LF || beginsHeader(message, 0)
  return saysSo ? message : withFieldOnTop('\r\n', message)
}

/** RFC 5321 §4.1.3. */
export function addressLiteral(address: string): string {
  return address.includes(':') ? `[IPv6:${address}]` : `[${address}]`
}

/** date-time of RFC 5322 §3.3, in UTC. */
export function dateTime(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000')
}

function protocolName({ extended, tls, authenticated, utf8 }: Trace['protocol']): string {
  if (!extended) return 'SMTP'
  return `${utf8 ? 'UTF8SMTP' : 'ESMTP'}${tls ? 'S' : ''}${authenticated ? 'A' : ''}`
}
