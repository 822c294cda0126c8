/** SELECT, EXAMINE (RFC 9051 §6.3.2, §6.3.3), with CONDSTORE and QRESYNC (RFC 7162 §3.1.8, §3.2.5). */

import { Breather } from '../../../mail/breather.ts'
import { MailboxView } from '../../../mail/mailbox-view.ts'
import { SCAN_ROWS } from '../../../mail/messages.ts'
import { mailboxObjectId } from '../../../mail/object-id.ts'
import { Flag, type MailboxRow } from '../../../store/types.ts'
import type { QresyncParameter } from '../../../wire/imap/command.ts'
import { exists, list } from '../../../wire/imap/responses.ts'
import { untagged } from '../../../wire/imap/status-response.ts'
import { bad, type Completion, type ImapCommand, ok } from '../command.ts'
import type { ImapContext } from '../context.ts'
import { tellFlagNames } from '../flag-names.ts'
import { mailboxAttributes, tellName } from '../mailbox-attributes.ts'
import { takeRecent, tellRecent } from '../recent.ts'
import { resynchronise } from '../resynchronise.ts'
import { SelectedMailbox } from '../selected.ts'

export const select: ImapCommand<'SELECT'> = {
  states: ['authenticated', 'selected'],
  reports: 'none',
  run: (context, body) => open(context, body.arguments, false),
}

export const examine: ImapCommand<'EXAMINE'> = {
  states: ['authenticated', 'selected'],
  reports: 'none',
  run: (context, body) => open(context, body.arguments, true),
}

interface Arguments {
  mailbox: string
  condstore: boolean
  qresync: QresyncParameter | null
}

async function open(context: ImapContext, asked: Arguments, readOnly: boolean): Promise<Completion> {
  // RFC 7162 §3.2.5.
  if (asked.qresync && !context.enabled.qresync) return bad('ENABLE QRESYNC first')
  if (context.selected) {
    context.unselect()
    // RFC 7162 §3.2.11: what follows is of another mailbox.
    context.output.text(untagged('OK', 'The mailbox selected before is closed', 'CLOSED'))
  }
  if (asked.condstore || asked.qresync) context.enabled.condstore = true
  const { accountId } = context
  const { mailboxes, messages } = context.services
  const { selected, row } = await context.select(accountId, async () => {
    // Read before the mailbox, so that the mailbox as read holds all changes up to it.
    const account = await mailboxes.account(accountId)
    const row = await mailboxes.get(accountId, asked.mailbox)
    const { mailboxId, highestModseq } = row
    const keywords = await mailboxes.keywords(row)
    const view = new MailboxView(await messages.uids({ accountId, mailboxId }))
    const upTo = Math.max(account?.modseq ?? 0, highestModseq)
    const opened = { accountId, mailboxId, readOnly, view, highestModseq, upTo, keywords }
    const selected = new SelectedMailbox(opened)
    await takeRecent(context, selected, { above: row.recentAbove, upTo: Math.max(row.uidNext - 1, view.lastUid) })
    return { selected, row }
  })
  // IMAP4rev1 asks for it (RFC 3501 §6.3.1), IMAP4rev2 has it no more; it is a sequence number.
  const { rev2, uidOnly } = context.enabled
  const unseen = rev2 || uidOnly || row.unseen === 0 ? null : await firstUnseen(context, selected)
  describe(context, selected, row, unseen)
  tellName(context, row, asked.mailbox)
  try {
    if (asked.qresync) await resynchronise(context, selected, row, asked.qresync)
  } catch (error) {
    // RFC 9051 §6.3.2: a SELECT that fails leaves no mailbox selected.
    context.unselect()
    throw error
  }
  return ok(`${readOnly ? 'EXAMINE' : 'SELECT'} completed`, readOnly ? 'READ-ONLY' : 'READ-WRITE')
}

/** Its sequence number, found by pages of rows. */
async function firstUnseen(context: ImapContext, selected: SelectedMailbox): Promise<number | null> {
  const { view } = selected
  const breather = new Breather()
  for (let first = 0; first < view.count; first += SCAN_ROWS) {
    const range = { from: view.uidAt(first), to: view.uidAt(Math.min(first + SCAN_ROWS, view.count) - 1) }
    const uid = await context.services.messages.firstMatching(selected, range, { flagsUnset: Flag.Seen })
    if (uid !== undefined) return view.positionOf(uid) + 1
    await breather.pause()
  }
  return null
}

function describe(context: ImapContext, selected: SelectedMailbox, row: MailboxRow, unseen: number | null): void {
  const { output, enabled, utf8 } = context
  const { view } = selected
  tellFlagNames(context, selected)
  output.text(exists(view.count))
  // IMAP4rev2 has no RECENT, and wants LIST instead (RFC 9051 §6.3.2).
  if (enabled.rev2) output.text(list({ name: row.name, attributes: mailboxAttributes(row) }, utf8))
  else tellRecent(context, selected)
  if (unseen) output.text(untagged('OK', 'First unseen message', { code: 'UNSEEN', value: unseen }))
  output.text(untagged('OK', 'UIDs stay valid', { code: 'UIDVALIDITY', value: row.uidValidity }))
  const uidNext = Math.max(row.uidNext, view.lastUid + 1)
  output.text(untagged('OK', 'Predicted next UID', { code: 'UIDNEXT', value: uidNext }))
  output.text(untagged('OK', 'Highest mod-sequence', { code: 'HIGHESTMODSEQ', value: row.highestModseq }))
  output.text(untagged('OK', 'Mailbox id', { code: 'MAILBOXID', id: mailboxObjectId(row.mailboxId) }))
}
