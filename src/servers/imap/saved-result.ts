/**
 * The "$" of SEARCHRES (RFC 5182), as UID ranges: they stay right when messages go. Eight bytes a range, since a session may
 * save every second message of its mailbox.
 */
import type { MailboxView } from '../../mail/mailbox-view.ts'
import type { UidRange } from '../../store/types.ts'

export class SavedResult implements Iterable<UidRange> {
  static readonly empty = new SavedResult(new Uint32Array())
  /** First and last UID of each range, ascending. */
  readonly #pairs: Uint32Array

  private constructor(pairs: Uint32Array) {
    this.#pairs = pairs
  }

  /** Of those of the UIDs, which ascend, that the view has; neighbours in the view are one range. */
  static of(view: MailboxView, uids: Uint32Array): SavedResult {
    const pairs = new Uint32Array(2 * uids.length)
    let end = 0
    let before = -2
    for (const uid of uids) {
      const position = view.positionOf(uid)
      if (position < 0) continue
      if (position !== before + 1) {
        pairs[end] = uid
        end += 2
      }
      pairs[end - 1] = uid
      before = position
    }
    return new SavedResult(pairs.slice(0, end))
  }

  *[Symbol.iterator](): Generator<UidRange> {
    for (let at = 0; at < this.#pairs.length; at += 2) yield { from: this.#pairs[at]!, to: this.#pairs[at + 1]! }
  }
}
