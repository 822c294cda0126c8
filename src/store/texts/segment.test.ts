import { expect, it } from 'vitest'
import { TEXT_FORM, TextVerdict } from '../types/texts.ts'
import { findInSegment } from './find.ts'
import { Directory, END, fieldsOf, packSegment, unpackSegment } from './segment.ts'

const subjects = ['ONE', 'TWO', 'THREE']
const packed = packSegment(
  1,
  3,
  subjects.map((subject, at) => ({
    number: at + 1,
    form: TEXT_FORM,
    fields: { subject, from: 'ANN', to: '', cc: '', bcc: '' },
    parts: { header: new Uint8Array(), partHeaders: new Uint8Array(), body: new Uint8Array() },
  })),
)
const directory = new Directory(packed.directory)

function found(fields: Uint8Array, text: string, of = directory): Promise<Uint8Array> {
  const none = async (): Promise<Buffer> => Buffer.alloc(0)
  const texts = { headerWords: none, headers: none, bodyWords: none, bodies: none }
  const search = { in: 'subject' as const, text }
  return findInSegment(
    of,
    { ...texts, fields: async () => fieldsOf(fields, of) },
    search,
    new Uint8Array(of.count).fill(1),
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

it('tells of which form a text is, and takes none of another for one', async () => {
  const whole = unpackSegment(packed)
  const mixed = whole.map((text, at) => ({ ...text, form: TEXT_FORM - 1 + at }))
  const segment = packSegment(1, 3, [...mixed, { ...whole[0]!, number: 4, parts: null }])
  expect(unpackSegment(segment).map(({ form, parts }) => [form, parts !== null])).toEqual([
    [TEXT_FORM - 1, true],
    [TEXT_FORM, true],
    [TEXT_FORM + 1, true],
    [TEXT_FORM, false],
  ])
  const { Yes, NotKept } = TextVerdict
  expect([...(await found(segment.fields, 'O', new Directory(segment.directory)))]).toEqual([
    NotKept,
    Yes,
    NotKept,
    NotKept,
  ])
  // Programs from before there were forms take 1 for a text that is kept: they read the messages of others themselves.
  const numbers = new Uint32Array(segment.directory.buffer, segment.directory.byteOffset)
  expect([14, 19, 24, 29].map(at => numbers[at])).toEqual([1, 3, 5, 2])
})
