/**
 * Searching a mailbox as one client sees it. Each criterion leaves some of the messages that the cheaper ones left: sets of
 * messages go from one to the next, and what the store can test by itself is never read.
 */
import type { TextSearch } from '../store/types/texts.ts'
import type { Modseq, SearchField, Uid, UidRange } from '../store/types.ts'
import type { SearchKey } from '../wire/imap/command.ts'
import type { Breather } from './breather.ts'
import { countOf, type MailboxView, type Run } from './mailbox-view.ts'
import { extend, findRuns, messagePages } from './message-pages.ts'
import { FIELD_ROWS, type MailboxRef, type Messages, PAGE_ROWS, SCAN_ROWS } from './messages.ts'
import type { Progress } from './progress.ts'
import { intersectRuns, subtractRuns, uniteRuns } from './runs.ts'
import { type Criterion, criterionOf } from './search-criterion.ts'

export interface SearchScope {
  messages: Messages
  mailbox: MailboxRef
  view: MailboxView
  /** The saved result that "$" stands for. */
  saved: Iterable<UidRange>
  /** Those that are \Recent in the session. */
  recent: Iterable<UidRange>
  /** Milliseconds since 1970, for keys that tell ages. */
  now: number
  /** Ends the work, too, when nobody waits for it any more. */
  breather: Breather
  progress: Progress
}

/** The messages of the view that the key finds. */
export function search(scope: SearchScope, key: SearchKey): Promise<Run[]> {
  const { view, saved, recent, now } = scope
  const criterion = criterionOf(key, {
    now,
    recent: () => view.runsOfRanges(recent),
    // A search for what is not there finds nothing: programs search 1:* in empty mailboxes.
    resolve: of => (of.set === '$' ? view.runsOfRanges(saved) : view.resolve(of.set, of.uid, true)),
  })
  return meeting(scope, view.count === 0 ? [] : [{ first: 0, last: view.count - 1 }], criterion)
}

/** Mod-sequences of messages that are still there. */
export async function modseqsOf(scope: SearchScope, runs: Run[]): Promise<Map<Uid, Modseq>> {
  const { messages, mailbox, view, breather } = scope
  const modseqs = new Map<Uid, Modseq>()
  const pages = messagePages(view, runs, PAGE_ROWS, range => messages.rows(mailbox, range), breather)
  for await (const { rows } of pages) for (const row of rows) modseqs.set(row.uid, row.modseq)
  return modseqs
}

/** Those of `runs` that meet the criterion. */
async function meeting(scope: SearchScope, runs: Run[], criterion: Criterion): Promise<Run[]> {
  const { messages, mailbox } = scope
  if (runs.length === 0) return []
  switch (criterion.by) {
    case 'view':
      return intersectRuns(runs, criterion.runs)
    case 'conditions':
      return found(scope, runs, SCAN_ROWS, range => messages.matching(mailbox, range, criterion.conditions))
    case 'row':
      return found(scope, runs, PAGE_ROWS, async range =>
        (await messages.rows(mailbox, range)).filter(criterion.test).map(({ uid }) => uid),
      )
    case 'sent-day':
      return found(scope, runs, PAGE_ROWS, range =>
        messages.sentBetween(mailbox, range, criterion.from, criterion.before),
      )
    case 'text': {
      const { search } = criterion
      if (isField(search) && countOf(runs) <= FIELD_ROWS)
        return found(scope, runs, PAGE_ROWS, range => messages.containing(mailbox, range, search.in, search.text))
      return havingText(scope, runs, search)
    }
    case 'all': {
      let left = runs
      for (const each of criterion.of) left = await meeting(scope, left, each)
      return left
    }
    case 'any': {
      let all: Run[] = []
      for (const each of criterion.of) all = uniteRuns(all, await meeting(scope, subtractRuns(runs, all), each))
      return all
    }
    case 'not':
      return subtractRuns(runs, await meeting(scope, runs, criterion.of))
  }
}

const found = (
  { view, breather }: SearchScope,
  runs: Run[],
  limit: number,
  read: (range: UidRange) => Promise<ArrayLike<Uid>>,
): Promise<Run[]> => findRuns(view, runs, limit, read, breather)

async function havingText(scope: SearchScope, runs: Run[], search: TextSearch): Promise<Run[]> {
  const { messages, mailbox, view, breather, progress } = scope
  const having: Run[] = []
  const uids = view.uidsOf(runs)
  progress.begin(uids.length)
  for (const uid of await messages.texts.find(mailbox, uids, search, breather, progress))
    extend(having, view.positionOf(uid))
  return having
}

function isField(search: TextSearch): search is { in: SearchField; text: string } {
  return 'in' in search && search.in !== 'header' && search.in !== 'body' && search.in !== 'message'
}
