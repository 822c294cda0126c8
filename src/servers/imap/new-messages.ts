/** What NOTIFY asks to be told of new messages of the selected mailbox, behind their EXISTS (RFC 5465 §5.2). */
import { countOf } from '../../mail/mailbox-view.ts'
import { subtractRuns } from '../../mail/runs.ts'
import type { ImapContext } from './context.ts'
import { answerFetch } from './fetch-answer.ts'
import { planFetch } from './fetch-plan.ts'
import { NOTIFIED_MESSAGES } from './limits.ts'

/** False where they are too many. One whose content can't be read is passed over, as in FETCH. */
export async function tellNewMessages(context: ImapContext): Promise<boolean> {
  const { notify, selected, enabled, utf8 } = context
  if (!notify || !selected || notify.untoldFrom === null) return true
  const { view, recent } = selected
  const fresh = view.runsOfRanges([{ from: notify.untoldFrom, to: 0xffffffff }])
  const runs = subtractRuns(fresh, view.runsOfRanges(notify.ownMessages))
  if (countOf(runs) > NOTIFIED_MESSAGES) return false
  const { condstore, rev2, uidOnly } = enabled
  // Unasked, as what is told of flags: with UID and MODSEQ once the client knows of them (RFC 7162 §3.2.4).
  const plan = planFetch(notify.selected.items, { uid: condstore, uidOnly, modseq: condstore, utf8, rev2, recent })
  await answerFetch(context, { runs, plan, seen: new Set(), unasked: true })
  notify.newTold()
  return true
}
