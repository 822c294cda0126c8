/** STORE and UID STORE (RFC 9051 §6.4.6), with UNCHANGEDSINCE (RFC 7162 §3.1.3). */
import { countOf, type Run } from '../../../mail/mailbox-view.ts'
import { messagePages } from '../../../mail/message-pages.ts'
import { PAGE_ROWS } from '../../../mail/messages.ts'
import type { Uid } from '../../../store/types.ts'
import { FETCH_END, fetchModseq, fetchUid } from '../../../wire/imap/fetch-response.ts'
import { rangesOf } from '../../../wire/imap/number-set.ts'
import { type Completion, type ImapCommand, no, ok } from '../command.ts'
import type { ImapContext } from '../context.ts'
import { tellKeywordsOf } from '../flag-names.ts'
import { ToldProgress } from '../progress.ts'
import { type ChangedFlags, flagsResponse, reportChanges } from '../report.ts'
import type { SelectedMailbox } from '../selected.ts'
import { answerStart } from '../uid-only.ts'

export const store: ImapCommand<'STORE'> = {
  states: ['selected'],
  reports: 'all-by-uid',
  async run(context, { set, uid, mode, flags, silent, unchangedSince }, tag) {
    const { mailbox } = context
    if (mailbox.readOnly) return no('The mailbox is selected read-only', 'READ-ONLY')
    if (unchangedSince !== null) context.enableCondstore()
    const runs = context.resolve(set, uid)
    if (runs.length === 0) return ok('STORE completed: there was nothing to change')
    // What others did before is told as theirs, before this change covers it.
    const others = await reportChanges(context, { expunges: false, look: false })
    const uids = mailbox.view.rangesOf(runs)
    const progress = new ToldProgress(context, tag)
    progress.begin(countOf(runs))
    const change = { uids, mode, flags, unchangedSince }
    const { changed, unmodified } = await context.services.messages.setFlags(mailbox, change, progress)
    // Where others changed flags, before or in between, the client is told what they are now, though it said it knew: one that took its own
    // change for done when it sent it believes those told last (RFC 9051 §6.4.6).
    for (const { modseq } of changed) {
      mailbox.ownFlags(modseq)
      context.own(modseq)
    }
    const quiet = silent && !others.flags && mailbox.toldUpTo >= (changed.at(-1)?.modseq ?? 0)
    if (!quiet) await tellFlags(context, mailbox, runs, changed, unmodified, uid)
    else if (context.enabled.condstore) tellModseqs(context, mailbox, changed)
    return completion(mailbox, unmodified, uid)
  },
}

/** All messages of the set have their flags told, changed or not (RFC 9051 §6.4.6). */
async function tellFlags(
  context: ImapContext,
  mailbox: SelectedMailbox,
  runs: Run[],
  changed: ChangedFlags[],
  unmodified: readonly Uid[],
  uid: boolean,
): Promise<void> {
  if (changed.length + unmodified.length === countOf(runs) && unmodified.length === 0)
    return tellPage(context, mailbox, changed, uid)
  for await (const { rows } of messagePages(mailbox.view, runs, PAGE_ROWS, range =>
    context.services.messages.rows(mailbox, range),
  )) {
    mailbox.noticeRows(rows)
    tellPage(context, mailbox, rows, uid)
    await context.output.drain()
  }
}

function tellPage(context: ImapContext, mailbox: SelectedMailbox, rows: ChangedFlags[], uid: boolean): void {
  let text = ''
  tellKeywordsOf(context, rows)
  for (const row of rows) {
    const position = mailbox.view.positionOf(row.uid)
    if (position >= 0) text += flagsResponse(context, position, row, uid)
  }
  context.output.text(text)
}

/** RFC 7162 §3.1.3: the new mod-sequence is told even with .SILENT. */
function tellModseqs(context: ImapContext, mailbox: SelectedMailbox, changed: readonly ChangedFlags[]): void {
  const { enabled } = context
  const { uidOnly } = enabled
  let text = ''
  for (const { uid, modseq } of changed) {
    const position = mailbox.view.positionOf(uid)
    if (position >= 0)
      text += `${answerStart(enabled, position, uid)}${uidOnly ? '' : `${fetchUid(uid)} `}${fetchModseq(modseq)}${FETCH_END}`
  }
  context.output.text(text)
}

/** RFC 7162 §3.1.3: sequence numbers for STORE, UIDs for UID STORE. */
function completion(mailbox: SelectedMailbox, unmodified: readonly Uid[], uid: boolean): Completion {
  if (unmodified.length === 0) return ok('STORE completed')
  const numbers = uid ? unmodified : unmodified.map(failed => mailbox.view.positionOf(failed) + 1)
  return ok('Some messages had changed', { code: 'MODIFIED', set: rangesOf(numbers) })
}
