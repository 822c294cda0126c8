/**
 * SEARCH keys (RFC 9051 §6.4.4) as tests of one message, each with what it costs. Cheap ones are tried first, so that a
 * message's bytes are read only where nothing else decides.
 */
import type { EmailIndex, MessageRow, UidRange } from '../store/types.ts'
import type { SearchDayKey, SearchKey } from '../wire/imap/command.ts'
import { casemap } from '../wire/mime/casemap.ts'
import { emailObjectId, threadObjectId } from './object-id.ts'
import { searchBody, searchHeaderField, searchWhole } from './search-content.ts'

/** What a test looks at: the small row, what the store keeps ready for searching, or the message itself. */
export type Cost = 1 | 2 | 3

export interface Candidate {
  row: MessageRow
  /** null where no test asks for it. */
  index: EmailIndex | null
  /** The message's bytes, read once. */
  bytes(): Promise<Uint8Array>
  /** The day of the Date field as its writer's calendar had it, as milliseconds of midnight UTC; null without a date. */
  sentDay(): Promise<number | null>
}

export interface Criterion {
  cost: Cost
  test(candidate: Candidate): boolean | Promise<boolean>
}

export interface CriterionContext {
  /** Milliseconds since 1970. */
  now: number
  /** The UIDs a client's set names, ascending and apart. */
  resolve(key: Extract<SearchKey, { key: 'SET' }>): UidRange[]
}

const DAY = 86_400_000

export function criterionOf(key: SearchKey, context: CriterionContext): Criterion {
  switch (key.key) {
    case 'ALL':
    // RFC 8514 §4.3: every message has a save date here.
    case 'SAVEDATESUPPORTED':
      return onRow(() => true)
    case 'FLAG':
      return onRow(row => ((row.flags.system & key.bit) !== 0) === key.present)
    case 'KEYWORD':
      return keyword(key.keyword, key.present)
    // No message is ever recent (RFC 9051 dropped the flag).
    case 'RECENT':
      return onRow(() => !key.present)
    case 'SET': {
      const ranges = context.resolve(key)
      return onRow(row => inRanges(ranges, row.uid))
    }
    case 'BEFORE':
    case 'ON':
    case 'SINCE':
      return onRow(row => inDays(comparison[key.key], startOfDay(row.internalDate), key.day))
    case 'SAVEDBEFORE':
    case 'SAVEDON':
    case 'SAVEDSINCE':
      return onRow(row => inDays(comparison[key.key], startOfDay(row.saveDate), key.day))
    case 'SENTBEFORE':
    case 'SENTON':
    case 'SENTSINCE':
      return sent(comparison[key.key], key.day)
    case 'LARGER':
      return onRow(row => row.sizeBytes > key.bytes)
    case 'SMALLER':
      return onRow(row => row.sizeBytes < key.bytes)
    // RFC 5032 §3: by the internal date, to the second.
    case 'OLDER':
      return onRow(row => row.internalDate <= context.now - key.seconds * 1000)
    case 'YOUNGER':
      return onRow(row => row.internalDate >= context.now - key.seconds * 1000)
    case 'MODSEQ':
      return onRow(row => row.modseq >= key.modseq)
    case 'EMAILID':
      return onRow(row => emailObjectId(row.emailId) === key.id)
    case 'THREADID':
      return onRow(row => threadObjectId(row.threadId) === key.id)
    case 'FROM':
    case 'TO':
    case 'CC':
    case 'BCC':
    case 'SUBJECT':
      return onIndex(indexField[key.key], key.text)
    case 'HEADER':
      return header(key.field, key.text)
    case 'BODY':
      return onContent(key.text, searchBody)
    case 'TEXT':
      return onContent(key.text, searchWhole)
    case 'NOT':
      return not(criterionOf(key.of, context))
    case 'OR':
      return or(criterionOf(key.left, context), criterionOf(key.right, context))
    case 'AND':
      return and(key.of.map(of => criterionOf(of, context)))
  }
}

