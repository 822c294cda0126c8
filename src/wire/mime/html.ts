/**
 * HTML to the text a reader would see, for searching and previews; not for showing. It comes in pieces of any size; no more
 * than one unfinished tag is kept, and the time is linear in the input.
 */
import { decodeEntities, ENTITY_LENGTH } from './entities.ts'
import { LONGEST_TAG } from './limits.ts'

/** Elements whose content nobody reads. */
const HIDDEN = new Set(['style', 'script', 'title'])

/** Elements inside a line of text: their tags leave no space. */
const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr'.split(
    ' ',
  ),
)

const TAG = /<(?:(\/?)([a-z][a-z0-9]{0,30})|[!?/])/iy

export class HtmlText {
  #rest = ''
  /** What ends the hidden element or comment we are in, in lower case; empty outside. */
  #until = ''

  /** The text of what is complete by now. */
  push(html: string): string {
    return this.#read(this.#rest + html, false)
  }

  end(): string {
    return this.#read(this.#rest, true)
  }

  #read(html: string, isLast: boolean): string {
    let text = ''
    let at = 0
    /** Where the next ">" is, the end where there is none: looked for once, however many "<" stand before it. */
    let close = -1
    this.#rest = ''
    while (at < html.length) {
      if (this.#until !== '') {
        const end = this.#endOfHidden(html, at)
        if (end < 0) {
          this.#rest = html.slice(Math.max(at, html.length - this.#until.length))
          return text
        }
        at = end
        this.#until = ''
      }
      const open = html.indexOf('<', at)
      if (open < 0) break
      text += decodeEntities(html.slice(at, open))
      at = open
      if (html.startsWith('<!--', at)) {
        this.#until = '-->'
        at += 4
        continue
      }
      TAG.lastIndex = at
      const tag = TAG.exec(html)
      if (close < at) close = html.indexOf('>', at)
      if (close < 0) close = html.length
      const isOpen = close === html.length
      if ((tag === null && html.length - at > 1) || close - at > LONGEST_TAG || (isOpen && isLast)) {
        text += '<'
        at++
      } else if (isOpen) {
        this.#rest = html.slice(at)
        return text
      } else {
        const name = tag?.[2]?.toLowerCase() ?? ''
        if (HIDDEN.has(name) && tag?.[1] === '') this.#until = `</${name}`
        if (!INLINE.has(name)) text += ' '
        at = close + 1
      }
    }
    return text + this.#tail(html.slice(at), isLast)
  }

  /** Text without a tag behind it yet; an entity at its end may be unfinished. */
  #tail(text: string, isLast: boolean): string {
    const ampersand = isLast ? -1 : text.lastIndexOf('&')
    if (ampersand < 0 || text.length - ampersand > ENTITY_LENGTH) return decodeEntities(text)
    this.#rest = text.slice(ampersand)
    return decodeEntities(text.slice(0, ampersand))
  }

  /** Where what hides ends: behind a comment, before the closing tag of an element. */
  #endOfHidden(html: string, from: number): number {
    if (this.#until === '-->') {
      const end = html.indexOf('-->', from)
      return end < 0 ? -1 : end + 3
    }
    for (let at = html.indexOf('</', from); at >= 0; at = html.indexOf('</', at + 2))
      if (html.slice(at, at + this.#until.length).toLowerCase() === this.#until) return at
    return -1
  }
}
