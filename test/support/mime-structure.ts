/** What holds of the structure of any message. */
import { strictEqual as equal, ok } from 'node:assert'
import { parseMessage } from '../../src/wire/mime/parser.ts'
import type { MimePart } from '../../src/wire/mime/types.ts'

/** Throws where offsets are not ordered, not inside their parent's, or not those of lines. */
export function checkStructure(bytes: Buffer): MimePart {
  const root = parseMessage(bytes)
  equal(root.headerStart, 0)
  equal(root.bodyEnd, bytes.length)
  checkOffsets(root, bytes, { start: 0, end: bytes.length })
  return root
}

function checkOffsets(part: MimePart, bytes: Buffer, within: { start: number; end: number }): void {
  const { headerStart, bodyStart, bodyEnd } = part
  ok(headerStart >= within.start, 'a part begins before its parent')
  ok(bodyStart >= headerStart, 'a body begins before its header')
  ok(bodyEnd >= bodyStart, 'a body ends before it begins')
  ok(bodyEnd <= within.end, 'a part ends behind its parent')
  let at = headerStart
  for (const field of part.header) {
    ok(field.start >= at, 'a field begins before the one above ends')
    equal(bytes.toString('latin1', field.start, field.start + field.name.length), field.name)
    equal(bytes[field.valueStart - 1], ':'.charCodeAt(0))
    ok(field.end >= field.valueStart, 'a field ends before its value')
    at = field.end
  }
  ok(at <= bodyStart, 'a field ends behind its header')
  if (part.type === 'TEXT' || part.message !== null) equal(part.lines, lineFeeds(bytes, bodyStart, bodyEnd))
  let previous = bodyStart
  for (const child of part.message === null ? part.children : [part.message]) {
    checkOffsets(child, bytes, { start: previous, end: bodyEnd })
    previous = child.bodyEnd
  }
}

function lineFeeds(bytes: Buffer, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at++) if (bytes[at] === 0x0a) count++
  return count
}
