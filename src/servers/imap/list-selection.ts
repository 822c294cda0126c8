/** Which mailboxes a LIST or LSUB answers with, and what it says of them (RFC 9051 §6.3.9, RFC 3501 §6.3.9). No input or output. */
import { superiorOf } from '../../mail/mailbox-name.ts'
import type { MailboxRow } from '../../store/types.ts'
import type { ListArguments } from '../../wire/imap/command.ts'
import type { ListedMailbox } from '../../wire/imap/responses.ts'
import { listPattern, type NameMatcher } from './list-pattern.ts'
import { mailboxAttributes } from './mailbox-attributes.ts'

export interface ListEntry extends ListedMailbox {
  /** The mailbox, where it exists and was itself asked for: only such have a STATUS (RFC 9051 §6.3.9.2). */
  row: MailboxRow | null
}

/** A name of the hierarchy: of a mailbox, of a subscription without one, or of what only has inferiors. */
interface Name {
  row: MailboxRow | null
  subscribed: boolean
  /** It meets the selection options. */
  selected: boolean
  hasChildren: boolean
  /** Names below it that meet the selection options, and whether one of those does not match the patterns. */
  selectedBelow: boolean
  selectedBelowUnmatched: boolean
}

type Asked = Pick<ListArguments, 'lsub' | 'reference' | 'patterns' | 'select' | 'return'>

export function selectForList(
  rows: readonly MailboxRow[],
  subscriptions: readonly string[],
  asked: Asked,
): ListEntry[] {
  const matchers = asked.patterns.map(pattern => listPattern(asked.reference, pattern))
  const matchesAny: NameMatcher = name => matchers.some(matches => matches(name))
  const names = hierarchy(rows, subscriptions, asked, matchesAny)
  const entries: ListEntry[] = []
  for (const [name, facts] of [...names].sort(([a], [b]) => compareNames(a, b))) {
    if (!matchesAny(name)) continue
    const entry = asked.lsub ? lsubEntry(name, facts, asked) : listEntry(name, facts, asked)
    if (entry) entries.push(entry)
  }
  return entries
}

function listEntry(name: string, facts: Name, asked: Asked): ListEntry | null {
  const { row, selected, selectedBelow, selectedBelowUnmatched, hasChildren } = facts
  const byChildren =
    selectedBelowUnmatched &&
    (asked.select.recursiveMatch || (!row && !asked.select.subscribed && !asked.select.specialUse))
  if (!selected && !byChildren) return null
  const attributes: string[] = []
  // The second follows from the first (RFC 5258 §3), for clients that know that extension.
  if (!row) attributes.push('\\NonExistent', '\\Noselect')
  if (facts.subscribed && (asked.select.subscribed || asked.return.subscribed)) attributes.push('\\Subscribed')
  attributes.push(hasChildren ? '\\HasChildren' : '\\HasNoChildren')
  if (row) attributes.push(...mailboxAttributes(row))
  const childInfo = asked.select.recursiveMatch && selectedBelow ? criteriaOf(asked) : []
  return { name, attributes, childInfo, row: selected ? row : null }
}

/** RFC 3501 §6.3.9: what is not subscribed is only listed where "%" hides a subscribed name below it, as \Noselect. */
function lsubEntry(name: string, { row, selected, selectedBelowUnmatched }: Name, asked: Asked): ListEntry | null {
  if (selected) return { name, attributes: row ? mailboxAttributes(row) : [], row: null }
  const hides = selectedBelowUnmatched && asked.patterns.some(pattern => pattern.includes('%'))
  return hides ? { name, attributes: ['\\Noselect'], row: null } : null
}

function hierarchy(
  rows: readonly MailboxRow[],
  subscriptions: readonly string[],
  { select }: Asked,
  matchesAny: NameMatcher,
): Map<string, Name> {
  const names = new Map<string, Name>()
  const nameOf = (name: string): Name => {
    let facts = names.get(name)
    if (!facts) {
      facts = {
        row: null,
        subscribed: false,
        selected: false,
        hasChildren: false,
        selectedBelow: false,
        selectedBelowUnmatched: false,
      }
      names.set(name, facts)
    }
    return facts
  }
  for (const row of rows) nameOf(row.name).row = row
  for (const name of subscriptions) if (select.subscribed || names.has(name)) nameOf(name).subscribed = true
  for (const [name, facts] of [...names]) {
    facts.selected =
      (select.subscribed ? facts.subscribed : facts.row !== null) && (!select.specialUse || !!facts.row?.specialUse)
    const unmatched = facts.selected && !matchesAny(name)
    for (let above = superiorOf(name); above !== null; above = superiorOf(above)) {
      const superior = nameOf(above)
      if (facts.row) superior.hasChildren = true
      if (facts.selected) superior.selectedBelow = true
      if (unmatched) superior.selectedBelowUnmatched = true
    }
  }
  return names
}

const criteriaOf = ({ select }: Asked): string[] => [
  ...(select.subscribed ? ['SUBSCRIBED'] : []),
  ...(select.specialUse ? ['SPECIAL-USE'] : []),
]

/** INBOX first; inferiors right behind their superior. */
function compareNames(a: string, b: string): number {
  const keyA = sortKey(a)
  const keyB = sortKey(b)
  return keyA < keyB ? -1 : keyA > keyB ? 1 : 0
}

const sortKey = (name: string): string => (/^INBOX(?=$|\/)/.test(name) ? '\0' : '') + name.replaceAll('/', '\0')
