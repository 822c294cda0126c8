/**
 * What a client is told of the names of its mailboxes, and of what it subscribes to, by LIST (RFC 5465 §5.4, §5.5). No input or output.
 *
 * Each line is true of what was told before it: a client that follows them one by one ends with the names there are, however
 * many renamings lie between two looks.
 */
import { isInferior, superiorOf } from '../../mail/mailbox-name.ts'
import type { MailboxId, MailboxRow } from '../../store/types.ts'
import type { ListedMailbox } from '../../wire/imap/responses.ts'
import { type Interests, Watch } from './interests.ts'
import { TOLD_RENAMINGS } from './limits.ts'
import { mailboxAttributes } from './mailbox-attributes.ts'

export interface Changed {
  before: MailboxRow | undefined
  row: MailboxRow
}

interface Renamed extends Changed {
  before: MailboxRow
}

export interface ChangedNames {
  interests: Interests
  /** All mailboxes as they are now. */
  mailboxes: ReadonlyMap<MailboxId, MailboxRow>
  gone: readonly MailboxRow[]
  changed: readonly Changed[]
}

export interface ToldNames {
  lists: ListedMailbox[]
  /** Those whose new name follows from that of a superior. */
  along: ReadonlySet<Changed>
}

export function toldNames({ interests, mailboxes, gone, changed }: ChangedNames): ToldNames {
  const watches = (
    { name, subscribed }: Pick<MailboxRow, 'name' | 'subscribed'>,
    events: number = Watch.Names,
  ): boolean => (interests.of(name, subscribed) & events) !== 0
  const renamed = changed
    .filter((each): each is Renamed => each.before !== undefined && each.before.name !== each.row.name)
    .filter(({ before, row }) => watches(before) || watches(row))
  const made = changed.filter(({ before }) => !before).map(({ row }) => row)
  const superiors = superiorsOf([...gone, ...made])
  const lines = new Lines(mailboxes)
  for (const row of gone) if (watches(row)) lines.gone(row.name)
  const believed = renamed.length > 0 ? new Believed(mailboxes, changed) : null
  if (believed) for (const { row, oldName } of tellable(renamed, believed)) lines.there(row.name, oldName)
  const unfit = believed ? believed.unfit(mailboxes) : []
  for (const { name } of unfit) if (watches({ name, subscribed: false })) lines.gone(name)
  for (const { row } of unfit) if (watches(row)) lines.there(row.name)
  const along = new Set<Changed>(
    renamed.filter(({ row }) => believed?.nameOf(row.mailboxId) === row.name && !lines.tells(row.name)),
  )
  for (const each of changed) {
    const { before, row } = each
    const isOther = before ? before.subscribed !== row.subscribed : row.subscribed
    // Subscriptions are to names: one that went along may have come to a name that is subscribed to.
    const subscription = before && before.name !== row.name ? row.subscribed : isOther
    if (!before && watches(row)) lines.there(row.name)
    else if (subscription && watches({ name: row.name, subscribed: true }, Watch.Subscriptions)) lines.there(row.name)
  }
  // Of one that comes or goes its superior is affected too, which has inferiors now, or has them no longer.
  for (const name of superiors) if (watches(lines.rowOf(name) ?? { name, subscribed: false })) lines.either(name)
  return { lists: lines.all, along }
}

/** The answers, each with the attributes that the name has now. */
class Lines {
  readonly all: ListedMailbox[] = []
  readonly #mailboxes: ReadonlyMap<MailboxId, MailboxRow>
  readonly #told = new Set<string>()
  /** Made where one is to be told. */
  #tree: { rows: Map<string, MailboxRow>; superiors: Set<string> } | null = null

  constructor(mailboxes: ReadonlyMap<MailboxId, MailboxRow>) {
    this.#mailboxes = mailboxes
  }

  rowOf(name: string): MailboxRow | undefined {
    return this.#names().rows.get(name)
  }

  /** Whether the name was told as it is now. */
  tells(name: string): boolean {
    return this.#told.has(name)
  }

