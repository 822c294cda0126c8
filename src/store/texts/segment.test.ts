import { expect, it } from 'vitest'
import { TextVerdict } from '../types/texts.ts'
import { findInSegment } from './find.ts'
import { Directory, END, fieldsOf, packSegment } from './segment.ts'

const subjects = ['ONE', 'TWO', 'THREE']
const packed = packSegment(
  1,
  3,
  subjects.map((subject, at) => ({
    number: at + 1,
    fields: { subject, from: 'ANN', to: '', cc: '', bcc: '' },
    parts: { header: new Uint8Array(), partHeaders: new Uint8Array(), body: new Uint8Array() },
  })),
)
const directory = new Directory(packed.directory)

function found(fields: Uint8Array, text: string): Promise<Uint8Array> {
  const none = async (): Promise<Buffer> => Buffer.alloc(0)
  const texts = { headerWords: none, headers: none, bodyWords: none, bodies: none }
  const search = { in: 'subject' as const, text }
  return findInSegment(
    directory,
    { ...texts, fields: async () => fieldsOf(fields, directory) },
    search,
    new Uint8Array([1, 1, 1]),
  )
}

it('finds in the fields as they lie', async () => {
  const { Yes, No } = TextVerdict
  expect([...(await found(packed.fields, 'T'))]).toEqual([No, Yes, Yes])
  // In memory that begins anywhere, as other engines give it.
  const shifted = Buffer.concat([Buffer.from('x'), packed.directory]).subarray(1)
  expect(new Directory(shifted).fieldsLength).toBe(packed.fields.length)
})

it('looks into no fields that are damaged', async () => {
  for (let at = 0; at < packed.fields.length; at++)
    for (const bit of [1, 0x80]) {
      const fields = packed.fields.slice()
      fields[at]! ^= bit
      await expect(found(fields, 'THREE')).rejects.toMatchObject({ code: 'damaged' })
    }
  await expect(found(packed.fields.subarray(1), 'THREE')).rejects.toMatchObject({ code: 'damaged' })
  expect(packed.fields.filter(byte => byte === END)).toHaveLength(15)
})
