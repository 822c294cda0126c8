/**
 * A text in the form of a comparator, with the places it has in the text it was made of: "é" has two characters in the form,
 * and what a wildcard stands for is wanted as it was written.
 */

export interface FoldedText {
  text: string
  /** Where the character of the source ends that the place in `text` belongs to, told in `text`. */
  characterEnd(at: number): number
  /** What was there in the source; nothing of a character that is cut in two. */
  source(start: number, end: number): string
}

/** ASCII in one piece, else a character with the marks on it: the form may put those in another order. */
const PIECES = /[\x00-\x7f]+(?![\p{M}\uff9e\uff9f])|[^\p{M}\uff9e\uff9f][\p{M}\uff9e\uff9f]*|[\p{M}\uff9e\uff9f]+/gu

export function foldPieces(source: string, fold: (text: string) => string): FoldedText {
  /** Of each piece where it ends, here and there. */
  const ends: number[] = []
  const sourceEnds: number[] = []
  let text = ''
  for (const { 0: piece, index } of source.matchAll(PIECES)) {
    text += fold(piece)
    ends.push(text.length)
    sourceEnds.push(index + piece.length)
  }
  /** The piece that ends at the place or behind it, the first one. */
  const pieceAt = (at: number): number => {
    let low = 0
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1
      if (ends[middle]! < at) low = middle + 1
      else high = middle
    }
    return low
  }
  const isAscii = (piece: number): boolean => source.charCodeAt(sourceEnds[piece]! - 1) < 0x80
  /** In a character that is cut in two: its end, or its start. */
  const sourcePlace = (at: number, rounded: 'up' | 'down'): number => {
    const piece = pieceAt(at)
    const [end = 0, sourceEnd = 0] = [ends[piece], sourceEnds[piece]]
    if (at === 0 || at === end) return at === 0 ? 0 : sourceEnd
    if (isAscii(piece)) return sourceEnd - (end - at)
    return rounded === 'up' ? sourceEnd : (sourceEnds[piece - 1] ?? 0)
  }
  return {
    text,
    characterEnd(at) {
      const piece = pieceAt(at + 1)
      return isAscii(piece) ? at + 1 : ends[piece]!
    },
    source(start, end) {
      const from = sourcePlace(start, 'up')
      return source.slice(from, Math.max(from, sourcePlace(end, 'down')))
    },
  }
}
