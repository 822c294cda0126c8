/** What SEARCH and SORT return and save (RFC 4731 §3.1, RFC 5267 §3.1, RFC 5182 §2.1, RFC 9394 §3). */
import type { Modseq, Uid } from '../../store/types.ts'
import type { PartialRange, SearchKey, SearchReturn } from '../../wire/imap/command.ts'
import { spanOf } from '../../wire/imap/partial-range.ts'
import { esearch, type SearchedMailbox, type SearchResult, searchOrSort } from '../../wire/imap/responses.ts'
import { someKey } from '../../wire/imap/search-key.ts'
import type { ImapContext } from './context.ts'
import { SavedResult } from './saved-result.ts'

export interface Outcome {
  keyword: 'SEARCH' | 'SORT'
  tag: string
  /** Whether the answer is in UIDs. */
  uid: boolean
  /** In the order of the answer: ascending for SEARCH. */
  uids: Uint32Array
  /** Mod-sequences of the messages, where MODSEQ was among the keys. */
  modseqs: ReadonlyMap<Uid, Modseq> | null
  asked: readonly SearchReturn[] | null
  partial: PartialRange | undefined
  /** Where the answer is to say in which mailbox it was. */
  of?: SearchedMailbox
}

/** Writes the untagged answer, and saves the result where SAVE was asked. */
export function answerSearch(context: ImapContext, outcome: Outcome): void {
  const { asked, partial, uids, modseqs, uid, keyword, tag, of } = outcome
  const numbersOf = (found: Uint32Array): Uint32Array => {
    if (uid) return found
    const { view } = context.mailbox
    return found.map(each => view.positionOf(each) + 1)
  }
  // RFC 9051 §6.4.4: a client of IMAP4rev2 gets ESEARCH whatever it asks.
  const returns = asked ?? (context.enabled.rev2 && keyword === 'SEARCH' ? (['ALL'] as const) : null)
  if (!returns) {
    context.output.text(searchOrSort(keyword, numbersOf(uids), highestOf(uids, modseqs)))
    return
  }
  const span = partial && spanOf(partial, uids.length)
  const part = span && uids.subarray(span.start, span.end)
  if (returns.includes('SAVE')) save(context, savedOf(returns, uids, part))
  // RFC 5182 §2.1: with SAVE alone nothing is returned.
  if (returns.every(each => each === 'SAVE') && returns.length > 0) return
  const result: SearchResult = { ...resultOf(returns, uids, numbersOf), uid }
  if (partial && part) result.partial = { range: partial, numbers: numbersOf(part) }
  // RFC 4731 §3.2: of the messages that are returned.
  const modseq = highestOf(savedOf(returns, uids, part), modseqs)
  if (modseq !== null) result.modseq = modseq
  context.output.text(esearch(tag, result, of, context.utf8))
}

function resultOf(
  returns: readonly SearchReturn[],
  uids: Uint32Array,
  numbersOf: (found: Uint32Array) => Uint32Array,
): Omit<SearchResult, 'uid'> {
  const result: Omit<SearchResult, 'uid'> = {}
  if (uids.length > 0) {
    if (returns.includes('MIN')) [result.min] = numbersOf(uids.subarray(0, 1))
    if (returns.includes('MAX')) [result.max] = numbersOf(uids.subarray(-1))
    if (returns.length === 0 || returns.includes('ALL')) result.all = numbersOf(uids)
  }
  if (returns.includes('COUNT')) result.count = uids.length
  return result
}

function highestOf(uids: Uint32Array, modseqs: ReadonlyMap<Uid, Modseq> | null): Modseq | null {
  if (!modseqs || uids.length === 0) return null
  return uids.reduce((highest, uid) => Math.max(highest, modseqs.get(uid) ?? 0), 0)
}

/** RFC 5182 §2.1 and RFC 9394 §3.2, tables 1: PARTIAL, MIN and MAX alone save just those. */
function savedOf(returns: readonly SearchReturn[], uids: Uint32Array, part: Uint32Array | undefined): Uint32Array {
  const min = returns.includes('MIN')
  const max = returns.includes('MAX')
  if (returns.includes('ALL') || returns.includes('COUNT') || !(min || max || part) || uids.length === 0) return uids
  const ends = [...(min ? [uids[0]!] : []), ...(max ? [uids.at(-1)!] : [])]
  if (!part) return Uint32Array.from(new Set(ends))
  return ends.length === 0 ? part : Uint32Array.from(new Set([...part, ...ends]))
}

function save({ mailbox }: ImapContext, uids: Uint32Array): void {
  mailbox.saved = SavedResult.of(mailbox.view, uids.toSorted())
}

/** Whether MODSEQ is among the keys: then the answer tells mod-sequences (RFC 7162 §3.1.5). */
export const asksModseq = (key: SearchKey): boolean => someKey(key, each => each.key === 'MODSEQ')