  /** Also where another mailbox has the name by now, of which a line behind tells. */
  gone(name: string): void {
    if (!this.rowOf(name)) this.#told.add(name)
    this.all.push({ name, attributes: ['\\NonExistent', this.#children(name)] })
  }

  there(name: string, oldName?: string): void {
    const row = this.rowOf(name)
    if (!row || this.#told.has(name)) return
    this.#told.add(name)
    const subscribed = row.subscribed ? ['\\Subscribed'] : []
    const attributes = [...subscribed, this.#children(name), ...mailboxAttributes(row)]
    this.all.push({ name, attributes, ...(oldName !== undefined && { oldName }) })
  }

  either(name: string): void {
    if (this.rowOf(name)) this.there(name)
    else if (!this.#told.has(name)) this.gone(name)
  }

  #children(name: string): string {
    return this.#names().superiors.has(name) ? '\\HasChildren' : '\\HasNoChildren'
  }

  #names(): { rows: Map<string, MailboxRow>; superiors: Set<string> } {
    if (this.#tree) return this.#tree
    const rows = new Map<string, MailboxRow>()
    const superiors = new Set<string>()
    for (const row of this.#mailboxes.values()) {
      rows.set(row.name, row)
      for (let at = superiorOf(row.name); at !== null && !superiors.has(at); at = superiorOf(at)) superiors.add(at)
    }
    return (this.#tree = { rows, superiors })
  }
}

/** What the client believes that each mailbox is called, line by line. */
class Believed {
  readonly #names = new Map<MailboxId, string>()
  readonly #ids = new Map<string, MailboxId>()

  constructor(mailboxes: ReadonlyMap<MailboxId, MailboxRow>, changed: readonly Changed[]) {
    for (const { mailboxId, name } of mailboxes.values()) this.#names.set(mailboxId, name)
    for (const { before, row } of changed)
      if (before) this.#names.set(row.mailboxId, before.name)
      else this.#names.delete(row.mailboxId)
    for (const [id, name] of this.#names) this.#ids.set(name, id)
  }

  nameOf(id: MailboxId): string | undefined {
    return this.#names.get(id)
  }

  isFree(name: string): boolean {
    return !this.#ids.has(name)
  }

  /** With its inferiors. */
  rename(id: MailboxId, to: string): void {
    const from = this.#names.get(id)!
    const moved = [...this.#names].filter(([other, name]) => other === id || isInferior(name, from))
    for (const [, name] of moved) this.#ids.delete(name)
    for (const [other, name] of moved) {
      const next = to + name.slice(from.length)
      this.#names.set(other, next)
      this.#ids.set(next, other)
    }
  }

  /** Those that are called otherwise now, with the name that stands for nothing, or for another. */
  unfit(mailboxes: ReadonlyMap<MailboxId, MailboxRow>): { name: string; row: MailboxRow }[] {
    const unfit: { name: string; row: MailboxRow }[] = []
    for (const [id, name] of this.#names) {
      const row = mailboxes.get(id)
      if (row && row.name !== name) unfit.push({ name, row })
    }
    return unfit
  }
}

/** Renamings in an order in which each can be followed: names that are free before those that take them, inner ones first. */
function tellable(renamed: readonly Renamed[], believed: Believed): (Renamed & { oldName: string })[] {
  const told: (Renamed & { oldName: string })[] = []
  let waiting = withoutAlong(renamed)
    .map(each => ({ each, levels: each.before.name.split('/').length }))
    .sort((a, b) => b.levels - a.levels)
    .map(({ each }) => each)
  for (let before = -1; told.length > before && told.length < TOLD_RENAMINGS; ) {
    before = told.length
    const left: Renamed[] = []
    for (const each of waiting) {
      const { mailboxId, name } = each.row
      const oldName = believed.nameOf(mailboxId)!
      if (oldName === name) continue
      if (told.length < TOLD_RENAMINGS && believed.isFree(name) && !isInferior(name, oldName)) {
        believed.rename(mailboxId, name)
        told.push({ ...each, oldName })
      } else left.push(each)
    }
    waiting = left
  }
  return told
}

/** RFC 5465 §5.4: of inferiors that went along nothing is said. */
function withoutAlong(renamed: readonly Renamed[]): Renamed[] {
  const newNames = new Map(renamed.map(({ before, row }) => [before.name, row.name]))
  return renamed.filter(({ before, row }) => {
    let from = before.name
    let to = row.name
    for (;;) {
      const [upFrom, upTo] = [superiorOf(from), superiorOf(to)]
      if (upFrom === null || upTo === null || from.slice(upFrom.length) !== to.slice(upTo.length)) return true
      if (newNames.get(upFrom) === upTo) return false
      from = upFrom
      to = upTo
    }
  })
}

function superiorsOf(rows: readonly MailboxRow[]): Set<string> {
  const superiors = new Set<string>()
  for (const { name } of rows) {
    const superior = superiorOf(name)
    if (superior !== null) superiors.add(superior)
  }
  return superiors
}
