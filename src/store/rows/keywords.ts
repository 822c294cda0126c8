/** Keywords as a message's row holds them: sorted, separated by spaces, which no keyword can contain (RFC 9051 §9, atom). */

export function unpackKeywords(text: string): string[] {
  return text === '' ? [] : text.split(' ')
}

/** Sorts; of two that differ by case alone the first stays. */
export function packKeywords(keywords: readonly string[]): string {
  if (keywords.length === 0) return ''
  const spellings = new Map<string, string>()
  for (const keyword of keywords) {
    const folded = foldKeyword(keyword)
    if (!spellings.has(folded)) spellings.set(folded, keyword)
  }
  return [...spellings.values()].sort().join(' ')
}

export function foldKeyword(keyword: string): string {
  return keyword.toLowerCase()
}