/** All of them, the cheapest first. */
export function and(criteria: Criterion[]): Criterion {
  const ordered = [...criteria].sort((a, b) => a.cost - b.cost)
  const cost = ordered.at(-1)?.cost ?? 1
  const from = (start: number, candidate: Candidate): boolean | Promise<boolean> => {
    for (let i = start; i < ordered.length; i++) {
      const matches = ordered[i]!.test(candidate)
      if (matches === false) return false
      if (matches !== true) return matches.then(yes => yes && from(i + 1, candidate))
    }
    return true
  }
  return { cost, test: candidate => from(0, candidate) }
}

function or(left: Criterion, right: Criterion): Criterion {
  const [first, second] = left.cost <= right.cost ? [left, right] : [right, left]
  return {
    cost: second.cost,
    test(candidate) {
      const matches = first.test(candidate)
      if (typeof matches === 'boolean') return matches || second.test(candidate)
      return matches.then(yes => yes || second.test(candidate))
    },
  }
}

function not({ cost, test }: Criterion): Criterion {
  return {
    cost,
    test(candidate) {
      const matches = test(candidate)
      return typeof matches === 'boolean' ? !matches : matches.then(yes => !yes)
    },
  }
}

const onRow = (test: (row: MessageRow) => boolean): Criterion => ({ cost: 1, test: ({ row }) => test(row) })

function keyword(name: string, present: boolean): Criterion {
  const wanted = name.toLowerCase()
  return onRow(row => row.flags.keywords.some(each => each.toLowerCase() === wanted) === present)
}

type IndexField = 'from' | 'to' | 'cc' | 'bcc' | 'subject'
const indexField: Record<'FROM' | 'TO' | 'CC' | 'BCC' | 'SUBJECT', IndexField> = {
  FROM: 'from',
  TO: 'to',
  CC: 'cc',
  BCC: 'bcc',
  SUBJECT: 'subject',
}

function onIndex(field: IndexField, text: string): Criterion {
  const wanted = casemap(text)
  return { cost: 2, test: ({ index }) => casemap(index?.[field] ?? '').includes(wanted) }
}

function onContent(text: string, find: (bytes: Uint8Array, wanted: string) => Promise<boolean>): Criterion {
  const wanted = casemap(text)
  return { cost: 3, test: async candidate => find(await candidate.bytes(), wanted) }
}

function header(field: string, text: string): Criterion {
  const wanted = casemap(text)
  const fromMessage = async (candidate: Candidate): Promise<boolean> =>
    searchHeaderField(await candidate.bytes(), field, wanted)
  // Clients look for single messages by their ids: those that have one in its plain form are decided by the index.
  if (field.toLowerCase() === 'message-id' && /^[^\s"()\\]+$/.test(wanted))
    return {
      cost: 2,
      test: candidate => {
        const id = candidate.index?.messageId
        return id ? casemap(`<${id}>`).includes(wanted) : fromMessage(candidate)
      },
    }
  return { cost: 3, test: fromMessage }
}

type Comparison = 'BEFORE' | 'ON' | 'SINCE'
const comparison: Record<SearchDayKey, Comparison> = {
  BEFORE: 'BEFORE',
  ON: 'ON',
  SINCE: 'SINCE',
  SENTBEFORE: 'BEFORE',
  SENTON: 'ON',
  SENTSINCE: 'SINCE',
  SAVEDBEFORE: 'BEFORE',
  SAVEDON: 'ON',
  SAVEDSINCE: 'SINCE',
}

const startOfDay = (time: number): number => Math.floor(time / DAY) * DAY

function inDays(how: Comparison, day: number, wanted: number): boolean {
  if (how === 'ON') return day === wanted
  return how === 'BEFORE' ? day < wanted : day >= wanted
}

/** The sender's day lies within one of that in UTC; where this does not decide, the Date field itself is asked. */
function sent(how: Comparison, wanted: number): Criterion {
  return {
    cost: 2,
    test(candidate) {
      const sentAt = candidate.index?.sentAt ?? null
      if (sentAt === null) return false
      const day = startOfDay(sentAt)
      if (Math.abs(day - wanted) > DAY) return inDays(how, day, wanted)
      return candidate.sentDay().then(own => own !== null && inDays(how, own, wanted))
    },
  }
}

function inRanges(ranges: readonly UidRange[], uid: number): boolean {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const { from, to } = ranges[middle]!
    if (uid < from) high = middle - 1
    else if (uid > to) low = middle + 1
    else return true
  }
  return false
}
