/**
 * Address lists of header fields (RFC 5322 §3.4, obsolete forms of §4.4, UTF-8 of RFC 6532). Never throws: what is no
 * address becomes one as well as can be, as people want to see whom a message says it is from.
 */
import { decodeEncodedWords } from './encoded-word.ts'
import { ADDRESSES } from './limits.ts'
import type { Address, AddressEntry } from './types.ts'

/** Specials end an atom; "." and "@" stay in it, since words are joined again anyway, and a domain literal keeps its colons. */
const ATOM = /(?:@\[[^\]\s]{0,60}\]|[^\s"(),:;<>\\])+/y
/** An encoded word is taken whole: many have commas or other specials in them. */
const ENCODED_WORD = /=\?[^?\s]{1,80}\?[BbQq]\?[^?\s]*\?=/y
/**
 * What must not stand in an encoded word (RFC 2047 §5 (3)), and makes an address, or hides one, for readers that end the word
 * there. A comma or colon alone, which many programs leave in names, does neither.
 */
const HIDING = /[<>()"@\\[\]]/

const EQUALS = 0x3d
const SEPARATOR = /[\s,;:>)]/

export function parseAddresses(text: string): AddressEntry[] {
  return new AddressParser(text).list()
}

/**
 * Whether programs may read other addresses in the text than `parseAddresses` does: an entry has more than one, a name without
 * quotes or the name of a group has one, something is never closed, or there are more entries than are read.
 */
export function isAmbiguousList(text: string): boolean {
  const parser = new AddressParser(text)
  parser.list()
  return parser.isAmbiguous
}

/** The addresses of the list, those in groups included. */
export function flattenAddresses(entries: readonly AddressEntry[]): Address[] {
  return entries.flatMap(entry => ('group' in entry ? entry.members : [entry]))
}

/** `"Name" <a@b>, c@d`, decoded, for searching and showing. */
export function formatAddresses(entries: readonly AddressEntry[]): string {
  return entries
    .map(entry => ('group' in entry ? `${entry.group}: ${formatAddresses(entry.members)};` : formatAddress(entry)))
    .join(', ')
}

function formatAddress({ name, mailbox, host }: Address): string {
  const address = host === '' ? mailbox : `${mailbox}@${host}`
  return name === null ? address : `"${name}" <${address}>`
}

class AddressParser {
  readonly #text: string
  #at = 0
  #count = 0
  isAmbiguous = false

  constructor(text: string) {
    this.#text = text
  }

  list(): AddressEntry[] {
    const entries: AddressEntry[] = []
    while (this.#at < this.#text.length && this.#count < ADDRESSES) {
      const entry = this.#entry(true)
      if (entry !== null) entries.push(entry)
      // A semicolon outside a group separates, as some programs write it.
      this.#at++
    }
    if (this.#at < this.#text.length) this.isAmbiguous = true
    return entries
  }

  /** One address or group, up to the comma or semicolon behind it; null where there is nothing. */
  #entry(groupsAllowed: boolean): AddressEntry | null {
    const words: Word[] = []
    let comment: string | null = null
    let address: Addressed | null = null
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]!
      if (character === ',' || character === ';') break
      if (character === '(') comment = this.#comment() || comment
      else if (character === '"') words.push({ glued: this.#isGlued(), text: this.#quotedString(), quoted: true })
      else if (character === '<') {
        // The first, as most programs have it; `<<a@b>>` is one behind an empty one.
        const next = this.#angleAddress()
        if (address === null || isEmpty(address)) address = next
        else if (!isEmpty(next)) this.isAmbiguous = true
      } else if (character === ':' && groupsAllowed && address === null) {
        this.#at++
        return this.#group(words)
      } else this.#atom(words)
    }
    if (address === null && words.length === 0) return null
    this.#count++
    if (address !== null) {
      const shown = `${address.mailbox}@${address.host}`.toLowerCase()
      // Programs put the address as its own name without quotes; another there, or behind, some readers take for the writer's.
      if (words.some(word => hasAt(word) && word.text.toLowerCase() !== shown)) this.isAmbiguous = true
      return { ...displayName(phrase(words) || comment), ...address }
    }
    if (words.filter(hasAt).length > 1) this.isAmbiguous = true
    return bareAddress(words, comment)
  }

  #group(words: Word[]): AddressEntry {
    const members: Address[] = []
    this.#count++
    if (words.some(({ text }) => text.includes('@'))) this.isAmbiguous = true
    while (this.#at < this.#text.length && this.#text[this.#at] !== ';' && this.#count < ADDRESSES) {
      const entry = this.#entry(false)
      if (entry !== null && !('group' in entry)) members.push(entry)
      if (this.#text[this.#at] === ',') this.#at++
    }
    return { group: decodeEncodedWords(phrase(words)), members }
  }

  #atom(words: Word[]): void {
    const start = this.#at
    const glued = this.#isGlued()
    if (this.#text.charCodeAt(start) === EQUALS && this.#isAt(ENCODED_WORD)) {
      const text = this.#text.slice(start, this.#at)
      if (HIDING.test(text)) this.isAmbiguous = true
      words.push({ text, quoted: false, glued })
    } else if (this.#isAt(ATOM)) words.push({ text: this.#text.slice(start, this.#at), quoted: false, glued })
    else this.#at++
  }

  /** Whether what is there is such; then it is behind it. */
  #isAt(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    if (!pattern.test(this.#text)) return false
    this.#at = pattern.lastIndex
    return true
  }

  /** Whether no white space stands before this place, so that the word continues the one before. */
  #isGlued(): boolean {
    return this.#at > 0 && !SEPARATOR.test(this.#text[this.#at - 1]!)
  }

  #quotedString(): string {
    let value = ''
    this.#at++
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++]!
      if (character === '"') return value
      value += character === '\\' && this.#at < this.#text.length ? this.#text[this.#at++]! : character
    }
    this.isAmbiguous = true
    return value
  }

  #comment(): string {
    let value = ''
    let depth = 0
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++]!
      if (character === '\\' && this.#at < this.#text.length) value += this.#text[this.#at++]!
      else if (character === ')' && --depth === 0) return value.trim()
      else if (character !== '(' || depth++ > 0) value += character
    }
    this.isAmbiguous = true
    return value.trim()
  }

  /** `<a@b>`, or with a route `<@c,@d:a@b>`. */
  #angleAddress(): Addressed {
    let start = ++this.#at
    let route: Pick<Address, 'route'> = {}
    const words: Word[] = []
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at]!
      const inRoute = words[0]?.text.startsWith('@') === true
      if (character === '>') {
        this.#at++
        // Some readers take one of the words for the address.
        if (words.some((_, index) => !touches(words, index))) this.isAmbiguous = true
        return { ...addressOf(words), ...route }
      }
      // A bracket that is never closed must not swallow the addresses behind it.
      if ((character === ',' && !inRoute) || character === ';' || character === '<') break
      if (character === '"') words.push({ glued: this.#isGlued(), text: this.#quotedString(), quoted: true })
      else if (character === '(') this.#comment()
      else if (character === ':' && isMailTo(words)) {
        // Other readers make one word of it and what follows.
        this.isAmbiguous = true
        words.length = 0
        start = ++this.#at
      } else if (character === ':' && inRoute) {
        const text = this.#text.slice(start, this.#at)
        if (isRoute(text)) route = routeOf(text)
        else this.isAmbiguous = true
        words.length = 0
        start = ++this.#at
      } else this.#atom(words)
    }
    // Of `<<a@b>>` the first holds nothing that could be read.
    if (words.length > 0) this.isAmbiguous = true
    return { ...addressOf(words), ...route }
  }
}

