import { foldKeyword, packKeywords, unpackKeywords } from '../rows/keywords.ts'
import { sql } from '../sql.ts'
import { Flag, type Flags, type Modseq, type Uid, type UidRange } from '../types.ts'
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
  messages: number
  /** Ranges in which every message selected is of the group, so that few statements change many rows. */
  runs: UidRange[]
}

/** Works on groups of messages with the same flags: a mailbox of 20,000 has a few dozen of them. */
export const changeFlags: Operation<'message.flags'> = async (tx, args) => {
  const { accountId, mailboxId, mode, unchangedSince } = args
  await requireMailbox(tx, accountId, mailboxId)
  const ranges = normaliseRanges(args.uids)
  const selected: [Uid, number, string, Modseq][][] = []
  for (const { from, to } of ranges) {
    const rows = await tx.all<[Uid, number, string, Modseq]>(sql`
      SELECT uid, flags, keywords, modseq FROM message
      WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid BETWEEN ${from} AND ${to} ORDER BY uid`)
    if (rows.length > 0) selected.push(rows)
  }

  const unmodified: Uid[] = []
  const touched: [Uid, Group][] = []
  const groups = new Map<string, Group>()
  const spelt =
    selected.length === 0 || mode === 'remove'
      ? args.flags.keywords
      : await spellKeywords(tx, accountId, mailboxId, args.flags.keywords)
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
        group.messages++
        touched.push([uid, group])
        const run = last === group ? group.runs.at(-1) : undefined
        if (run) run.to = uid
        else group.runs.push({ from: uid, to: uid })
      }
      last = group
    }
  }
  // RFC 7162 §3.1: a message whose flags stay as they are keeps its modseq.
  if (touched.length === 0) return { changed: [], unmodified, modseq: await currentModseq(tx, accountId) }

  const modseq = await nextModseq(tx, accountId)
  let unseen = 0
  let deleted = 0
  for (const { before, after, keywords, messages, runs } of groups.values()) {
    for (const { from, to } of runs)
      await tx.run(sql`
        UPDATE message SET flags = ${after.system}, keywords = ${keywords}, modseq = ${modseq}
        WHERE account_id = ${accountId} AND mailbox_id = ${mailboxId} AND uid BETWEEN ${from} AND ${to}`)
    unseen += messages * (Number(!(after.system & Flag.Seen)) - Number(!(before & Flag.Seen)))
    deleted += messages * (Number(!!(after.system & Flag.Deleted)) - Number(!!(before & Flag.Deleted)))
  }
  await countChange(tx, { accountId, mailboxId, modseq }, { messages: 0, unseen, deleted, sizeBytes: 0 })
  return { changed: touched.map(([uid, { after }]) => ({ uid, flags: after, modseq })), unmodified, modseq }
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
    messages: 0,
    runs: [],
  }
}
