/** Counts line ends (LF) in [from, to), four bytes at a time: the largest part of the work on a message is this. */
export function countLines(bytes: Buffer, from: number, to: number): number {
  let count = 0
  let at = Math.min(from, to)
  while (at < to && ((bytes.byteOffset + at) & 3) !== 0) if (bytes[at++] === LF) count++
  const words = (to - at) >> 2
  if (words > 0) count += countInWords(new Uint32Array(bytes.buffer, bytes.byteOffset + at, words))
  for (at += words * 4; at < to; at++) if (bytes[at] === LF) count++
  return count
}

function countInWords(words: Uint32Array): number {
  let count = 0
  for (let i = 0; i < words.length; i++) {
    // A byte of `difference` is zero where the word has a LF; the test for "has a zero byte" is the classic one.
    const difference = words[i]! ^ 0x0a0a0a0a
    if (((difference - 0x01010101) & ~difference & 0x80808080) === 0) continue
    if ((difference & 0xff) === 0) count++
    if ((difference & 0xff00) === 0) count++
    if ((difference & 0xff0000) === 0) count++
    if ((difference & 0xff000000) === 0) count++
  }
  return count
}

const LF = 0x0a
