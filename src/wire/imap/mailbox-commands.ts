/** CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE (RFC 9051 §6.3.4-6.3.8); CREATE with USE (RFC 6154 §3). */
import type { CommandBody } from './command.ts'
import type { Decoder } from './decoder.ts'
import { mailbox } from './mailbox-name.ts'

export function parseCreate(decoder: Decoder): CommandBody {
  decoder.space('the mailbox name')
  const created = mailbox(decoder)
  const specialUse: string[] = []
  if (decoder.takesSpace())
    decoder.filledList('the parameters', () => {
      if (decoder.word('USE') !== 'USE') decoder.refuse('the only parameter is USE')
      decoder.space('the special uses')
      specialUse.push(...decoder.list('the special uses', () => useAttribute(decoder)))
    })
  return { name: 'CREATE', mailbox: created, specialUse }
}

export function parseMailboxCommand(decoder: Decoder, name: 'DELETE' | 'SUBSCRIBE' | 'UNSUBSCRIBE'): CommandBody {
  decoder.space('the mailbox name')
  return { name, mailbox: mailbox(decoder) }
}

export function parseRename(decoder: Decoder): CommandBody {
  decoder.space('the mailbox name')
  const from = mailbox(decoder)
  decoder.space('the new mailbox name')
  return { name: 'RENAME', from, to: mailbox(decoder, 'the new mailbox name') }
}

/** `\Drafts`, as spelt. Whether there is such a use is the session's to say: the answer is NO [USEATTR]. */
function useAttribute(decoder: Decoder): string {
  decoder.expect('\\', 'a backslash before the special use')
  return `\\${decoder.atom('the special use')}`
}
