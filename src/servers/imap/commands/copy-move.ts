/** COPY and MOVE, and their UID forms (RFC 9051 §6.4.7, §6.4.8); COPYUID (RFC 4315 §3). */
import type { Copied } from '../../../mail/messages.ts'
import { rangesOf } from '../../../wire/imap/number-set.ts'
import { type ResponseCode, untagged } from '../../../wire/imap/status-response.ts'
import { type ImapCommand, no, ok } from '../command.ts'
import { targetMailbox } from '../target.ts'

export const copy: ImapCommand<'COPY'> = {
  states: ['selected'],
  reports: 'all',
  async run(context, { set, uid, mailbox: name }) {
    const { mailbox: source } = context
    const uids = source.view.rangesOf(context.resolve(set, uid))
    const target = await targetMailbox(context, name)
    if (uids.length === 0) return ok('COPY completed: there was nothing to copy')
    const copied = await context.services.messages.copy(source, uids, target.mailboxId)
    source.notice(copied.modseq)
    return ok('COPY completed', copyUid(copied))
  },
}

export const move: ImapCommand<'MOVE'> = {
  states: ['selected'],
  // RFC 6851 §3.3: even by sequence number MOVE tells of what it expunged.
  reports: 'all',
  async run(context, { set, uid, mailbox: name }) {
    const { mailbox: source } = context
    if (source.readOnly) return no('The mailbox is selected read-only', 'READ-ONLY')
    const uids = source.view.rangesOf(context.resolve(set, uid))
    const target = await targetMailbox(context, name)
    if (uids.length === 0) return ok('MOVE completed: there was nothing to move')
    const moved = await context.services.messages.move(source, uids, target.mailboxId)
    source.notice(moved.modseq)
    const code = copyUid(moved)
    // RFC 6851 §4.3: before the EXPUNGE or VANISHED.
    if (code) context.output.text(untagged('OK', 'Moved', code))
    return ok('MOVE completed', context.enabled.qresync ? { code: 'HIGHESTMODSEQ', value: moved.modseq } : undefined)
  },
}

function copyUid({ uidValidity, pairs }: Copied): ResponseCode | undefined {
  if (pairs.length === 0) return undefined
  const from = rangesOf(pairs.map(pair => pair.from))
  return { code: 'COPYUID', uidValidity, from, to: rangesOf(pairs.map(pair => pair.to)) }
}
