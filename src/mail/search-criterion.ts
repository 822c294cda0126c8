/**
 * SEARCH keys (RFC 9051 §6.4.4) as what has to be found out: what the view knows, what the store can test by itself, and last
 * what only the texts of messages tell.
 */
import type { TextSearch } from '../store/types/texts.ts'
import type { MessageConditions, MessageRow } from '../store/types.ts'
import type { SearchDayKey, SearchKey } from '../wire/imap/command.ts'
import { casemap } from '../wire/mime/casemap.ts'
import { DAY } from './day.ts'
import type { Run } from './mailbox-view.ts'
import { emailObjectId, threadObjectId } from './object-id.ts'

export type Criterion =
  | { by: 'view'; runs: Run[] }
  | { by: 'conditions'; conditions: MessageConditions }
  | { by: 'row'; test: (row: MessageRow) => boolean }
  | { by: 'sent-day'; from: number; before: number }
  | { by: 'text'; search: TextSearch }
  /** Of none: every message. */
  | { by: 'all'; of: Criterion[] }
  /** Of none: no message. */
  | { by: 'any'; of: Criterion[] }
  | { by: 'not'; of: Criterion }

export interface CriterionContext {
  /** Milliseconds since 1970. */
  now: number
  /** The messages that are \Recent. */
  recent(): Run[]
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
    case 'RECENT': {
      const recent: Criterion = { by: 'view', runs: context.recent() }
      return key.present ? recent : not(recent)
    }
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
    case 'BODY':
    case 'TEXT':
      return { by: 'text', search: { in: placeOf[key.key], text: casemap(key.text) } }
    case 'HEADER':
      return { by: 'text', search: { in: 'header', name: casemap(key.field), text: casemap(key.text) } }
    case 'NOT':
      return not(criterionOf(key.of, context))
    case 'OR':
      return any([criterionOf(key.left, context), criterionOf(key.right, context)])
    case 'AND':
      return all(key.of.map(of => criterionOf(of, context)))
  }
}

const everything: Criterion = { by: 'all', of: [] }

/** From what costs nothing to what costs most. */
const costs: Criterion['by'][] = ['view', 'conditions', 'row', 'sent-day', 'text']

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
  const texts: TextSearch[] = []
  for (const each of criteria.flatMap(each => (each.by === 'all' ? each.of : each)))
    if (each.by === 'conditions') together = together ? mergeConditions(together, each.conditions) : each.conditions
    else if (each.by === 'text') texts.push(each.search)
    else rest.push(each)
  if (together) rest.push(conditions(together))
  if (texts.length > 0) rest.push({ by: 'text', search: texts.length === 1 ? texts[0]! : { all: texts } })
  return rest.length === 1 ? rest[0]! : { by: 'all', of: byCost(rest) }
}

/** One of them, the cheapest first; a text is looked at once for all. */
function any(criteria: Criterion[]): Criterion {
  const rest: Criterion[] = []
  const texts: TextSearch[] = []
  for (const each of criteria.flatMap(each => (each.by === 'any' ? each.of : each)))
    if (each.by === 'text') texts.push(each.search)
    else rest.push(each)
  if (texts.length > 0) rest.push({ by: 'text', search: texts.length === 1 ? texts[0]! : { any: texts } })
  return rest.length === 1 ? rest[0]! : { by: 'any', of: byCost(rest) }
}

const not = (criterion: Criterion): Criterion =>
  criterion.by === 'text' ? { by: 'text', search: { not: criterion.search } } : { by: 'not', of: criterion }

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

const placeOf = {
  FROM: 'from',
  TO: 'to',
  CC: 'cc',
  BCC: 'bcc',
  SUBJECT: 'subject',
  BODY: 'body',
  TEXT: 'message',
} as const

/** RFC 9051 §6.4.4: the times of a day, whatever its zone, from its midnight to the next. */
function daysOf({ key, day }: { key: SearchDayKey; day: number }): { from: number; before: number } {
  return {
    from: key.endsWith('BEFORE') ? Number.MIN_SAFE_INTEGER : day,
    before: key.endsWith('SINCE') ? Number.MAX_SAFE_INTEGER : key.endsWith('BEFORE') ? day : day + DAY,
  }
}
