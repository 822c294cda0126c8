/** AUTHENTICATE with an initial response (RFC 9051 §6.2.2, RFC 4959), and the base64 of the lines that follow. */
import { decodeBase64 } from '../sasl-plain.ts'
import type { CommandBody } from './command.ts'
import type { Decoder } from './decoder.ts'

const base64Pattern = /[A-Za-z0-9+/]+={0,2}/y

export function parseAuthenticate(decoder: Decoder): CommandBody {
  decoder.space('the mechanism')
  const mechanism = decoder.keyword('the mechanism')
  return { name: 'AUTHENTICATE', mechanism, initial: decoder.takes(' ') ? initialResponse(decoder) : null }
}

/** A response line of AUTHENTICATE, as `Received` has it: null where it is not base64. `*`, which cancels, is the session's. */
export function decodeSaslLine(line: Uint8Array): Uint8Array | null {
  return decodeBase64(Buffer.from(line).toString('latin1'))
}

function initialResponse(decoder: Decoder): Uint8Array {
  // "=" is the empty response: no base64 would be no argument at all (RFC 4959 §3).
  if (decoder.takes('=')) return Buffer.alloc(0)
  const text = decoder.matches(base64Pattern) ?? decoder.fail('the initial response in base64')
  return decodeBase64(text) ?? decoder.refuse('the initial response is not valid base64')
}
