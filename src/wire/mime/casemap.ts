/**
 * The form in which texts are compared and sorted: i;unicode-casemap (RFC 5051), which SEARCH, SORT and THREAD ask for.
 *
 * Compatibility decomposition, then upper case of the whole string. RFC 5051 §2 maps character by character to title case
 * and then decomposes; ours differs for a few characters only, and each time makes more equal: "ß" is "SS", and the
 * digraphs such as "ǆ" have one form. "É" and "e" stay different, as the collation says; "é" composed or decomposed are equal.
 */
export function casemap(text: string): string {
  if (!/[^\x00-\x7f]/.test(text)) return text.toUpperCase()
  // Nothing of these changes places with what stands beside it: one by one is the same, and several times faster.
  if (!/[^\x00-\xff\u2010-\u2027\u20ac]/.test(text))
    return text.toUpperCase().replace(/[^\x00-\x7f]/g, character => {
      let form = forms.get(character)
      if (form === undefined) forms.set(character, (form = formOf(character)))
      return form
    })
  return formOf(text)
}

const formOf = (text: string): string => text.normalize('NFKD').toUpperCase()

/** Of single characters: some hundred. */
const forms = new Map<string, string>()

/** Behind another character it may change places with others like it: U+FF9E and U+FF9F become such marks. */
const MARK = /[\p{M}\uff9e\uff9f]/u

/** Texts have a few marks in a row, at most; more are cut anywhere. */
const MARKS = 256

/** The same of a text in pieces: what is joined is the form of the whole. */
export function* casemapPieces(pieces: Iterable<string>): Generator<string> {
  let held = ''
  for (const piece of pieces) {
    const text = held + piece
    const cut = lastStarter(text)
    held = text.slice(cut)
    if (cut > 0) yield casemap(text.slice(0, cut))
  }
  if (held !== '') yield casemap(held)
}

/** Where the last character begins that is no mark: what is before it has nothing to do with what follows. */
function lastStarter(text: string): number {
  let at = text.length
  // What follows an ASCII character never comes before it.
  if (at > 0 && text.charCodeAt(at - 1) < 0x80) return at
  while (at > 0) {
    at -= at > 1 && /[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(at - 2, at)) ? 2 : 1
    if (text.length - at > MARKS || !MARK.test(String.fromCodePoint(text.codePointAt(at)!))) return at
  }
  return 0
}
