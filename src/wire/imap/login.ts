/** LOGIN (RFC 9051 §6.2.3). */
import type { CommandBody } from './command.ts'
import type { Decoder } from './decoder.ts'

export function parseLogin(decoder: Decoder): CommandBody {
  decoder.space('the user name')
  const user = decoder.astring('the user name')
  decoder.space('the password')
  const password = decoder.astring('the password')
  return { name: 'LOGIN', user, password }
}
