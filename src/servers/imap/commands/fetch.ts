/** FETCH and UID FETCH (RFC 9051 §6.4.5), with CHANGEDSINCE and VANISHED (RFC 7162 §3.1.4, §3.2.6) and PARTIAL (RFC 9394 §3.3). */
import { countOf, type Run } from '../../../mail/mailbox-view.ts'
import { sliceRuns } from '../../../mail/runs.ts'
import { Flag, type Uid } from '../../../store/types.ts'
import type { PartialRange } from '../../../wire/imap/command.ts'
import { spanOf } from '../../../wire/imap/partial-range.ts'
import { changedRuns } from '../changed-runs.ts'
import { type BodyOf, bad, type ImapCommand, ok } from '../command.ts'
import type { ImapContext } from '../context.ts'
import { answerFetch } from '../fetch-answer.ts'
import { planFetch } from '../fetch-plan.ts'
import { reportVanishedEarlier } from '../resynchronise.ts'

export const fetch: ImapCommand<'FETCH'> = {
  states: ['selected'],
  reports: 'all-by-uid',
  async run(context, body) {
    if (body.vanished && !context.enabled.qresync) return bad('ENABLE QRESYNC first')
    const named = partOf(context.resolve(body.set, body.uid), body.partial)
    const plan = planFetch(body.items, {
      uid: body.uid,
      modseq: body.changedSince !== null,
      utf8: context.utf8,
      rev2: context.enabled.rev2,
      uidOnly: context.enabled.uidOnly,
      recent: context.mailbox.recent,
    })
    if (plan.modseq) context.enableCondstore()
    if (body.vanished) await reportVanished(context, body)
    const runs = body.changedSince === null ? named : await changedRuns(context, named, body.changedSince)
    const seen = plan.setsSeen && !context.mailbox.readOnly ? await setSeen(context, runs) : new Set<Uid>()
    const { found, failure } = await answerFetch(context, { runs, plan, seen })
    if (failure) return failure
    // RFC 2180 §4.1.3: those that another session expunged are left out. With CHANGEDSINCE, they have not changed.
    return ok('FETCH completed', body.uid || found === countOf(runs) ? undefined : 'EXPUNGEISSUED')
  },
}

function partOf(runs: Run[], partial: PartialRange | undefined): Run[] {
  if (!partial) return runs
  const { start, end } = spanOf(partial, countOf(runs))
  return sliceRuns(runs, start, end)
}

function reportVanished(context: ImapContext, { set, changedSince }: BodyOf<'FETCH'>): Promise<void> {
  const { mailbox } = context
  const known = set === '$' ? Array.from(mailbox.saved, ({ from, to }) => [from, to] as const) : set
  return reportVanishedEarlier(context, mailbox, known, changedSince ?? 0, 0)
}

/** Sets \Seen on all that are about to be read, at once. Resolves with those that had not been seen. */
async function setSeen(context: ImapContext, runs: readonly Run[]): Promise<Set<Uid>> {
  const { mailbox, services } = context
  if (runs.length === 0) return new Set()
  const { changed } = await services.messages.setFlags(mailbox, {
    uids: mailbox.view.rangesOf(runs),
    mode: 'add',
    flags: { system: Flag.Seen, keywords: [] },
    unchangedSince: null,
  })
  for (const { modseq } of changed) {
    mailbox.ownFlags(modseq)
    context.own(modseq)
  }
  return new Set(changed.map(({ uid }) => uid))
}
