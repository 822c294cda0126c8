import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describePicture } from './picture.ts'

const chunk = (type: string, data: Uint8Array): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  // The checksum is for whoever unfolds the picture.
  return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)])
}
const header = (width: number, height: number): Buffer => {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([8, 2], 8)
  return data
}
const signature = Buffer.from('89504e470d0a1a0a', 'hex')
const pixels = deflateSync(Buffer.alloc(16))
const png = (width: number, height: number): Buffer =>
  Buffer.concat([
    signature,
    chunk('IHDR', header(width, height)),
    chunk('tEXt', Buffer.from('Comment\0made by a test')),
    chunk('IDAT', pixels),
    chunk('IEND', new Uint8Array(0)),
  ])

const segment = (marker: number, data: readonly number[]): Buffer =>
  Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff, ...data])
const frame = (marker: number, width: number, height: number): Buffer =>
  segment(marker, [8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1, 1, 0x11, 0])
const jpeg = (...middle: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...middle,
    segment(0xda, [1, 1, 0, 0, 63, 0]),
    Buffer.from([0x12, 0x34, 0xff, 0xd9]),
  ])

describe('a picture', () => {
  it('is known by its own header', () => {
    expect(describePicture(png(320, 80))).toEqual({ type: 'image/png', width: 320, height: 80 })
    expect(describePicture(jpeg(frame(0xc0, 640, 200)))).toEqual({ type: 'image/jpeg', width: 640, height: 200 })
  })

  it('may be a progressive JPEG, with tables and fill bytes before its frame', () => {
    const tables = segment(0xc4, [0, ...Array.from({ length: 16 }, () => 0)])
    const bytes = jpeg(tables, Buffer.from([0xff, 0xff]), frame(0xc2, 30, 40))
    expect(describePicture(bytes)).toMatchObject({ width: 30, height: 40 })
  })

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['HTML behind the signature of a PNG', Buffer.concat([signature, Buffer.from('<script>alert(1)</script>')])],
    ['HTML behind the end of a PNG', Buffer.concat([png(9, 9), Buffer.from('<script>')])],
    ['a PNG cut short', png(9, 9).subarray(0, -1)],
    ['a PNG without pixels', Buffer.concat([signature, chunk('IHDR', header(9, 9)), chunk('IEND', Buffer.alloc(0))])],
    ['a PNG with two headers', Buffer.concat([signature, chunk('IHDR', header(9, 9)), png(9, 9).subarray(8)])],
    ['a JPEG without a frame', jpeg()],
    ['a JPEG with two frames', jpeg(frame(0xc0, 9, 9), frame(0xc0, 9, 9))],
    ['a JPEG cut short', jpeg(frame(0xc0, 9, 9)).subarray(0, -2)],
    ['HTML behind the end of a JPEG', Buffer.concat([jpeg(frame(0xc0, 9, 9)), Buffer.from('<script>')])],
    ['a GIF', Buffer.from('GIF89a\x10\x00\x10\x00')],
  ])('is not %s', (_, bytes) => {
    expect(describePicture(bytes)).toBeNull()
  })

  it('never throws, whatever the bytes', () => {
    const starts = [signature, Buffer.from([0xff, 0xd8]), png(9, 9), jpeg(frame(0xc0, 9, 9))]
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 60 }), fc.nat(80), (start, bytes, cut) => {
        describePicture(Buffer.concat([start.subarray(0, cut), bytes]))
      }),
    )
  })
})
