/**
 * SEARCH keys (RFC 9051 §6.4.4) as what has to be found out: what the view knows, what the store can test by itself, and last
 * what only the message tells.
 */
import type { MessageConditions, MessageRow, MessageWithIndex, SearchField } from '../store/types.ts'
import type { SearchDayKey, SearchKey } from '../wire/imap/command.ts'
import { casemap } from '../wire/mime/casemap.ts'
import { DAY } from './day.ts'
import type { Run } from './mailbox-view.ts'
import { emailObjectId, threadObjectId } from './object-id.ts'
import { searchBody, searchHeaderField, searchWhole } from './search-content.ts'

export type Criterion =
  | { by: 'view'; runs: Run[] }
  | { by: 'conditions'; conditions: MessageConditions }
  | { by: 'row'; test: (row: MessageRow) => boolean }
  | { by: 'sent-day'; from: number; before: number }
  | { by: 'field'; field: SearchField; text: string }
  | { by: 'content'; test: ContentTest }
  /** Of none: every message. */
  | { by: 'all'; of: Criterion[] }
  /** Of none: no message. */
  | { by: 'any'; of: Criterion[] }
  | { by: 'not'; of: Criterion }

export type ContentTest = (candidate: Candidate) => boolean | Promise<boolean>

export interface Candidate {
  message: MessageWithIndex
  /** The message's bytes, read once. */
  bytes(): Promise<Uint8Array>
}

export interface CriterionContext {
  /** Milliseconds since 1970. */
  now: number
  /** The messages a client's set names. */
  resolve(key: Extract<SearchKey, { key: 'SET' }>): Run[]
}

export function criterionOf(key: SearchKey, context: CriterionContext): Criterion {
  switch (key.key) {
    case 'ALL':
    // RFC 8514 §4.3: every message has a save date here.
    case 'SAVEDATESUPPORTED':
      return everything
    case 'FLAG':
      return conditions(key.present ? { flagsSet: key.bit } : { flagsUnset: key.bit })
    case 'KEYWORD':
      return keyword(key.keyword, key.present)
    // No message is ever recent (RFC 9051 dropped the flag).
    case 'RECENT':
      return key.present ? nothing : everything
    case 'SET':
      return { by: 'view', runs: context.resolve(key) }
    case 'BEFORE':
    case 'ON':
    case 'SINCE': {
      const { from, before } = daysOf(key)
      return conditions({ internalFrom: from, internalBefore: before })
    }
    case 'SAVEDBEFORE':
    case 'SAVEDON':
    case 'SAVEDSINCE': {
      const { from, before } = daysOf(key)
      return conditions({ savedFrom: from, savedBefore: before })
    }
    case 'SENTBEFORE':
    case 'SENTON':
    case 'SENTSINCE':
      return { by: 'sent-day', ...daysOf(key) }
    case 'LARGER':
      return conditions({ sizeAbove: key.bytes })
    case 'SMALLER':
      return conditions({ sizeBelow: key.bytes })
    // RFC 5032 §3: by the internal date, to the second.
    case 'OLDER':
      return conditions({ internalBefore: context.now - key.seconds * 1000 + 1 })
    case 'YOUNGER':
      return conditions({ internalFrom: context.now - key.seconds * 1000 })
    case 'MODSEQ':
      return conditions({ modseqFrom: key.modseq })
    case 'EMAILID':
      return { by: 'row', test: row => emailObjectId(row.emailId) === key.id }
    case 'THREADID':
      return { by: 'row', test: row => threadObjectId(row.threadId) === key.id }
    case 'FROM':
    case 'TO':
    case 'CC':
    case 'BCC':
    case 'SUBJECT':
      return { by: 'field', field: searchField[key.key], text: casemap(key.text) }
    case 'HEADER':
      return header(key.field, casemap(key.text))
    case 'BODY':
      return content(casemap(key.text), searchBody)
    case 'TEXT':
      return content(casemap(key.text), searchWhole)
    case 'NOT':
      return not(criterionOf(key.of, context))
    case 'OR':
      return any([criterionOf(key.left, context), criterionOf(key.right, context)])
    case 'AND':
      return all(key.of.map(of => criterionOf(of, context)))
  }
}

const everything: Criterion = { by: 'all', of: [] }
const nothing: Criterion = { by: 'any', of: [] }

/** From what costs nothing to what costs most. */
const costs: Criterion['by'][] = ['view', 'conditions', 'row', 'sent-day', 'field', 'content']

function costOf(criterion: Criterion): number {
  if (criterion.by === 'not') return costOf(criterion.of)
  if (criterion.by === 'all' || criterion.by === 'any') return Math.max(0, ...criterion.of.map(costOf))
  return costs.indexOf(criterion.by)
}

