/**
 * The words of some texts, each once, with the texts it is in: a fifth of what there is to be looked through, as a rule.
 *
 * A word is as long as it can be: of letters, digits, and whatever is not ASCII. What is looked for and is of such characters
 * alone is in a text where it is in one of its words; for anything else they tell where it may be.
 *
 * Behind the bytes of a word stand its texts, in digits of three bits: bytes that UTF-8 never has. Up to ten texts are two
 * digits each; more are a bit each in 22 digits. First come the words that most texts have.
 */

/** Texts that words can be kept of. */
export const TEXTS = 64

/** Where there are few words twice, as in scripts without spaces, they are not worth keeping. */
const WORTH_KEEPING = 0.6

const FIRST_DIGIT = 0xf8
const BITMAP_DIGITS = 22
const LISTED_TEXTS = 10

const isOfWord = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 0x80 && byte < FIRST_DIGIT) || /[0-9A-Za-z]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** `ends`: where in `bytes` each text ends. Empty where the words are not worth keeping. */
export function packWords(bytes: Uint8Array, ends: readonly number[]): Buffer {
  if (ends.length > TEXTS) return Buffer.alloc(0)
  const packed = pack(bytes, wordsOf(bytes, ends))
  return packed.length < bytes.length * WORTH_KEEPING ? packed : Buffer.alloc(0)
}

/** Each word by one place where it stands; with a bit for each text it is in. */
interface Words {
  count: number
  starts: Uint32Array
  lengths: Uint32Array
  hashes: Int32Array
  low: Uint32Array
  high: Uint32Array
  /** By hash, open addressing: twice as many as there is room for words; -1 where there is none. */
  slots: Int32Array
}

function roomFor(words: number): Words {
  return {
    count: 0,
    starts: new Uint32Array(words),
    lengths: new Uint32Array(words),
    hashes: new Int32Array(words),
    low: new Uint32Array(words),
    high: new Uint32Array(words),
    slots: new Int32Array(words * 2).fill(-1),
  }
}

const FEW_WORDS = 2 ** 13

function wordsOf(bytes: Uint8Array, ends: readonly number[]): Words {
  let words = roomFor(FEW_WORDS)
  let at = 0
  for (const [text, end] of ends.entries()) {
    at = addText(words, bytes, at, end, text)
    while (at < end) {
      words = grown(words)
      at = addText(words, bytes, at, end, text)
    }
  }
  return words
}

/** Returns how far it came before there was no room. Every byte of all mail goes through here. */
function addText(words: Words, bytes: Uint8Array, from: number, end: number, text: number): number {
  const { starts, lengths, hashes, slots } = words
  const mask = slots.length - 1
  const bits = text < 32 ? words.low : words.high
  const bit = 1 << (text & 31)
  let at = from
  for (;;) {
    while (at < end && isOfWord[bytes[at]!] === 0) at++
    if (at === end) return end
    if (words.count === starts.length) return at
    const start = at
    let hash = 0x811c9dc5
    for (let byte = bytes[at]!; isOfWord[byte] === 1; byte = bytes[at]!) {
      hash = Math.imul(hash ^ byte, 0x01000193)
      if (++at === end) break
    }
    const length = at - start
    let slot = (hash ^ (hash >>> 15)) & mask
    for (;;) {
      const word = slots[slot]!
      if (word < 0) {
        const added = words.count++
        slots[slot] = added
        starts[added] = start
        lengths[added] = length
        hashes[added] = hash
        bits[added] = bit
        break
      }
      if (hashes[word] === hash && lengths[word] === length && isSame(bytes, starts[word]!, start, length)) {
        bits[word]! |= bit
        break
      }
      slot = (slot + 1) & mask
    }
  }
}

function isSame(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let at = 0; at < length; at++) if (bytes[a + at] !== bytes[b + at]) return false
  return true
}

function grown(words: Words): Words {
  const larger = roomFor(words.starts.length * 2)
  larger.count = words.count
  for (const name of ['starts', 'lengths', 'hashes', 'low', 'high'] as const) larger[name].set(words[name])
  const mask = larger.slots.length - 1
  for (let word = 0; word < words.count; word++) {
    const hash = words.hashes[word]!
    let slot = (hash ^ (hash >>> 15)) & mask
    while (larger.slots[slot]! >= 0) slot = (slot + 1) & mask
    larger.slots[slot] = word
  }
  return larger
}

