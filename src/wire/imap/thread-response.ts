/** The answer to THREAD (RFC 5256 §4). */

export interface ThreadNode {
  /** Null for a parent that is not there. */
  number: number | null
  children: readonly ThreadNode[]
}

/**
 * `* THREAD (2)(3 6 (4 23)(44 7 96))`. Walks with its own stack: a thread may be as deep as the mailbox has messages.
 */
export function thread(roots: readonly ThreadNode[]): string {
  const parts: string[] = []
  const pending: (ThreadNode | ')')[] = []
  // Each child of several, and each root, stands in parentheses of its own; an only child follows its parent.
  const pushBranches = (nodes: readonly ThreadNode[]): void => {
    for (let index = nodes.length - 1; index >= 0; index--) pending.push(')', nodes[index]!)
  }
  pushBranches(roots)
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === ')') {
      parts.push(')')
      continue
    }
    parts.push('(')
    let node: ThreadNode = next
    let separator = ''
    for (;;) {
      if (node.number !== null) {
        parts.push(`${separator}${node.number}`)
        separator = ' '
      }
      const [child] = node.children
      if (child === undefined || node.children.length > 1) break
      node = child
    }
    if (node.children.length > 1) {
      parts.push(separator)
      pushBranches(node.children)
    }
  }
  return `* THREAD${parts.length === 0 ? '' : ' '}${parts.join('')}\r\n`
}
