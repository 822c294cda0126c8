/** COMPRESS (RFC 4978 §3). */
import type { CommandBody } from './command.ts'
import type { Decoder } from './decoder.ts'

export function parseCompress(decoder: Decoder): CommandBody {
  decoder.space('DEFLATE')
  if (decoder.keyword('DEFLATE') !== 'DEFLATE') decoder.refuse('the only mechanism is DEFLATE')
  return { name: 'COMPRESS' }
}
