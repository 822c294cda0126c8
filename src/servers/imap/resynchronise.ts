/** Quick resynchronisation: what vanished and changed since the client was here last (RFC 7162 §3.2.5, §3.2.6). */
import { Breather } from '../../mail/breather.ts'
import type { Run } from '../../mail/mailbox-view.ts'
import { PAGE_ROWS } from '../../mail/messages.ts'
import { subtractRuns } from '../../mail/runs.ts'
import type { MailboxRow, Modseq, Uid, UidRange } from '../../store/types.ts'
import type { NumberRange, QresyncParameter } from '../../wire/imap/command.ts'
import { formatRanges, normaliseRanges, rangesOf } from '../../wire/imap/number-set.ts'
import type { ImapContext } from './context.ts'
import { tellKeywordsOf } from './flag-names.ts'
import { intersectUidRanges } from './ranges.ts'
import { flagsResponse } from './report.ts'
import type { SelectedMailbox } from './selected.ts'

/** The answers to the QRESYNC parameter, after those that every SELECT has. */
export async function resynchronise(
  context: ImapContext,
  selected: SelectedMailbox,
  row: MailboxRow,
  asked: QresyncParameter,
): Promise<void> {
  // RFC 7162 §3.2.5: then the client has to begin anew.
  if (asked.uidValidity !== row.uidValidity) return
  const known = asked.knownUids ?? [[1, row.uidNext - 1]]
  const { sequenceMatch } = asked
  const matched = sequenceMatch ? selected.view.matchedUpTo(sequenceMatch.sequences, sequenceMatch.uids) : 0
  await reportVanishedEarlier(context, selected, known, asked.modseq, matched)
  const { view } = selected
  const wanted = toUidRanges(known)
  const breather = new Breather()
  for (let after = 0, more = true; more; ) {
    const rows = await context.services.messages.changedSince(selected, asked.modseq, after)
    more = rows.length === PAGE_ROWS
    selected.noticeRows(rows)
    let at = 0
    let text = ''
    tellKeywordsOf(context, rows)
    for (const changed of rows) {
      while (at < wanted.length && wanted[at]!.to < changed.uid) at++
      const position = at < wanted.length && wanted[at]!.from <= changed.uid ? view.positionOf(changed.uid) : -1
      if (position >= 0) text += flagsResponse(context, position, changed)
    }
    context.output.text(text)
    await context.output.drain()
    await breather.pause()
    after = rows.at(-1)?.uid ?? after
  }
}

/** VANISHED (EARLIER) for those of the client's UIDs, above `matched`, that were expunged since. */
export async function reportVanishedEarlier(
  context: ImapContext,
  selected: SelectedMailbox,
  known: readonly NumberRange[],
  since: Modseq,
  matched: Uid,
): Promise<void> {
  const expunged = await context.services.messages.expungedSince(selected, since)
  const gone = intersectUidRanges(intersectUidRanges(expunged, toUidRanges(known)), [
    { from: matched + 1, to: 0xffffffff },
  ])
  // What the session still counts went away just now: it is told of by the next report.
  const counted = rangesOf(selected.view.uidsOf(selected.view.runsOfRanges(gone)))
  const earlier = subtractRuns(gone.map(asRun), toUidRanges(counted).map(asRun))
  if (earlier.length === 0) return
  context.output.text(
    `* VANISHED (EARLIER) ${formatRanges(earlier.map(({ first, last }): NumberRange => [first, last]))}\r\n`,
  )
}

function toUidRanges(set: readonly NumberRange[]): UidRange[] {
  return normaliseRanges(set, 0xffffffff).map(([from, to]) => ({ from, to }))
}

const asRun = ({ from, to }: UidRange): Run => ({ first: from, last: to })