const byCost = (criteria: Criterion[]): Criterion[] => criteria.sort((a, b) => costOf(a) - costOf(b))

/** All of them, the cheapest first; what can be found out together is one. */
function all(criteria: Criterion[]): Criterion {
  const rest: Criterion[] = []
  let together: MessageConditions | null = null
  let contents: ContentTest | null = null
  for (const each of criteria.flatMap(each => (each.by === 'all' ? each.of : each)))
    if (each.by === 'conditions') together = together ? mergeConditions(together, each.conditions) : each.conditions
    else if (each.by === 'content') contents = contents ? decidedBy(false, contents, each.test) : each.test
    else rest.push(each)
  if (together) rest.push(conditions(together))
  if (contents) rest.push({ by: 'content', test: contents })
  return rest.length === 1 ? rest[0]! : { by: 'all', of: byCost(rest) }
}

/** One of them, the cheapest first; a message is read once for all. */
function any(criteria: Criterion[]): Criterion {
  const rest: Criterion[] = []
  let contents: ContentTest | null = null
  for (const each of criteria.flatMap(each => (each.by === 'any' ? each.of : each)))
    if (each.by === 'content') contents = contents ? decidedBy(true, contents, each.test) : each.test
    else rest.push(each)
  if (contents) rest.push({ by: 'content', test: contents })
  return rest.length === 1 ? rest[0]! : { by: 'any', of: byCost(rest) }
}

function not(criterion: Criterion): Criterion {
  if (criterion.by !== 'content') return { by: 'not', of: criterion }
  const { test } = criterion
  return { by: 'content', test: async candidate => !(await test(candidate)) }
}

/** The first test where it gives `answer`, else the second. */
const decidedBy =
  (answer: boolean, first: ContentTest, second: ContentTest): ContentTest =>
  async candidate =>
    (await first(candidate)) === answer ? answer : second(candidate)

const conditions = (conditions: MessageConditions): Criterion => ({ by: 'conditions', conditions })

const bits = (a: number, b: number): number => a | b
const merging: Record<keyof MessageConditions, (a: number, b: number) => number> = {
  flagsSet: bits,
  flagsUnset: bits,
  sizeAbove: Math.max,
  sizeBelow: Math.min,
  internalFrom: Math.max,
  internalBefore: Math.min,
  savedFrom: Math.max,
  savedBefore: Math.min,
  modseqFrom: Math.max,
}

function mergeConditions(a: MessageConditions, b: MessageConditions): MessageConditions {
  const merged = { ...a }
  for (const name of Object.keys(merging) as (keyof MessageConditions)[]) {
    const [left, right] = [a[name], b[name]]
    if (right !== undefined) merged[name] = left === undefined ? right : merging[name](left, right)
  }
  return merged
}

function keyword(name: string, present: boolean): Criterion {
  const wanted = name.toLowerCase()
  return { by: 'row', test: row => row.flags.keywords.some(each => each.toLowerCase() === wanted) === present }
}

const searchField: Record<'FROM' | 'TO' | 'CC' | 'BCC' | 'SUBJECT', SearchField> = {
  FROM: 'from',
  TO: 'to',
  CC: 'cc',
  BCC: 'bcc',
  SUBJECT: 'subject',
}

const content = (wanted: string, find: (bytes: Uint8Array, wanted: string) => Promise<boolean>): Criterion => ({
  by: 'content',
  test: async candidate => find(await candidate.bytes(), wanted),
})

function header(field: string, wanted: string): Criterion {
  const fromMessage: ContentTest = async candidate => searchHeaderField(await candidate.bytes(), field, wanted)
  // Clients look for single messages by their ids: those that have one in its plain form are decided by the index.
  if (field.toLowerCase() !== 'message-id' || !/^[^\s"()\\]+$/.test(wanted)) return { by: 'content', test: fromMessage }
  return {
    by: 'content',
    test: candidate => {
      const id = candidate.message.index.messageId
      return id ? casemap(`<${id}>`).includes(wanted) : fromMessage(candidate)
    },
  }
}

/** RFC 9051 §6.4.4: the times of a day, whatever its zone, from its midnight to the next. */
function daysOf({ key, day }: { key: SearchDayKey; day: number }): { from: number; before: number } {
  return {
    from: key.endsWith('BEFORE') ? Number.MIN_SAFE_INTEGER : day,
    before: key.endsWith('SINCE') ? Number.MAX_SAFE_INTEGER : key.endsWith('BEFORE') ? day : day + DAY,
  }
}
