/**
 * Search keys (RFC 9051 §6.4.4 and RFC 3501 §6.4.4; MODSEQ: RFC 7162 §3.1.5; OLDER, YOUNGER: RFC 5032; SAVED…: RFC 8514 §4.3;
 * EMAILID, THREADID: RFC 8474 §6). Depth and number are limited: each key is tried on each message.
 */
import type { SearchDayKey, SearchKey, SearchTextKey } from './command.ts'
import { date } from './date-time.ts'
import type { Decoder } from './decoder.ts'
import { keyword, SystemFlag } from './flags.ts'
import { SEARCH_DEPTH, SEARCH_KEYS } from './limits.ts'
import type { DecodeText } from './search-charset.ts'
import { sequenceSet } from './sequence-set.ts'

const keyPattern = /[A-Za-z]+/y
const objectIdPattern = /[A-Za-z0-9_-]{1,255}/y
const entryTypePattern = /(?:all|priv|shared)(?= )/iy

interface Reading {
  decoder: Decoder
  text: DecodeText
  keys: number
}

type ReadKey = (reading: Reading, depth: number) => SearchKey

/** One key or several, which are then all to be met, up to the end of the command. */
export function searchKeys(decoder: Decoder, text: DecodeText): SearchKey {
  const reading: Reading = { decoder, text, keys: 0 }
  const keys = [searchKey(reading, 0)]
  while (decoder.takesSpace()) keys.push(searchKey(reading, 0))
  return allOf(keys)
}

const allOf = (keys: SearchKey[]): SearchKey => (keys.length === 1 && keys[0] ? keys[0] : { key: 'AND', of: keys })

function searchKey(reading: Reading, depth: number): SearchKey {
  const { decoder } = reading
  if (depth > SEARCH_DEPTH) decoder.refuse(`search keys nested more than ${SEARCH_DEPTH} deep`, 'NO', 'LIMIT')
  if (++reading.keys > SEARCH_KEYS) decoder.refuse(`more than ${SEARCH_KEYS} search keys`, 'NO', 'LIMIT')
  if (decoder.sees('('))
    return allOf(decoder.filledList('the search keys', () => searchKey(reading, depth + 1), SEARCH_KEYS))
  const name = decoder.matches(keyPattern)?.toUpperCase()
  if (name === undefined) {
    if (decoder.sees('"') || decoder.sees('{')) decoder.fail('a search key')
    return { key: 'SET', set: sequenceSet(decoder, 'a search key or a message set'), uid: false }
  }
  const read = readers.get(name)
  return read === undefined ? decoder.refuse('unknown search key') : read(reading, depth)
}

const flag =
  (bit: number, present: boolean): ReadKey =>
  () => ({ key: 'FLAG', bit, present })

const keywordKey =
  (present: boolean): ReadKey =>
  ({ decoder }) => {
    decoder.space('a keyword')
    return { key: 'KEYWORD', keyword: keyword(decoder), present }
  }

const textKey =
  (key: SearchTextKey): ReadKey =>
  reading => ({ key, text: searchText(reading, key) })

const dayKey =
  (key: SearchDayKey): ReadKey =>
  ({ decoder }) => {
    decoder.space(`the date of ${key}`)
    return { key, day: date(decoder, `the date of ${key}`) }
  }

const sizeKey =
  (key: 'LARGER' | 'SMALLER'): ReadKey =>
  ({ decoder }) => {
    decoder.space(`the size of ${key}`)
    return { key, bytes: decoder.number64(`the size of ${key}`) }
  }

const ageKey =
  (key: 'OLDER' | 'YOUNGER'): ReadKey =>
  ({ decoder }) => {
    decoder.space(`the seconds of ${key}`)
    return { key, seconds: decoder.nzNumber(`the seconds of ${key}`) }
  }

const idKey =
  (key: 'EMAILID' | 'THREADID'): ReadKey =>
  ({ decoder }) => {
    decoder.space(`the id of ${key}`)
    return { key, id: decoder.matches(objectIdPattern) ?? decoder.fail(`the id of ${key}`) }
  }

