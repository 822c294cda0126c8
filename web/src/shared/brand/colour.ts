/**
 * One brand colour, made readable: as a fill with text on it, and as text on the page, in light and dark. The lightness moves in OKLCH, so the hue
 * stays; contrast is WCAG's (2.2, 1.4.3).
 */

interface Lch {
  l: number
  c: number
  h: number
}

type Rgb = [number, number, number]

/** Text on the page needs 4.5 : 1; a little more, so that rounding doesn't undo it. */
const readable = 4.6

export function parseHex(hex: string): Rgb | null {
  const match = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(hex.trim())
  if (match?.[1] === undefined) return null
  const digits = match[1].length === 3 ? match[1].replace(/./g, '$&$&') : match[1]
  const at = (index: number): number => Number.parseInt(digits.slice(index, index + 2), 16) / 255
  return [at(0), at(2), at(4)]
}

const toHex = (rgb: Rgb): string =>
  `#${rgb
    .map(value =>
      Math.round(value * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
const gamma = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055)

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map(linear) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG contrast of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [a, b].map(hex => luminance(parseHex(hex) ?? [0, 0, 0])) as [number, number]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

// Björn Ottosson's OKLab, https://bottosson.github.io/posts/oklab/
function toLch(rgb: Rgb): Lch {
  const [r, g, b] = rgb.map(linear) as Rgb
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const bb = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  return {
    l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    c: Math.hypot(a, bb),
    h: Math.atan2(bb, a),
  }
}

function toRgb({ l, c, h }: Lch): Rgb {
  const a = c * Math.cos(h)
  const b = c * Math.sin(h)
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ].map(value => gamma(Math.max(0, value))) as Rgb
}

/** The colour at that lightness, with as much of its chroma as sRGB can show. */
function atLightness(colour: Lch, l: number): string {
  for (let c = colour.c; ; c -= 0.005) {
    const rgb = toRgb({ ...colour, l, c: Math.max(0, c) })
    if (c <= 0 || rgb.every(value => value <= 1.0001)) return toHex(rgb.map(value => Math.min(1, value)) as Rgb)
  }
}

/** The nearest lightness, going in `step`, at which the colour reads on `background`. */
function until(colour: Lch, background: string, step: 0.01 | -0.01): string {
  for (let l = colour.l; l > 0 && l < 1; l += step) {
    const hex = atLightness(colour, l)
    if (contrast(hex, background) >= readable) return hex
  }
  return step > 0 ? '#ffffff' : '#000000'
}

export interface BrandColours {
  /** Fill of primary buttons, the brand itself wherever it can be. */
  solidLight: string
  solidDark: string
  /** Text on that fill. */
  onSolidLight: string
  onSolidDark: string
  /** Links and marks on the page. */
  textLight: string
  textDark: string
}

/** `pageLight` and `pageDark`: the darkest light background and the lightest dark one that text stands on. */
export function brandColours(hex: string, pageLight = '#f3f4f7', pageDark = '#262a33'): BrandColours | null {
  const rgb = parseHex(hex)
  if (rgb === null) return null
  const colour = toLch(rgb)
  const own = toHex(rgb)
  const textOn = (fill: string): string => ['#ffffff', '#14171d'].find(text => contrast(fill, text) >= 4.5) ?? '#000000'
  // A fill has to stand out from the page as well (1.4.11: 3 : 1).
  const solidLight = contrast(own, '#ffffff') >= 3 ? own : until(colour, pageLight, -0.01)
  const solidDark = contrast(own, pageDark) >= 2.2 ? own : atLightness(colour, Math.max(colour.l, 0.56))
  return {
    solidLight,
    solidDark,
    onSolidLight: textOn(solidLight),
    onSolidDark: textOn(solidDark),
    textLight: until(colour, pageLight, -0.01),
    textDark: until(colour, pageDark, 0.01),
  }
}
