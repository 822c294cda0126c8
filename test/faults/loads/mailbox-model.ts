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

export class MailboxModel {
  readonly contents: Contents = { INBOX: new Map(), Other: new Map() }
  /** Sent and not answered, or refused where that doesn't say that it wasn't done. */
  pending: Change | null = null

  /** Takes a change that was answered OK; `uids` are those the answer told of what was added. */
  apply({ removed, added, flagged }: Change, uids: readonly number[]): void {
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
    const asBefore = difference(this.contents, null, found)
    const pending = this.pending
    this.pending = null
    if (asBefore !== null && pending !== null) {
      const without = new MailboxModel()
      for (const box of boxes) for (const [uid, entry] of this.contents[box]) without.contents[box].set(uid, entry)
      without.apply(pending, [])
      const withAll = difference(without.contents, pending, found)
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

function difference(expected: Contents, pending: Change | null, found: Contents): string | null {
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
    for (const uid of others.keys()) if (uid <= last) return `${uid} in ${box} is no new UID`
  }
  return null
}
