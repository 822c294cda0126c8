/** GETQUOTA, GETQUOTAROOT and SETQUOTA (RFC 9208 §4.1). */
import type { CommandBody } from './command.ts'
import type { Decoder } from './decoder.ts'
import { mailbox } from './mailbox-name.ts'

export function parseGetQuota(decoder: Decoder): CommandBody {
  decoder.space('the quota root')
  return { name: 'GETQUOTA', root: decoder.astring('the quota root') }
}

export function parseGetQuotaRoot(decoder: Decoder): CommandBody {
  decoder.space('the mailbox name')
  return { name: 'GETQUOTAROOT', mailbox: mailbox(decoder) }
}

/** The limits are read and left: no client of this service may set them, whatever they are. */
export function parseSetQuota(decoder: Decoder): CommandBody {
  decoder.space('the quota root')
  const root = decoder.astring('the quota root')
  decoder.space('the limits')
  decoder.list('the limits', () => {
    decoder.atom('the name of a resource')
    decoder.space('the limit of a resource')
    decoder.number64('the limit of a resource')
  })
  return { name: 'SETQUOTA', root }
}
