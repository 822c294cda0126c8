/** Comments of header fields (RFC 5322 §3.2.2) become a space; text in an unclosed one is lost. */
export function withoutComments(text: string): string {
  if (!text.includes('(')) return text
  let result = ''
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (depth > 0 && character === '\\') at++
    else if (character === '(') depth++
    else if (character === ')' && depth > 0) {
      if (--depth === 0) result += ' '
    } else if (depth === 0) result += character
  }
  return result
}
