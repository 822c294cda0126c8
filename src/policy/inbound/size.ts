/** No message above the limit: refused before it is sent where the client declares its size, else once it has been read. */
import type { InboundRule } from './rule.ts'
import { accepted, refuse } from './verdict.ts'

/** `maxBytes`: as announced by SIZE (RFC 1870). The words are those that people were told to look for. */
export function sizeRule(maxBytes: number): InboundRule {
  const tooBig = refuse('message-too-big', 552, '5.3.4', `Error; message file too big: the limit is ${maxBytes} bytes`)
  return {
    name: 'size',
    // RFC 1870 §6.1
    mail: ({ declaredSize }) => (declaredSize > maxBytes ? tooBig : accepted),
    // RFC 1870 §6.3
    data: ({ content }) => (content.tooBig ? tooBig : accepted),
  }
}
