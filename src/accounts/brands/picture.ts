/**
 * What kind of picture some bytes are and how large it is, from its own header: neither the name of a file nor a type that
 * was sent along is believed. PNG (ISO/IEC 15948) and JPEG (ITU-T T.81) alone: SVG can hold scripts, and mail programs don't
 * show it.
 */

export interface Picture {
  type: 'image/png' | 'image/jpeg'
  width: number
  height: number
}

/** null for what is neither, is cut short, or goes on behind its end, where another file could hide. */
export function describePicture(bytes: Uint8Array): Picture | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return describePng(data) ?? describeJpeg(data)
}

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex')

/** Signature, then chunks of length, type, data and checksum: IHDR first, IEND last (ISO/IEC 15948 §5). */
function describePng(data: Buffer): Picture | null {
  if (!data.subarray(0, 8).equals(pngSignature)) return null
  let picture: Picture | null = null
  let hasData = false
  for (let at = 8; at + 12 <= data.length; ) {
    const length = data.readUInt32BE(at)
    const type = data.toString('latin1', at + 4, at + 8)
    const end = at + 12 + length
    if (end > data.length || (picture === null) !== (type === 'IHDR')) return null
    if (type === 'IHDR') {
      if (length !== 13) return null
      picture = { type: 'image/png', width: data.readUInt32BE(at + 8), height: data.readUInt32BE(at + 12) }
    }
    if (type === 'IDAT') hasData = true
    if (type === 'IEND') return hasData && end === data.length ? picture : null
    at = end
  }
  return null
}

const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
/** Start of frame, whatever the coding; those between that are none: DHT, JPG, DAC (T.81, table B.1). */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

/** SOI, then segments of marker, length and data up to the first scan; what follows runs to EOI (T.81 §B.1, §B.2). */
function describeJpeg(data: Buffer): Picture | null {
  if (data.length < 4 || data[0] !== 0xff || data[1] !== SOI) return null
  if (data[data.length - 2] !== 0xff || data[data.length - 1] !== EOI) return null
  let picture: Picture | null = null
  for (let at = 2; at + 4 <= data.length; ) {
    if (data[at] !== 0xff) return null
    const marker = data[at + 1] ?? 0
    // T.81 §B.1.1.2: any number of fill bytes may stand before a marker.
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === SOS) return picture
    const length = data.readUInt16BE(at + 2)
    if (length < 2 || at + 2 + length > data.length) return null
    if (isFrame(marker)) {
      if (length < 8 || picture !== null) return null
      picture = { type: 'image/jpeg', height: data.readUInt16BE(at + 5), width: data.readUInt16BE(at + 7) }
    }
    at += 2 + length
  }
  return null
}
