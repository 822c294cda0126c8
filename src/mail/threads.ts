/**
 * The threading algorithms of RFC 5256 §3. No recursion: a thread is as deep as those who write make it.
 * Step numbers and letters are the RFC's.
 */
import { Breather } from './breather.ts'
import { sortInSlices } from './sort.ts'

export interface ThreadableMessage {
  /** Its sequence number or UID, as the answer shall call it; ascends in mailbox order. */
  number: number
  /** RFC 5256 §2.2. */
  sentDate: number
  messageId: string
  references: readonly string[]
  baseSubject: string
  isReplyOrForward: boolean
}

/** `number` is null for a message that is not there but that others of the searched messages answer. */
export interface Thread {
  number: number | null
  children: Thread[]
}

interface Node extends Thread {
  message: ThreadableMessage | null
  parent: Node | null
  children: Node[]
}

export async function threadByReferences(
  messages: readonly ThreadableMessage[],
  breather = new Breather(),
): Promise<Thread[]> {
  const nodes = await linkByReferences(messages, breather)
  // (2) and (3)
  const root: Node[] = []
  await breather.each(nodes, node => {
    if (node.parent === null) root.push(...pruneTopLevel(node))
  })
  // (4)
  for (const node of root) if (node.message === null) node.children.sort(bySentDate)
  const merged = await mergeBySubject(await sortInSlices(root, bySentDate, breather), breather)
  // (6)
  const sortChildren = (node: Node): void => void (node.children.length > 1 && node.children.sort(bySentDate))
  await breather.each(nodes, sortChildren)
  await breather.each(merged, sortChildren)
  return sortInSlices(merged, bySentDate, breather)
}

export async function threadByOrderedSubject(
  messages: readonly ThreadableMessage[],
  breather = new Breather(),
): Promise<Thread[]> {
  const bySubject = new Map<string, Node>()
  await breather.each(await sortInSlices(messages.map(nodeOf), bySentDate, breather), node => {
    const subject = node.message?.baseSubject ?? ''
    const first = bySubject.get(subject)
    if (first) first.children.push(node)
    else bySubject.set(subject, node)
  })
  // Insertion order is that of each thread's first message: by sent date already.
  return [...bySubject.values()]
}

const nodeOf = (message: ThreadableMessage): Node => ({ number: message.number, message, parent: null, children: [] })
const dummy = (): Node => ({ number: null, message: null, parent: null, children: [] })

/** The message a node is sorted by: a dummy's first child, whose siblings are sorted before. */
const standIn = (node: Node): ThreadableMessage | null => node.message ?? node.children[0]?.message ?? null

function bySentDate(a: Node, b: Node): number {
  const left = standIn(a)
  const right = standIn(b)
  if (!left || !right) return 0
  return left.sentDate - right.sentDate || left.number - right.number
}

/** (1): the nodes of all messages and of those referred to, linked. */
async function linkByReferences(messages: readonly ThreadableMessage[], breather: Breather): Promise<Node[]> {
  const nodes = messages.map(nodeOf)
  const byId = new Map<string, Node>()
  // The first message with an id has it; others, and those without one, are known by none (1.A).
  for (const node of nodes) {
    const id = node.message?.messageId
    if (id && !byId.has(id)) byId.set(id, node)
  }
  await breather.pause()
  for (const node of nodes.slice()) {
    let last: Node | null = null
    for (const id of node.message?.references ?? []) {
      let referred = byId.get(id)
      if (!referred) {
        referred = dummy()
        byId.set(id, referred)
        nodes.push(referred)
      }
      if (last && referred.parent === null) await link(last, referred, breather)
      last = referred
    }
    // (1.B)
    if (node.parent !== last) {
      unlink(node)
      if (last) await link(last, node, breather)
    }
    const pause = breather.pause()
    if (pause) await pause
  }
  await breather.each(nodes, node => void node.parent?.children.push(node))
  return nodes
}

/** Not where it would introduce a loop. Children are filled in once all links stand. */
async function link(parent: Node, child: Node, breather: Breather): Promise<void> {
  let steps = 0
  for (let above: Node | null = parent; above; above = above.parent) {
    if (above === child) return
    // A thread may be as deep as the mailbox has messages.
    if (++steps % 10_000 === 0) await breather.pause()
  }
  child.parent = parent
}

function unlink(node: Node): void {
  node.parent = null
}

/** (3) for a child of the root: what takes its place there. Below it no dummy is left. */
function pruneTopLevel(top: Node): Node[] {
  for (const node of depthFirst(top))
    node.children = node.children.flatMap(child => (child.message === null ? child.children : [child]))
  if (top.message !== null) return [top]
  return top.children.length > 1 ? [top] : top.children
}

/** A thread's nodes, children before parents. */
function depthFirst(top: Node): Node[] {
  const order = [top]
  for (let at = 0; at < order.length; at++) for (const child of order[at]!.children) order.push(child)
  return order.reverse()
}

/** (5): threads under the root that have the same subject become one. */
async function mergeBySubject(root: Node[], breather: Breather): Promise<Node[]> {
  const table = new Map<string, Node>()
  await breather.each(root, node => {
    const subject = standIn(node)?.baseSubject
    if (!subject) return
    const there = table.get(subject)
    if (!there || (there.message !== null && (node.message === null || (isReply(there) && !isReply(node)))))
      table.set(subject, node)
  })
  const gone = new Set<Node>()
  const replaced = new Map<Node, Node>()
  await breather.each(root, node => {
    const subject = standIn(node)?.baseSubject
    const there = subject ? table.get(subject) : undefined
    if (!subject || !there || there === node || replaced.has(node)) return
    if (there.message === null && node.message === null) for (const child of node.children) there.children.push(child)
    else if (there.message === null || (isReply(node) && !isReply(there))) there.children.push(node)
    else {
      const both = dummy()
      both.children = [there, node]
      table.set(subject, both)
      replaced.set(there, both)
    }
    gone.add(node)
  })
  return root.filter(node => !gone.has(node)).map(node => replaced.get(node) ?? node)
}

const isReply = (node: Node): boolean => node.message?.isReplyOrForward ?? false
