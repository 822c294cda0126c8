/** FETCH and UID FETCH (RFC 9051 §6.4.5) with modifiers (RFC 7162 §3.1.4, §3.2.6, RFC 9394 §3.3) and the items of the extensions. */
import type { CommandBody, FetchItem, PartialRange, PlainFetchItem } from './command.ts'
import type { Decoder } from './decoder.ts'
import { FETCH_ITEMS } from './limits.ts'
import { partialRange } from './partial-range.ts'
import { binarySection, formatSection, partial, section } from './section.ts'
import { sequenceSet } from './sequence-set.ts'

const plainItems: ReadonlyMap<string, PlainFetchItem> = new Map(
  (
    [
      'UID',
      'FLAGS',
      'INTERNALDATE',
      'RFC822.SIZE',
      'ENVELOPE',
      'BODYSTRUCTURE',
      'BODY',
      'MODSEQ',
      'EMAILID',
      'THREADID',
      'SAVEDATE',
    ] as const
  ).map(item => [item, item]),
)

const fast: FetchItem[] = [{ item: 'FLAGS' }, { item: 'INTERNALDATE' }, { item: 'RFC822.SIZE' }]
const macros: ReadonlyMap<string, FetchItem[]> = new Map([
  ['FAST', fast],
  ['ALL', [...fast, { item: 'ENVELOPE' }]],
  ['FULL', [...fast, { item: 'ENVELOPE' }, { item: 'BODY' }]],
])

export function parseFetch(decoder: Decoder, uid: boolean): CommandBody {
  decoder.space('the message set')
  const set = sequenceSet(decoder, 'the message set')
  decoder.space('the items')
  const items = fetchItems(decoder)
  let changedSince: number | null = null
  let vanished = false
  let partial: PartialRange | undefined
  if (decoder.takesSpace())
    decoder.filledList('the modifiers', () => {
      const modifier = decoder.word('CHANGEDSINCE, VANISHED or PARTIAL')
      if (modifier === 'CHANGEDSINCE' && changedSince === null) {
        decoder.space('the mod-sequence')
        // 0 is not in the grammar (RFC 7162 §7); iPhones send it of a mailbox they know no mod-sequence of.
        changedSince = decoder.number64('the mod-sequence')
      } else if (modifier === 'PARTIAL' && !partial) {
        decoder.space('the range of PARTIAL')
        partial = partialRange(decoder)
      } else if (modifier === 'VANISHED' && !vanished) vanished = true
      else decoder.refuse('expected CHANGEDSINCE, VANISHED or PARTIAL, once each, as modifiers')
    })
  // RFC 7162 §3.2.6: VANISHED is for UID FETCH with CHANGEDSINCE alone, else BAD.
  if (vanished && (!uid || changedSince === null)) decoder.refuse('VANISHED goes with UID FETCH and CHANGEDSINCE only')
  // RFC 9394 §3.3.
  if (partial && !uid) decoder.refuse('PARTIAL goes with UID FETCH only')
  return { name: 'FETCH', uid, set, items, changedSince, vanished, partial }
}

/** Items in parentheses, without macros. */
export function itemList(decoder: Decoder): FetchItem[] {
  return decoder.filledList('the items', () => fetchItem(decoder, decoder.word('an item')), FETCH_ITEMS)
}

function fetchItems(decoder: Decoder): FetchItem[] {
  if (decoder.sees('(')) return itemList(decoder)
  const name = decoder.word('the items')
  return macros.get(name)?.slice() ?? [fetchItem(decoder, name)]
}

function fetchItem(decoder: Decoder, name: string): FetchItem {
  if (decoder.takes('[')) return sectionItem(decoder, name)
  const plain = plainItems.get(name)
  if (plain !== undefined) return { item: plain }
  switch (name) {
    // The three of RFC 3501 §6.4.5 that are BODY[…] by another name.
    case 'RFC822':
      return whole(name, 'ALL', false)
    case 'RFC822.HEADER':
      return whole(name, 'HEADER', true)
    case 'RFC822.TEXT':
      return whole(name, 'TEXT', false)
    case 'PREVIEW':
      return { item: 'PREVIEW', lazy: decoder.takesText(' (LAZY)') }
    case 'BODY.PEEK':
    case 'BINARY':
    case 'BINARY.PEEK':
    case 'BINARY.SIZE':
      return decoder.fail(`a section in brackets behind ${name}`)
    default:
      return decoder.refuse('unknown item')
  }
}

function sectionItem(decoder: Decoder, name: string): FetchItem {
  switch (name) {
    case 'BODY':
    case 'BODY.PEEK': {
      const asked = section(decoder)
      const part = partial(decoder)
      return {
        item: 'SECTION',
        name: `BODY${formatSection(asked, part)}`,
        section: asked,
        peek: name === 'BODY.PEEK',
        partial: part,
      }
    }
    case 'BINARY':
    case 'BINARY.PEEK': {
      const part = binarySection(decoder)
      return { item: 'BINARY', part, peek: name === 'BINARY.PEEK', partial: partial(decoder) }
    }
    case 'BINARY.SIZE':
      return { item: 'BINARY.SIZE', part: binarySection(decoder) }
    default:
      return decoder.refuse('only BODY and BINARY items take a section')
  }
}

function whole(name: string, text: 'ALL' | 'HEADER' | 'TEXT', peek: boolean): FetchItem {
  return { item: 'SECTION', name, section: { part: [], text, fields: [] }, peek, partial: null }
}
