/**
 * Tells the client what changed in its mailbox: expunged messages, flags, new messages (RFC 9051 §5.2, §7.4, §7.5). The
 * rows are pulled from the store since what was told last.
 */
import type { ReadChanges } from '../../mail/answered-changes.ts'
import { Breather } from '../../mail/breather.ts'
import { PAGE_ROWS } from '../../mail/messages.ts'
import type { MessageRow, Uid, UidRange } from '../../store/types.ts'
import { FETCH_END, fetchFlags, fetchModseq, fetchUid } from '../../wire/imap/fetch-response.ts'
import { exists, expunge, vanished } from '../../wire/imap/responses.ts'
import type { ImapContext } from './context.ts'
import { tellKeywordsOf } from './flag-names.ts'
import { ALL_UIDS } from './ranges.ts'
import { takeRecent, tellRecent, tellRecentIfFewer } from './recent.ts'
import type { SelectedMailbox } from './selected.ts'
import { answerStart } from './uid-only.ts'

export interface ReportOptions {
  /** Whether the client may be told of expunged messages now (RFC 9051 §7.5.1). */
  expunges: boolean
  /** Look even where no change was heard of. */
  look: boolean
  /** What came and went is told though NOTIFY asks for none of it. */
  always?: boolean
}

export interface Reported {
  /** Expunged messages were told. */
  expunged: boolean
  /** Others changed flags. */
  flags: boolean
  /** New messages were told. */
  added: boolean
  /** Expunged messages wait until they may be told. */
  withheld: boolean
}

const nothing = (withheld: boolean): Reported => ({ expunged: false, flags: false, added: false, withheld })

export async function reportChanges(context: ImapContext, options: ReportOptions): Promise<Reported> {
  const { selected, ofSelected } = context
  const { expunges, look, always = false } = options
  if (!selected || selected.gone || !(ofSelected.messages || always)) return nothing(false)
  if (!look && !selected.isStale(expunges)) return nothing(selected.withholds)
  const { toldUpTo: since, toldExpungesUpTo: expungedSince, noticed: upTo } = selected
  const changes = await context.services.messages.changes(selected, { since, expungedSince, noticed: upTo }, look)
  if (look) context.looks = false
  if (!changes) return reportDeletion(context, selected, expunges)
  const { highestModseq: highest, expunged: gone } = changes
  let expunged = false
  if (highest > expungedSince) {
    if (expunges) expunged = reportExpunged(context, selected, gone)
    selected.withholds = !expunges && selected.view.runsOfRanges(gone).length > 0
  }
  const before = selected.view.count
  const flags = changes.changed.length > 0 && (await reportChanged(context, selected, changes))
  tellRecentIfFewer(context, selected)
  if (flags && context.notify && !ofSelected.flags) context.notify.flagsUntoldSince ??= since
  selected.highestModseq = highest
  selected.told(Math.max(upTo, highest), expunges)
  return { expunged, flags, added: selected.view.count > before, withheld: selected.withholds }
}

/** What a client sees of a message's flags unasked, whose keywords were told (flag-names.ts): with UID and MODSEQ once it knows of them (RFC 7162 §3.2.4). */
export function flagsResponse(context: ImapContext, position: number, row: ChangedFlags, withUid = false): string {
  const { condstore, uidOnly } = context.enabled
  // It may be gone, where the client went in the middle of a report.
  const isRecent = context.selected?.recent.has(row.uid)
  const uid = (condstore || withUid) && !uidOnly ? `${fetchUid(row.uid)} ` : ''
  const modseq = condstore ? ` ${fetchModseq(row.modseq)}` : ''
  const flags = fetchFlags(row.flags.system, row.flags.keywords, isRecent)
  return `${answerStart(context.enabled, position, row.uid)}${uid}${flags}${modseq}${FETCH_END}`
}

export type ChangedFlags = Pick<MessageRow, 'uid' | 'flags' | 'modseq'>

function reportExpunged(context: ImapContext, selected: SelectedMailbox, ranges: UidRange[]): boolean {
  const { positions, uids } = selected.view.remove(ranges)
  if (uids.length === 0) return false
  if (context.enabled.qresync || context.enabled.uidOnly) context.output.text(vanished(uids, false))
  // Each EXPUNGE lowers the numbers of those that follow (RFC 9051 §7.5.1).
  else context.output.text(positions.map((position, before) => expunge(position + 1 - before)).join(''))
  return true
}

/** Whether others changed flags, also where NOTIFY asks for none of that. */
async function reportChanged(
  context: ImapContext,
  selected: SelectedMailbox,
  { changed, changedAfter, recentAbove }: ReadChanges,
): Promise<boolean> {
  const { view } = selected
  const tellsFlags = context.ofSelected.flags
  // RFC 5465 §5.1.
  const withUid = context.notify !== null
  let rows: readonly MessageRow[] = changed
  const breather = new Breather()
  let added = 0
  let flags = false
  try {
    for (;;) {
      let text = ''
      const fresh: number[] = []
      if (tellsFlags) tellKeywordsOf(context, rows)
      // Of the later pages: they were read after the rest of the answer.
      selected.noticeRows(rows)
      for (const row of inOrder(rows))
        if (row.uid <= view.lastUid && !selected.isOwn(row.modseq)) {
          const position = view.positionOf(row.uid)
          if (position < 0) continue
          flags = true
          if (tellsFlags) text += flagsResponse(context, position, row, withUid)
        }
      for (const { uid } of rows) if (uid > view.lastUid) fresh.push(uid)
      if (fresh.length > 0) context.notify?.noteNew(fresh[0]!)
      added += view.append(fresh)
      context.output.text(text)
      await context.output.drain()
      if (rows.length < PAGE_ROWS) break
      await breather.pause()
      rows = await changedAfter(rows.at(-1)!.uid)
    }
  } finally {
    // Also where the next page could not be read: the view has them.
    if (added > 0) await tellArrived(context, selected, recentAbove)
  }
  return flags
}

/** `recentAbove`: the mailbox's mark, as it was read with them. */
async function tellArrived(context: ImapContext, selected: SelectedMailbox, recentAbove: Uid | null): Promise<void> {
  const { view } = selected
  context.output.text(exists(view.count))
  await takeRecent(context, selected, { above: recentAbove, upTo: view.lastUid })
  tellRecent(context, selected)
}

/**
 * As they were changed, not as they lie: a client that saw a mod-sequence, and lost the connection then, asks for what lies above it.
 * Of more than a page that goes for each page alone.
 */
function inOrder(rows: readonly MessageRow[]): readonly MessageRow[] {
  return rows.toSorted((a, b) => a.modseq - b.modseq || a.uid - b.uid)
}

/** RFC 2180 §3.3: to its client the messages of a deleted mailbox are gone. */
function reportDeletion(context: ImapContext, selected: SelectedMailbox, expunges: boolean): Reported {
  if (!expunges) return nothing(selected.view.count > 0)
  selected.gone = true
  const expunged = reportExpunged(context, selected, [ALL_UIDS])
  tellRecentIfFewer(context, selected)
  return { ...nothing(false), expunged }
}
