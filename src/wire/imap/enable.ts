/** ENABLE (RFC 9051 §6.3.1, RFC 5161). */
import type { CommandBody } from './command.ts'
import type { Decoder } from './decoder.ts'
import { LIST_ITEMS } from './limits.ts'

export function parseEnable(decoder: Decoder): CommandBody {
  decoder.space('a capability')
  const capabilities = [decoder.keyword('a capability')]
  while (decoder.takesSpace()) {
    if (capabilities.length === LIST_ITEMS) decoder.refuse(`more than ${LIST_ITEMS} capabilities`, 'NO', 'LIMIT')
    capabilities.push(decoder.keyword('a capability'))
  }
  return { name: 'ENABLE', capabilities }
}