const readers: ReadonlyMap<string, ReadKey> = new Map<string, ReadKey>([
  ['ALL', () => ({ key: 'ALL' })],
  ['ANSWERED', flag(SystemFlag.Answered, true)],
  ['UNANSWERED', flag(SystemFlag.Answered, false)],
  ['DELETED', flag(SystemFlag.Deleted, true)],
  ['UNDELETED', flag(SystemFlag.Deleted, false)],
  ['DRAFT', flag(SystemFlag.Draft, true)],
  ['UNDRAFT', flag(SystemFlag.Draft, false)],
  ['FLAGGED', flag(SystemFlag.Flagged, true)],
  ['UNFLAGGED', flag(SystemFlag.Flagged, false)],
  ['SEEN', flag(SystemFlag.Seen, true)],
  ['UNSEEN', flag(SystemFlag.Seen, false)],
  ['KEYWORD', keywordKey(true)],
  ['UNKEYWORD', keywordKey(false)],
  ['RECENT', () => ({ key: 'RECENT', present: true })],
  ['OLD', () => ({ key: 'RECENT', present: false })],
  // NEW is RECENT UNSEEN (RFC 3501 §6.4.4).
  [
    'NEW',
    () => ({
      key: 'AND',
      of: [
        { key: 'RECENT', present: true },
        { key: 'FLAG', bit: SystemFlag.Seen, present: false },
      ],
    }),
  ],
  ['FROM', textKey('FROM')],
  ['TO', textKey('TO')],
  ['CC', textKey('CC')],
  ['BCC', textKey('BCC')],
  ['SUBJECT', textKey('SUBJECT')],
  ['BODY', textKey('BODY')],
  ['TEXT', textKey('TEXT')],
  ['HEADER', headerKey],
  ['BEFORE', dayKey('BEFORE')],
  ['ON', dayKey('ON')],
  ['SINCE', dayKey('SINCE')],
  ['SENTBEFORE', dayKey('SENTBEFORE')],
  ['SENTON', dayKey('SENTON')],
  ['SENTSINCE', dayKey('SENTSINCE')],
  ['SAVEDBEFORE', dayKey('SAVEDBEFORE')],
  ['SAVEDON', dayKey('SAVEDON')],
  ['SAVEDSINCE', dayKey('SAVEDSINCE')],
  ['SAVEDATESUPPORTED', () => ({ key: 'SAVEDATESUPPORTED' })],
  ['LARGER', sizeKey('LARGER')],
  ['SMALLER', sizeKey('SMALLER')],
  ['OLDER', ageKey('OLDER')],
  ['YOUNGER', ageKey('YOUNGER')],
  ['UID', uidKey],
  ['MODSEQ', modseqKey],
  ['EMAILID', idKey('EMAILID')],
  ['THREADID', idKey('THREADID')],
  ['NOT', notKey],
  ['OR', orKey],
])

function searchText({ decoder, text }: Reading, key: string): string {
  decoder.space(`the text of ${key}`)
  return text(decoder.astringBytes(`the text of ${key}`), `the text of ${key}`)
}

function headerKey(reading: Reading): SearchKey {
  reading.decoder.space('the field of HEADER')
  const field = reading.decoder.astring('the field of HEADER')
  return { key: 'HEADER', field, text: searchText(reading, 'HEADER') }
}

function uidKey({ decoder }: Reading): SearchKey {
  decoder.space('the UID set')
  return { key: 'SET', set: sequenceSet(decoder, 'the UID set'), uid: true }
}

/** The entry's name and type are read and left: mod-sequences are of messages here, not of single flags (RFC 7162 §3.1.5). */
function modseqKey({ decoder }: Reading): SearchKey {
  decoder.space('the mod-sequence')
  if (decoder.sees('"')) {
    decoder.string('the entry of MODSEQ')
    decoder.space('all, priv or shared')
    if (decoder.matches(entryTypePattern) === null) decoder.fail('all, priv or shared behind the entry of MODSEQ')
    decoder.space('the mod-sequence')
  }
  return { key: 'MODSEQ', modseq: decoder.number64('the mod-sequence') }
}

function notKey(reading: Reading, depth: number): SearchKey {
  reading.decoder.space('the search key of NOT')
  return { key: 'NOT', of: searchKey(reading, depth + 1) }
}

function orKey(reading: Reading, depth: number): SearchKey {
  reading.decoder.space('the first search key of OR')
  const left = searchKey(reading, depth + 1)
  reading.decoder.space('the second search key of OR')
  return { key: 'OR', left, right: searchKey(reading, depth + 1) }
}

/** Whether the test holds of one of the keys that it is made of. */
export function someKey(key: SearchKey, test: (key: SearchKey) => boolean): boolean {
  switch (key.key) {
    case 'NOT':
      return someKey(key.of, test)
    case 'OR':
      return someKey(key.left, test) || someKey(key.right, test)
    case 'AND':
      return key.of.some(each => someKey(each, test))
    default:
      return test(key)
  }
}
