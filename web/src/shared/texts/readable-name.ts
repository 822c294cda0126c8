/** Domains and addresses as people write them: the service keeps and sends xn--mnchen-3ya.example for münchen.example. */

/** RFC 3492 §5: parameters of Punycode for domain names. */
const BASE = 36
const T_MIN = 1
const T_MAX = 26
const SKEW = 38
const DAMP = 700
const INITIAL_BIAS = 72
const INITIAL_CODE = 0x80

/** Of a domain or an address. */
export function readableName(name: string): string {
  if (!name.includes('xn--')) return name
  const at = name.lastIndexOf('@') + 1
  const labels = name.slice(at).split('.')
  return name.slice(0, at) + labels.map(readableLabel).join('.')
}

/** What is no Punycode is left as it is; so is what would look like something else than it is. */
function readableLabel(label: string): string {
  if (!label.startsWith('xn--')) return label
  const decoded = decode(label.slice(4))
  return decoded !== null && toAscii(decoded) === label ? decoded : label
}

/** The browser's own way back, which refuses what no domain may hold. */
function toAscii(label: string): string | null {
  const url = `http://${label}/`
  return URL.canParse(url) ? new URL(url).host : null
}

/** RFC 3492 §6.2. */
function decode(text: string): string | null {
  const end = text.lastIndexOf('-')
  const points = [...text.slice(0, Math.max(0, end))].map(character => character.codePointAt(0) ?? 0)
  let code = INITIAL_CODE
  let bias = INITIAL_BIAS
  let index = 0
  for (let from = end + 1; from < text.length; ) {
    const before = index
    let weight = 1
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(text[from++])
      if (digit === null) return null
      index += digit * weight
      const threshold = Math.min(T_MAX, Math.max(T_MIN, k - bias))
      if (digit < threshold) break
      weight *= BASE - threshold
    }
    const count = points.length + 1
    bias = adapt(index - before, count, before === 0)
    code += Math.floor(index / count)
    index %= count
    if (code > 0x10ffff) return null
    points.splice(index++, 0, code)
  }
  return String.fromCodePoint(...points)
}

function digitOf(character: string | undefined): number | null {
  if (character === undefined) return null
  const digit = 'abcdefghijklmnopqrstuvwxyz0123456789'.indexOf(character)
  return digit < 0 ? null : digit
}

/** RFC 3492 §6.1. */
function adapt(delta: number, count: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? DAMP : 2))
  rest += Math.floor(rest / count)
  let k = 0
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN))
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW))
}
