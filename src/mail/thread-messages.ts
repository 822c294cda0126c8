/** Threads of a mailbox's messages, worked out once for as long as the messages are the same. */
import type { MessageThreading, Uid } from '../store/types.ts'
import { COMPARED_AT_FIRST, COMPARED_BYTES } from './limits.ts'
import { countOf, type Run } from './mailbox-view.ts'
import { messagePages, PageOfBytes } from './message-pages.ts'
import { PAGE_ROWS } from './messages.ts'
import type { SearchScope } from './search.ts'
import { SharedTexts } from './shared-texts.ts'
import { type Thread, type ThreadableMessage, threadByOrderedSubject, threadByReferences } from './threads.ts'

const algorithms = { REFERENCES: threadByReferences, ORDEREDSUBJECT: threadByOrderedSubject }

/** `numberOf` tells what the answer calls a message. Rejects with TooMuchToThread. */
export async function threadMessages(
  scope: SearchScope,
  runs: Run[],
  algorithm: keyof typeof algorithms,
  numberOf: (uid: Uid) => number,
): Promise<Thread[]> {
  const uids = scope.view.uidsOf(runs)
  const packed = await scope.messages.arrangements.of(scope.mailbox, algorithm, uids, async () =>
    packThreads(await algorithms[algorithm](await readMessages(scope, runs), scope.breather)),
  )
  await scope.breather.pause()
  return unpackThreads(packed, numberOf)
}

async function readMessages(scope: SearchScope, runs: Run[]): Promise<ThreadableMessage[]> {
  const { messages, mailbox, view, breather, progress } = scope
  progress.begin(countOf(runs))
  const read: ThreadableMessage[] = []
  const texts = new SharedTexts()
  const size = new PageOfBytes({ least: COMPARED_AT_FIRST, most: PAGE_ROWS, bytes: COMPARED_BYTES })
  const pages = messagePages(
    view,
    runs,
    size,
    size.watching(range => messages.threading(mailbox, range), lengthOf),
    breather,
  )
  for await (const { rows } of pages) {
    for (const { uid, sentDate, messageId, references, baseSubject, isReplyOrForward } of rows)
      read.push(texts.ofMessage({ number: uid, sentDate, messageId, references, baseSubject, isReplyOrForward }))
    progress.add(rows.length)
  }
  return read
}

const lengthOf = ({ messageId, references, baseSubject }: MessageThreading): number =>
  references.reduce((sum, id) => sum + id.length, messageId.length + baseSubject.length)

/** Each node before its children, as two numbers: its own, 0 where it has none, and how many children it has. */
export function packThreads(threads: readonly Thread[]): Uint32Array {
  const packed: number[] = []
  const pending = threads.toReversed()
  for (let node = pending.pop(); node; node = pending.pop()) {
    packed.push(node.number ?? 0, node.children.length)
    for (let at = node.children.length - 1; at >= 0; at--) pending.push(node.children[at]!)
  }
  return Uint32Array.from(packed)
}

export function unpackThreads(packed: Uint32Array, numberOf: (uid: Uid) => number): Thread[] {
  const threads: Thread[] = []
  /** Nodes whose children follow, and how many are still to come. */
  const open: { children: Thread[]; left: number }[] = []
  for (let at = 0; at < packed.length; at += 2) {
    const uid = packed[at]!
    const left = packed[at + 1]!
    const node: Thread = { number: uid === 0 ? null : numberOf(uid), children: [] }
    const parent = open.at(-1)
    if (parent) {
      parent.children.push(node)
      if (--parent.left === 0) open.pop()
    } else threads.push(node)
    if (left > 0) open.push({ children: node.children, left })
  }
  return threads
}
