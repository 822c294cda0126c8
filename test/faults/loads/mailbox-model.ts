/** Two mailboxes of one account as their only client knows them, and the one command it has no answer to. */
export const boxes = ['INBOX', 'Other'] as const
export type Box = (typeof boxes)[number]

export interface Entry {
  id: string
  /** In order. */
  flags: readonly string[]
}

export type Contents = Record<Box, Map<number, Entry>>

/** A command: what is left of what was there, and what comes to it under UIDs that are not known yet. */
export interface Change {
  text: string
  /** UIDs that go. */
  removed?: { box: Box; uids: readonly number[] }
  /** In order of their UIDs. */
  added?: { box: Box; entries: readonly Entry[] }
  flagged?: { box: Box; uids: readonly number[]; flags: (before: readonly string[]) => readonly string[] }
}

/** What answers said of a mailbox's numbers. Whatever happens then, none of them goes back (RFC 9051 §2.3.1.1, RFC 7162 §3.1). */
export class Told {
  uidNext = 0
  highestModseq = 0
  /** By UID. */
  readonly modseqs = new Map<number, number>()

  /** Takes the lines of an answer in this mailbox. */
  hear(lines: readonly string[]): void {
    for (const line of lines) {
      this.uidNext = Math.max(this.uidNext, numberIn(line, /\[UIDNEXT (\d+)\]/))
      this.highestModseq = Math.max(this.highestModseq, numberIn(line, /\[HIGHESTMODSEQ (\d+)\]/))
      const uid = numberIn(line, /^\* \d+ FETCH \(.*\bUID (\d+)/)
      if (uid > 0) this.modseqs.set(uid, Math.max(this.modseqs.get(uid) ?? 0, numberIn(line, /\bMODSEQ \((\d+)\)/)))
    }
  }

  /** Takes the UIDs that messages were given. */
  given(uids: readonly number[]): void {
    for (const uid of uids) this.uidNext = Math.max(this.uidNext, uid + 1)
  }
}

const numberIn = (line: string, wanted: RegExp): number => Number(wanted.exec(line)?.[1] ?? 0)

export class MailboxModel {
  readonly contents: Contents = { INBOX: new Map(), Other: new Map() }
  readonly told: Record<Box, Told> = { INBOX: new Told(), Other: new Told() }
  /** Sent and not answered, or refused where that doesn't say that it wasn't done. */
  pending: Change | null = null

  /** Takes a change that was answered OK; `uids` are those the answer told of what was added. */
  apply({ removed, added, flagged }: Change, uids: readonly number[]): void {
    if (added) this.told[added.box].given(uids)
    for (const uid of removed?.uids ?? []) this.contents[removed!.box].delete(uid)
    for (const [index, uid] of uids.entries()) {
      const entry = added?.entries[index]
      if (added && entry) this.contents[added.box].set(uid, entry)
    }
    for (const uid of flagged?.uids ?? []) {
      const entry = this.contents[flagged!.box].get(uid)
      if (entry) this.contents[flagged!.box].set(uid, { ...entry, flags: flagged!.flags(entry.flags) })
    }
  }

  /** What is wrong with what was found; null where it is as it was told, with all of the pending change or with nothing of it. Goes on from there. */
  reconcile(found: Contents): string | null {
    const asBefore = difference(this, null, found)
    const pending = this.pending
    this.pending = null
    if (asBefore !== null && pending !== null) {
      const without = new MailboxModel()
      for (const box of boxes) for (const [uid, entry] of this.contents[box]) without.contents[box].set(uid, entry)
      without.apply(pending, [])
      for (const box of boxes) without.told[box].uidNext = this.told[box].uidNext
      const withAll = difference(without, pending, found)
      if (withAll !== null) return `neither as before "${pending.text}" (${asBefore}) nor as after it (${withAll})`
    } else if (asBefore !== null) return asBefore
    for (const box of boxes) {
      this.contents[box].clear()
      for (const [uid, entry] of found[box]) this.contents[box].set(uid, entry)
    }
    return null
  }
}

const shown = ({ id, flags }: Entry): string => `${id} (${flags.join(' ')})`

function difference(
  { contents: expected, told }: MailboxModel,
  pending: Change | null,
  found: Contents,
): string | null {
  for (const box of boxes) {
    const others = new Map(found[box])
    let last = 0
    for (const [uid, entry] of expected[box]) {
      const there = others.get(uid)
      others.delete(uid)
      last = Math.max(last, uid)
      if (!there) return `${box} lacks ${uid} ${shown(entry)}`
      if (shown(there) !== shown(entry)) return `${uid} in ${box} is ${shown(there)} instead of ${shown(entry)}`
    }
    const added = pending?.added?.box === box ? pending.added.entries : []
    const more = [...others].map(([, entry]) => shown(entry))
    if (more.join() !== added.map(shown).join())
      return `${box} has besides ${more.join(', ') || 'nothing'} instead of ${added.map(shown).join(', ') || 'nothing'}`
    for (const uid of others.keys())
      if (uid <= last || uid < told[box].uidNext)
        return `${uid} in ${box} is no new UID: UIDNEXT was told as ${told[box].uidNext}`
  }
  return null
}
