import { MESSAGES_AT_ONCE } from '../limits.ts'
import { foldKeyword, packKeywords, unpackKeywords } from '../rows/keywords.ts'
import { list, sql } from '../sql.ts'
import type { Transaction } from '../transaction.ts'
import { type AccountId, Flag, type Flags, type MailboxId, type Modseq, type Uid, type UidRange } from '../types.ts'
import { normaliseRanges } from '../uid-ranges.ts'
import { spellKeywords } from './keyword.ts'
import { countChange, currentModseq, nextModseq, requireMailbox } from './mailbox-rows.ts'
import type { Operation } from './operation.ts'

/** Messages that had the same flags before and so have the same ones after. */
interface Group {
  before: number
  after: Flags
  keywords: string
  unchanged: boolean
  uids: Uid[]
  /** Ranges in which every message selected is of the group, so that few statements change many rows. */
  runs: UidRange[]
}

/**
 * From so many rows a range on, ranges cost less than one list: a range takes half the time a row, but each statement in
 * a savepoint keeps pages of its own to undo itself, and the more of them the longer each takes.
 */
const rowsPerRange = 32

/** Works on groups of messages with the same flags: a mailbox of 20,000 has a few dozen of them. */
export const changeFlags: Operation<'message.flags'> = async (tx, args) => {
  const { accountId, mailboxId, mode, unchangedSince } = args
  const ranges = normaliseRanges(args.uids)
  const selected: [Uid, number, string, Modseq][][] = []
  let room = MESSAGES_AT_ONCE
  for (const { from, to } of ranges) {
    const rows = await tx.all<[Uid, number, string, Modseq]>(sql`
      SELECT uid, flags, keywords, modseq FROM message
      WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid BETWEEN ${from} AND ${to}
      ORDER BY uid LIMIT ${room}`)
    if (rows.length > 0) selected.push(rows)
    room -= rows.length
    if (room === 0) break
  }
  const upTo = room === 0 ? selected.at(-1)!.at(-1)![0] : null
  if (selected.length === 0) await requireMailbox(tx, accountId, mailboxId)

  const unmodified: Uid[] = []
  const touched: [Uid, Group][] = []
  const groups = new Map<string, Group>()
  const spelt =
    selected.length === 0 || mode === 'remove'
      ? args.flags.keywords
      : await spellKeywords(tx, accountId, mailboxId, args.flags.keywords, 'refuse')
  for (const rows of selected) {
    let last: Group | null = null
    for (const [uid, before, keywords, modseq] of rows) {
      if (unchangedSince !== null && modseq > unchangedSince) {
        unmodified.push(uid)
        last = null
        continue
      }
      const key = `${before} ${keywords}`
      let group = groups.get(key)
      if (!group) groups.set(key, (group = groupOf(before, keywords, mode, args.flags.system, spelt)))
      if (!group.unchanged) {
        group.uids.push(uid)
        touched.push([uid, group])
        const run = last === group ? group.runs.at(-1) : undefined
        if (run) run.to = uid
        else group.runs.push({ from: uid, to: uid })
      }
      last = group
    }
  }
  // RFC 7162 §3.1: a message whose flags stay as they are keeps its modseq.
  if (touched.length === 0) return { changed: [], unmodified, upTo, modseq: await currentModseq(tx, accountId) }

  const modseq = await nextModseq(tx, accountId)
  let unseen = 0
  let deleted = 0
  for (const { before, after, keywords, uids, runs } of groups.values()) {
    const update = { system: after.system, keywords, modseq }
    if (runs.length === 1 || uids.length >= runs.length * rowsPerRange)
      for (const run of runs) await setInRange(tx, args, run, update)
    else await setInList(tx, args, uids, update)
    unseen += uids.length * (Number(!(after.system & Flag.Seen)) - Number(!(before & Flag.Seen)))
    deleted += uids.length * (Number(!!(after.system & Flag.Deleted)) - Number(!!(before & Flag.Deleted)))
  }
  await countChange(tx, { accountId, mailboxId, modseq }, { messages: 0, unseen, deleted, sizeBytes: 0 })
  return { changed: touched.map(([uid, { after }]) => ({ uid, flags: after, modseq })), unmodified, upTo, modseq }
}

interface Update {
  system: number
  keywords: string
  modseq: Modseq
}

async function setInRange(
  tx: Transaction,
  { accountId, mailboxId }: { accountId: AccountId; mailboxId: MailboxId },
  { from, to }: UidRange,
  { system, keywords, modseq }: Update,
): Promise<void> {
  await tx.run(sql`
    UPDATE message SET flags = ${system}, keywords = ${keywords}, modseq = ${modseq}
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid BETWEEN ${from} AND ${to}`)
}

async function setInList(
  tx: Transaction,
  { accountId, mailboxId }: { accountId: AccountId; mailboxId: MailboxId },
  uids: readonly Uid[],
  { system, keywords, modseq }: Update,
): Promise<void> {
  await tx.run(sql`
    UPDATE message SET flags = ${system}, keywords = ${keywords}, modseq = ${modseq}
    WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid IN ${list(uids)}`)
}

function groupOf(
  before: number,
  keywordsBefore: string,
  mode: 'add' | 'remove' | 'replace',
  system: number,
  keywords: readonly string[],
): Group {
  const present = unpackKeywords(keywordsBefore)
  const removed = new Set(mode === 'remove' ? keywords.map(foldKeyword) : [])
  const [after, packed] = {
    add: (): [number, string] => [before | system, packKeywords([...present, ...keywords])],
    remove: (): [number, string] => [
      before & ~system,
      packKeywords(present.filter(keyword => !removed.has(foldKeyword(keyword)))),
    ],
    replace: (): [number, string] => [system, packKeywords(keywords)],
  }[mode]()
  return {
    before,
    after: { system: after, keywords: unpackKeywords(packed) },
    keywords: packed,
    unchanged: after === before && packed === keywordsBefore,
    uids: [],
    runs: [],
  }
}
