/** The base subject (RFC 5256 §2.1): what is left of a subject without marks of replying, forwarding and lists. */

export interface BaseSubject {
  /** In the case it was written in. */
  base: string
  /** Whether a reply or forward mark was removed (RFC 5256 §3, THREAD=REFERENCES step 5). */
  isReplyOrForward: boolean
}

const TRAILER = '(fwd)'
const FORWARD_HEADER = '[fwd:'
const BLOB = /\[[^[\]]*\] */y
/** subj-refwd; a list's blob may stand before its colon. */
const REPLY_OR_FORWARD = /(?:re|fwd?) *(?:\[[^[\]]*\] *)?:/iy

/** `subject`: encoded words decoded. The steps are those of §2.1; all remove from the ends, so the time is linear. */
export function baseSubject(subject: string): BaseSubject {
  // Step 1.
  let text = subject.replace(/[ \t\r\n]+/g, ' ')
  let isReplyOrForward = false
  for (;;) {
    // Step 2.
    text = text.trimEnd()
    while (text.slice(-TRAILER.length).toLowerCase() === TRAILER) {
      text = text.slice(0, -TRAILER.length).trimEnd()
      isReplyOrForward = true
    }
    // Steps 3 to 5.
    const leaders = skipLeaders(text)
    text = text.slice(leaders.end)
    isReplyOrForward ||= leaders.marked
    // Step 6.
    const isForward = text.slice(0, FORWARD_HEADER.length).toLowerCase() === FORWARD_HEADER && text.endsWith(']')
    if (!isForward) return { base: text, isReplyOrForward }
    text = text.slice(FORWARD_HEADER.length, -1)
    isReplyOrForward = true
  }
}

function skipLeaders(text: string): { end: number; marked: boolean } {
  let at = 0
  let marked = false
  for (;;) {
    while (text[at] === ' ') at++
    let blobsEnd = at
    let lastBlob = at
    for (let end: number; (end = matchAt(BLOB, text, blobsEnd)) >= 0; blobsEnd = end) lastBlob = blobsEnd
    const mark = matchAt(REPLY_OR_FORWARD, text, blobsEnd)
    if (mark < 0) {
      // Blobs alone are removed one by one, while something is left (step 4).
      return { end: blobsEnd < text.length ? blobsEnd : lastBlob, marked }
    }
    at = mark
    marked = true
  }
}

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}
