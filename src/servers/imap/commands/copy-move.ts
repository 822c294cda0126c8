/** COPY and MOVE, and their UID forms (RFC 9051 §6.4.7, §6.4.8); COPYUID (RFC 4315 §3). */
import { countOf, type Run } from '../../../mail/mailbox-view.ts'
import type { Copied } from '../../../mail/messages.ts'
import { StoreError } from '../../../store/store.ts'
import type { Uid } from '../../../store/types.ts'
import { rangesOf } from '../../../wire/imap/number-set.ts'
import { type ResponseCode, untagged } from '../../../wire/imap/status-response.ts'
import { type ImapCommand, no, ok } from '../command.ts'
import { Refusal } from '../errors.ts'
import { ToldProgress } from '../progress.ts'
import { targetMailbox } from '../target.ts'

export const copy: ImapCommand<'COPY'> = {
  states: ['selected'],
  reports: 'all',
  async run(context, { set, uid, mailbox: name }) {
    const { mailbox: source } = context
    const runs = context.resolve(set, uid)
    const target = await targetMailbox(context, name)
    if (runs.length === 0) return ok('COPY completed: there was nothing to copy')
    const uids = source.view.rangesOf(runs)
    const copied = await allOrNone(context.services.messages.copy(source, uids, expected(runs, uid), target.mailboxId))
    source.notice(copied.modseq)
    context.own(copied.modseq, target.mailboxId, newUids(copied))
    return ok('COPY completed', copyUid(copied))
  },
}

export const move: ImapCommand<'MOVE'> = {
  states: ['selected'],
  // RFC 6851 §3.3: even by sequence number MOVE tells of what it expunged.
  reports: 'expunged',
  async run(context, { set, uid, mailbox: name }, tag) {
    const { mailbox: source } = context
    if (source.readOnly) return no('The mailbox is selected read-only', 'READ-ONLY')
    const runs = context.resolve(set, uid)
    const target = await targetMailbox(context, name)
    if (runs.length === 0) return ok('MOVE completed: there was nothing to move')
    const uids = source.view.rangesOf(runs)
    const progress = new ToldProgress(context, tag)
    progress.begin(countOf(runs))
    const { messages } = context.services
    const moved = await allOrNone(messages.move(source, uids, expected(runs, uid), target.mailboxId, progress))
    source.notice(moved.modseq)
    context.own(moved.modseq, target.mailboxId, newUids(moved))
    const code = copyUid(moved)
    // RFC 6851 §4.3: before the EXPUNGE or VANISHED.
    if (code) context.output.text(untagged('OK', 'Moved', code))
    return ok('MOVE completed', context.enabled.qresync ? { code: 'HIGHESTMODSEQ', value: moved.modseq } : undefined)
  },
}

/** How many have to be there: those that are named by number. Of UIDs, what is gone is passed over (RFC 9051 §6.4.9). */
const expected = (runs: readonly Run[], uid: boolean): number | null => (uid ? null : countOf(runs))

/** RFC 9051 §6.4.7, RFC 5530 §3: messages that the client was not told are gone can't be copied, nor those beside them. */
async function allOrNone(copied: Promise<Copied>): Promise<Copied> {
  try {
    return await copied
  } catch (error) {
    const code = error instanceof StoreError ? error.code : null
    if (code === 'conflict') throw new Refusal(no('Some of the messages are gone: nothing was done', 'EXPUNGEISSUED'))
    if (code === 'too-many') throw new Refusal(no('These are more messages than are copied at once', 'LIMIT'))
    throw error
  }
}

const newUids = ({ pairs }: Copied): Uid[] => pairs.map(({ to }) => to)

function copyUid({ uidValidity, pairs }: Copied): ResponseCode | undefined {
  if (pairs.length === 0) return undefined
  const from = rangesOf(pairs.map(pair => pair.from))
  return { code: 'COPYUID', uidValidity, from, to: rangesOf(pairs.map(pair => pair.to)) }
}
