import { Breather } from '../../mail/breather.ts'
import { countOf, type Run } from '../../mail/mailbox-view.ts'
import { extend, findRuns } from '../../mail/message-pages.ts'
import { PAGE_ROWS } from '../../mail/messages.ts'
import { intersectRuns } from '../../mail/runs.ts'
import type { Modseq } from '../../store/types.ts'
import type { ImapContext } from './context.ts'

/** Of fewer messages all rows are read: there may be any number of changes elsewhere in the mailbox. */
const fewRows = 2 * PAGE_ROWS

/** Those of `runs` that changed since (RFC 7162 §3.1.4.1). */
export async function changedRuns(
  { mailbox, services: { messages } }: ImapContext,
  runs: readonly Run[],
  since: Modseq,
): Promise<Run[]> {
  const breather = new Breather()
  if (countOf(runs) <= fewRows)
    return findRuns(
      mailbox.view,
      runs,
      PAGE_ROWS,
      async range => (await messages.rows(mailbox, range)).filter(({ modseq }) => modseq > since).map(({ uid }) => uid),
      breather,
    )
  const changed: Run[] = []
  const last = mailbox.view.uidAt(runs.at(-1)!.last)
  for (let after = mailbox.view.uidAt(runs[0]!.first) - 1, more = true; more; ) {
    const rows = await messages.changedSince(mailbox, since, after)
    for (const { uid } of rows) {
      const position = mailbox.view.positionOf(uid)
      if (position >= 0) extend(changed, position)
    }
    after = rows.at(-1)?.uid ?? after
    more = rows.length === PAGE_ROWS && after < last
    await breather.pause()
  }
  return intersectRuns(runs, changed)
}
