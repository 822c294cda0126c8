/** Flags of a message in an mbox file: Status and X-Status (mbox programs), X-Mozilla-Status (Thunderbird); keywords: X-Keywords, X-Mozilla-Keys. */
import { Flag, type Flags } from '../store/types.ts'

const keyword = /^[^(){%*"\\\]\x00-\x20\x7f-\uffff]{1,100}$/

export const fieldOf = (header: string, name: string): string | undefined =>
  new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, 'im').exec(header)?.[1]?.trim()

export function statusFlags(header: string): Flags {
  const status = `${fieldOf(header, 'Status') ?? ''}${fieldOf(header, 'X-Status') ?? ''}`
  const mozilla = Number.parseInt(fieldOf(header, 'X-Mozilla-Status') ?? '0', 16) || 0
  const system =
    (status.includes('R') || mozilla & 0x0001 ? Flag.Seen : 0) |
    (status.includes('A') || mozilla & 0x0002 ? Flag.Answered : 0) |
    (status.includes('F') || mozilla & 0x0004 ? Flag.Flagged : 0) |
    (status.includes('D') || mozilla & 0x0008 ? Flag.Deleted : 0) |
    (status.includes('T') ? Flag.Draft : 0)
  const keywords = `${fieldOf(header, 'X-Keywords') ?? ''} ${fieldOf(header, 'X-Mozilla-Keys') ?? ''}`.split(/\s+/)
  if (mozilla & 0x1000) keywords.push('$Forwarded')
  return { system, keywords: [...new Set(keywords.filter(name => keyword.test(name)))].sort() }
}