function pack(bytes: Uint8Array, { count, starts, lengths, low, high }: Words): Buffer {
  // Those in most texts first: where they begin, by number of texts.
  const begins = new Uint32Array(TEXTS + 2)
  const texts = new Uint8Array(count)
  let size = 0
  for (let word = 0; word < count; word++) {
    texts[word] = bitsIn(low[word]!) + bitsIn(high[word]!)
    begins[TEXTS - texts[word]! + 1]!++
    size += lengths[word]! + digitsFor(texts[word]!)
  }
  for (let at = 1; at < begins.length; at++) begins[at]! += begins[at - 1]!
  const order = new Uint32Array(count)
  for (let word = 0; word < count; word++) order[begins[TEXTS - texts[word]!]!++] = word

  const packed = Buffer.allocUnsafe(size)
  let at = 0
  for (const word of order) {
    const start = starts[word]!
    for (let from = start, end = start + lengths[word]!; from < end; ) packed[at++] = bytes[from++]!
    const listed = texts[word]! <= LISTED_TEXTS
    const digits = at
    if (!listed) packed.fill(FIRST_DIGIT, at, at + BITMAP_DIGITS)
    for (let half = 0; half < 2; half++)
      for (let bits = half === 0 ? low[word]! : high[word]!; bits !== 0; bits &= bits - 1) {
        const text = half * 32 + 31 - Math.clz32(bits & -bits)
        if (listed) {
          packed[at++] = FIRST_DIGIT + (text >> 3)
          packed[at++] = FIRST_DIGIT + (text & 7)
        } else packed[digits + Math.floor(text / 3)]! |= 1 << (text % 3)
      }
    if (!listed) at = digits + BITMAP_DIGITS
  }
  return packed
}

function bitsIn(number: number): number {
  let bits = number - ((number >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

const digitsFor = (texts: number): number => (texts > LISTED_TEXTS ? BITMAP_DIGITS : texts * 2)

/**
 * Of the texts in `among` (1 where it is), those that may have the needle in them; `sure`: they have, all of them.
 * `words` are not empty.
 */
export function textsByWords(words: Buffer, needle: Buffer, among: Uint8Array): { found: Uint8Array; sure: boolean } {
  let found = among
  let pieces = 0
  let length = 0
  for (let at = 0; at < needle.length; ) {
    while (at < needle.length && !isOfWord[needle[at]!]) at++
    const start = at
    while (at < needle.length && isOfWord[needle[at]!]) at++
    if (at === start) break
    pieces++
    length += at - start
    // What stands between two others is a whole word; the first may be the end of one, and the last its beginning.
    found = textsWithWord(words, needle.subarray(start, at), start > 0, at < needle.length, found)
    if (!found.includes(1)) break
  }
  return { found, sure: pieces === 1 && length === needle.length }
}

function textsWithWord(words: Buffer, piece: Buffer, isStart: boolean, isEnd: boolean, among: Uint8Array): Uint8Array {
  const found = new Uint8Array(among.length)
  let left = among.reduce((sum, mark) => sum + mark, 0)
  const mark = (text: number): void => {
    if (!among[text] || found[text]) return
    found[text] = 1
    left--
  }
  for (let at = words.indexOf(piece), digits: number; at >= 0 && left > 0; at = words.indexOf(piece, digits)) {
    const end = at + piece.length
    digits = end
    while (words[digits]! < FIRST_DIGIT) digits++
    const isWanted = (!isStart || at === 0 || words[at - 1]! >= FIRST_DIGIT) && (!isEnd || digits === end)
    let behind = digits
    while (behind < words.length && words[behind]! >= FIRST_DIGIT) behind++
    if (isWanted)
      if (behind - digits === BITMAP_DIGITS) {
        for (let text = 0; text < among.length; text++)
          if ((words[digits + Math.floor(text / 3)]! >> (text % 3)) & 1) mark(text)
      } else
        for (let digit = digits; digit < behind; digit += 2) mark(((words[digit]! & 7) << 3) | (words[digit + 1]! & 7))
    // An end that is wanted may stand further on in the same word.
    digits = isWanted || !isEnd ? behind : at + 1
  }
  return found
}
