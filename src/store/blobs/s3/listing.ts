/** What is read of S3's XML: few elements with plain text, each known by its name. */

export interface Listed {
  key: string
  /** ms. */
  storedAt: number
}

const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The text of the first element of that name; null where there is none. */
export function textIn(xml: string, name: string): string | null {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? []
  return text === undefined ? null : unescaped(text)
}

function unescaped(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{2,4}));/gi,
    (whole, decimal, hex, name: string | undefined) => {
      const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : null
      if (code !== null) return code <= 0x10ffff ? String.fromCodePoint(code) : whole
      return signs[name ?? ''] ?? whole
    },
  )
}

/** Of ListObjectsV2. */
export function listedIn(xml: string): { objects: Listed[]; isCut: boolean } {
  const objects: Listed[] = []
  for (const [, content = ''] of xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)) {
    const key = textIn(content, 'Key')
    const storedAt = Date.parse(textIn(content, 'LastModified') ?? '')
    if (key !== null && Number.isFinite(storedAt)) objects.push({ key, storedAt })
  }
  return { objects, isCut: textIn(xml, 'IsTruncated') === 'true' }
}
