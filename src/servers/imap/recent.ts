/**
 * \Recent (RFC 3501 §2.3.2), which IMAP4rev2 has no more: the messages that a session was told of before any other. They lie above
 * a mark of the mailbox. Who selects it takes them, and moves the mark; who examines it sees them, and leaves it.
 */
import { countOf, type MailboxView } from '../../mail/mailbox-view.ts'
import { inTime } from '../../ops/in-time.ts'
import { StoreError } from '../../store/store.ts'
import type { Uid, UidRange } from '../../store/types.ts'
import { recent } from '../../wire/imap/responses.ts'
import type { ImapContext } from './context.ts'
import { RECENT_RANGES, RECENT_WAIT_MS } from './limits.ts'
import type { SelectedMailbox } from './selected.ts'

export class RecentMessages implements Iterable<UidRange> {
  /** Ascending, apart from each other. */
  readonly #ranges: UidRange[] = []
  /** How many of them the client knows of. */
  told = 0

  get isEmpty(): boolean {
    return this.#ranges.length === 0
  }

  /** Those above one UID and up to the other, which is above all that were added before. */
  add(above: Uid, upTo: Uid): void {
    const last = this.#ranges.at(-1)
    const from = Math.max(above, last?.to ?? 0) + 1
    if (from > upTo) return
    if (last && from === last.to + 1) last.to = upTo
    else this.#ranges.push({ from, to: upTo })
    if (this.#ranges.length > RECENT_RANGES) this.#ranges.shift()
  }

  has(uid: Uid): boolean {
    const range = this.#ranges.findLast(({ from }) => from <= uid)
    return range !== undefined && uid <= range.to
  }

  /** Of those that are still in the view. */
  countIn(view: MailboxView): number {
    return this.isEmpty ? 0 : countOf(view.runsOfRanges(this.#ranges))
  }

  [Symbol.iterator](): Iterator<UidRange> {
    return this.#ranges[Symbol.iterator]()
  }
}

/**
 * Once the session has heard of messages up to `upTo`: those of them that lie above the mailbox's mark, as it was read, are \Recent,
 * where no other session takes them at this moment. Most have nothing to wait for: no mail is new, or another has it.
 */
export function takeRecent(
  { enabled, services, output, idling }: ImapContext,
  selected: SelectedMailbox,
  { above, upTo }: { above: Uid | null; upTo: Uid },
): Promise<void> | undefined {
  if (enabled.rev2) return undefined
  const { view, recent } = selected
  const { recentMarks } = services.messages
  if (selected.readOnly) recent.add(above ?? upTo, upTo)
  if (selected.readOnly || recentMarks.areTaken(selected, upTo)) return undefined
  if (above === null ? upTo === 0 : view.lowerBound(above + 1) === view.count) return undefined
  // Who waits for a message need not wait until it is on disk whose it is.
  if (idling) output.flushSoon()
  return addTaken(recent, recentMarks.take(selected, upTo), { above: above ?? upTo, upTo })
}

/**
 * RFC 3501 §2.3.2: where it can't be known who was told first, they are recent, all that lie above the mark. Neither a full disk nor
 * whoever writes much to the account keeps anybody from reading.
 */
async function addTaken(
  recent: RecentMessages,
  taking: Promise<Uid>,
  { above, upTo }: { above: Uid; upTo: Uid },
): Promise<void> {
  const known = taking.catch((error: unknown) => {
    if (!(error instanceof StoreError)) throw error
    return above
  })
  recent.add(await inTime(RECENT_WAIT_MS, known, () => above), upTo)
}

export function tellRecent({ enabled, output }: ImapContext, { view, recent: messages }: SelectedMailbox): void {
  if (enabled.rev2) return
  messages.told = messages.countIn(view)
  output.text(recent(messages.told))
}

/** Where some are gone. */
export function tellRecentIfFewer(context: ImapContext, selected: SelectedMailbox): void {
  const { recent, view } = selected
  if (recent.countIn(view) !== recent.told) tellRecent(context, selected)
}