type Addressed = Pick<Address, 'mailbox' | 'host' | 'route'>

interface Word {
  text: string
  quoted: boolean
  glued: boolean
}

const isEmpty = ({ mailbox, host }: Addressed): boolean => mailbox === '' && host === ''

const hasAt = ({ text, quoted }: Word): boolean => !quoted && text.includes('@')

/** The address was copied as a URL (RFC 6068). */
const isMailTo = (words: readonly Word[]): boolean =>
  words.length === 1 && !words[0]!.quoted && words[0]!.text.toLowerCase() === 'mailto'

/** Whether it is nothing but domains to pass through, each behind its "@" (RFC 5322 §4.4, obs-domain-list). */
const isRoute = (text: string): boolean => text.split(',').every(domain => /^\s*(?:@[^@"()]*)?$/.test(domain))

function routeOf(text: string): Pick<Address, 'route'> {
  const domains = text.split(',').map(domain => domain.replace(/\s+/g, ''))
  const named = domains.filter(domain => domain.length > '@'.length)
  return named.length > 0 ? { route: named.join(',') } : {}
}

/** The raw phrase: words joined by the one space that unfolding and comments leave. */
function phrase(words: readonly Word[]): string {
  let text = ''
  for (const word of words) text += text !== '' && !word.glued ? ` ${word.text}` : word.text
  return text.trim()
}

function displayName(raw: string | null): Pick<Address, 'name' | 'rawName'> {
  if (raw === null || raw === '') return { name: null, rawName: null }
  return { name: decodeEncodedWords(raw).trim() || null, rawName: raw }
}

/** An address without brackets; words before the one with "@" are taken as its name, as is a comment. */
function bareAddress(words: Word[], comment: string | null): Address {
  const at = words.findIndex(hasAt)
  if (at < 0) return { ...displayName(comment), mailbox: words.map(word => word.text).join(' '), host: '' }
  // `"joe"@host`, `a . b @ host . org`: what touches, with or without white space around its dots, is one address.
  const joined = (i: number): boolean =>
    words[i]!.glued || /^[.@]/.test(words[i]!.text) || /^\.$|@$/.test(words[i - 1]!.text)
  let first = at
  while (first > 0 && joined(first)) first--
  let end = at + 1
  while (end < words.length && (joined(end) || words[end - 1]!.text.endsWith('.'))) end++
  return {
    ...displayName(first > 0 ? phrase(words.slice(0, first)) : comment),
    ...addressOf(words.slice(first, end)),
  }
}

/**
 * Splits at the last unquoted "@"; the quotes of a local part are gone, as ENVELOPE wants it (RFC 9051 §9, addr-mailbox).
 * Between words that do not belong together a space stays: without it they were another's address.
 */
function addressOf(words: readonly Word[]): Pick<Address, 'mailbox' | 'host'> {
  const [word] = words
  if (word !== undefined && words.length === 1) {
    const at = word.quoted ? -1 : word.text.lastIndexOf('@')
    return at < 0
      ? { mailbox: word.text, host: '' }
      : { mailbox: word.text.slice(0, at), host: word.text.slice(at + 1) }
  }
  let last = -1
  for (let i = words.length - 1; i >= 0 && last < 0; i--) if (hasAt(words[i]!)) last = i
  const join = (from: number, to: number): string => {
    let text = ''
    for (let i = from; i < to; i++) text += touches(words, i) ? words[i]!.text : ` ${words[i]!.text}`
    return text
  }
  if (last < 0) return { mailbox: join(0, words.length), host: '' }
  const split = words[last]!.text.lastIndexOf('@')
  const upTo = join(0, last + 1)
  const rest = words[last]!.text.length - split
  return { mailbox: upTo.slice(0, -rest), host: words[last]!.text.slice(split + 1) + join(last + 1, words.length) }
}

/** Whether a word goes on with the one before: it touches it, or a dot or "@" is between them, white space around it or not. */
function touches(words: readonly Word[], index: number): boolean {
  const [before, word] = [words[index - 1], words[index]!]
  if (before === undefined || word.glued) return true
  return (!word.quoted && /^[.@]/.test(word.text)) || (!before.quoted && /[.@]$/.test(before.text))
}
