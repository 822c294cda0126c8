/**
 * The form in which texts are compared and sorted: i;unicode-casemap (RFC 5051), which SEARCH, SORT and THREAD ask for.
 *
 * Compatibility decomposition, then upper case of the whole string. RFC 5051 §2 maps character by character to title case
 * and then decomposes; ours differs for a few characters only, and each time makes more equal: "ß" is "SS", and the
 * digraphs such as "ǆ" have one form. "É" and "e" stay different, as the collation says; "é" composed or decomposed are equal.
 */
export function casemap(text: string): string {
  return (/[^\x00-\x7f]/.test(text) ? text.normalize('NFKD') : text).toUpperCase()
}
