/** Which mailboxes a LIST or LSUB answers with, and what it says of them (RFC 9051 §6.3.9, RFC 3501 §6.3.9). No input or output. */
import type { Breather } from '../../mail/breather.ts'
import { superiorOf } from '../../mail/mailbox-name.ts'
import { sortInSlices } from '../../mail/sort.ts'
import type { MailboxRow } from '../../store/types.ts'
import type { ListArguments } from '../../wire/imap/command.ts'
import type { ListedMailbox } from '../../wire/imap/responses.ts'
import { listPattern } from './list-pattern.ts'
import { mailboxAttributes } from './mailbox-attributes.ts'

export interface ListEntry extends ListedMailbox {
  /** The mailbox, where it exists and was itself asked for: only such have a STATUS (RFC 9051 §6.3.9.2). */
  row: MailboxRow | null
}

/** A name of the hierarchy: of a mailbox, of a subscription without one, or of what only has inferiors. */
interface Name {
  row: MailboxRow | null
  subscribed: boolean
  /** It is one of those that the patterns stand for. */
  matched: boolean
  /** It meets the selection options. */
  selected: boolean
  hasChildren: boolean
  /** Names below it that meet the selection options, and whether one of those does not match the patterns. */
  selectedBelow: boolean
  selectedBelowUnmatched: boolean
}

type Asked = Pick<ListArguments, 'lsub' | 'reference' | 'patterns' | 'select' | 'return' | 'extended'>

/** An account may have thousands of each: the loop turns meanwhile. */
export async function selectForList(
  rows: readonly MailboxRow[],
  subscriptions: readonly string[],
  asked: Asked,
  breather: Breather,
): Promise<ListEntry[]> {
  const names = await hierarchy(rows, subscriptions, asked, breather)
  const found: { key: string; entry: ListEntry }[] = []
  await breather.each(names, ([name, facts]) => {
    if (!facts.matched) return
    const entry = asked.lsub ? lsubEntry(name, facts, asked) : listEntry(name, facts, asked)
    if (entry) found.push({ key: sortKey(name), entry })
  })
  const sorted = await sortInSlices(found, (a, b) => (a.key < b.key ? -1 : 1), breather)
  return sorted.map(({ entry }) => entry)
}

function listEntry(name: string, facts: Name, asked: Asked): ListEntry | null {
  const { row, selected, selectedBelow, selectedBelowUnmatched, hasChildren } = facts
  const byChildren =
    selectedBelowUnmatched &&
    (asked.select.recursiveMatch || (!row && !asked.select.subscribed && !asked.select.specialUse))
  if (!selected && !byChildren) return null
  const attributes: string[] = []
  // \NonExistent implies \Noselect (RFC 9051 §6.3.9.4), and stands alone in the RFC's examples; who lists without options may not know it.
  if (!row) attributes.push('\\NonExistent', ...(asked.extended ? [] : ['\\Noselect']))
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

async function hierarchy(
  rows: readonly MailboxRow[],
  subscriptions: readonly string[],
  { reference, patterns, select }: Asked,
  breather: Breather,
): Promise<Map<string, Name>> {
  const matchers = patterns.map(pattern => listPattern(reference, pattern))
  const names = new Map<string, Name>()
  const nameOf = (name: string): Name => {
    const known = names.get(name)
    if (known) return known
    const facts = newName(matchers.some(matches => matches(name)))
    names.set(name, facts)
    return facts
  }
  await breather.each(rows, row => {
    nameOf(row.name).row = row
  })
  await breather.each(subscriptions, name => {
    if (select.subscribed || names.has(name)) nameOf(name).subscribed = true
  })
  for (const [name, facts] of [...names]) {
    facts.selected =
      (select.subscribed ? facts.subscribed : facts.row !== null) && (!select.specialUse || !!facts.row?.specialUse)
    for (let above = superiorOf(name); above !== null; above = superiorOf(above)) {
      // What a superior knows of those below it, its own superiors know.
      if (!tellSuperior(nameOf(above), facts)) break
      const pause = breather.pause()
      if (pause) await pause
    }
    const pause = breather.pause()
    if (pause) await pause
  }
  return names
}

const newName = (matched: boolean): Name => ({
  row: null,
  subscribed: false,
  matched,
  selected: false,
  hasChildren: false,
  selectedBelow: false,
  selectedBelowUnmatched: false,
})

/** Whether that was new to it. */
function tellSuperior(superior: Name, { row, selected, matched }: Name): boolean {
  const isNew =
    (row !== null && !superior.hasChildren) ||
    (selected && !superior.selectedBelow) ||
    (selected && !matched && !superior.selectedBelowUnmatched)
  if (row) superior.hasChildren = true
  if (selected) superior.selectedBelow = true
  if (selected && !matched) superior.selectedBelowUnmatched = true
  return isNew
}

const criteriaOf = ({ select }: Asked): string[] => [
  ...(select.subscribed ? ['SUBSCRIBED'] : []),
  ...(select.specialUse ? ['SPECIAL-USE'] : []),
]

/** INBOX first; inferiors right behind their superior. */
const sortKey = (name: string): string => (/^INBOX(?=$|\/)/.test(name) ? '\0' : '') + name.replaceAll('/', '\0')
