/**
 * A segment's columns: what they hold, and how they are packed.
 *
 * directory: numbers of 32 bits, little-endian. First the lengths of the columns before they are packed and the CRC-32 of the
 * fields, then of each email: its number in the account, where its own header, all its headers and its body end, and twice the
 * form of its text, plus one where it is kept at all.
 * fields: all subjects, then all senders, and so on; not packed, since that would cost more than looking through them. headers:
 * of each email its own, then those of its parts; bodies. And the words of headers and of bodies (see words.ts), or nothing.
 */
import { endianness } from 'node:os'
import { crc32, constants as zlib, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { StoreError } from '../store.ts'
import type { NewText, TextSegment } from '../types/texts.ts'
import type { SearchField } from '../types.ts'
import { packWords } from './words.ts'

export const fieldNames: readonly SearchField[] = ['subject', 'from', 'to', 'cc', 'bcc']

/** Ends each text: a byte that UTF-8 never has. */
export const END = 0xff
const endOfText = Buffer.from([END])

/** Of mail, level 3 saves 8 % more and takes nearly twice as long. */
const zstdLevel = 1

/** Lengths of the five fields, then of these, then the checksum. */
const columnNames = ['headerWords', 'headers', 'bodyWords', 'bodies'] as const
const FIELDS_CRC = fieldNames.length + columnNames.length
const HEAD_NUMBERS = FIELDS_CRC + 1
const ENTRY_NUMBERS = 5

/** An email's text as it goes into a segment, or comes out of one. */
export interface PackedText extends Pick<NewText, 'fields' | 'parts'> {
  /** In the account. */
  number: number
  /** Of its text: see TEXT_FORM. */
  form: number
}

/** `texts` ascend by number. */
export function packSegment(segment: number, lastEmail: number, texts: readonly PackedText[]): TextSegment {
  const directory = new Uint32Array(HEAD_NUMBERS + texts.length * ENTRY_NUMBERS)
  const headers: Uint8Array[] = []
  const bodies: Uint8Array[] = []
  const headerEnds: number[] = []
  const bodyEnds: number[] = []
  for (const [index, { number, form, parts }] of texts.entries()) {
    if (parts) {
      headers.push(parts.header, parts.partHeaders)
      bodies.push(parts.body)
    }
    const ownEnd = (headerEnds.at(-1) ?? 0) + (parts?.header.length ?? 0)
    const headersEnd = ownEnd + (parts?.partHeaders.length ?? 0)
    const bodyEnd = (bodyEnds.at(-1) ?? 0) + (parts?.body.length ?? 0)
    headerEnds.push(headersEnd)
    bodyEnds.push(bodyEnd)
    const kept = 2 * form + (parts ? 1 : 0)
    directory.set([number, ownEnd, headersEnd, bodyEnd, kept], HEAD_NUMBERS + index * ENTRY_NUMBERS)
  }
  const ofField = fieldNames.map(name =>
    Buffer.concat(texts.flatMap(each => [Buffer.from(each.fields[name]), endOfText])),
  )
  const fields = new Uint8Array(Buffer.concat(ofField))
  const raw = { headers: Buffer.concat(headers), bodies: Buffer.concat(bodies) }
  const words = { headerWords: packWords(raw.headers, headerEnds), bodyWords: packWords(raw.bodies, bodyEnds) }
  const large = { ...raw, ...words }
  const lengths = [...ofField, ...columnNames.map(name => large[name])].map(({ length }) => length)
  directory.set([...lengths, crc32(fields)])
  const columns = {
    segment,
    lastEmail,
    emails: texts.length,
    directory: littleEndian(directory),
    fields,
    headerWords: compress(large.headerWords),
    headers: compress(large.headers),
    bodyWords: compress(large.bodyWords),
    bodies: compress(large.bodies),
  }
  return { ...columns, checksum: checksumOfSegment(columns) }
}

export function checksumOfSegment(segment: Omit<TextSegment, 'checksum'>): number {
  const { directory, fields, headerWords, headers, bodyWords, bodies } = segment
  return [directory, fields, headerWords, headers, bodyWords, bodies].reduce(
    (sum, column) => crc32(column, sum),
    crc32(JSON.stringify([segment.segment, segment.lastEmail, segment.emails])),
  )
}

/** What a directory says; throws StoreError `damaged` where it can't be one. */
export class Directory {
  readonly count: number
  readonly #numbers: Uint32Array

  constructor(column: Uint8Array) {
    const numbers = column.length / 4
    this.count = (numbers - HEAD_NUMBERS) / ENTRY_NUMBERS
    if (!Number.isInteger(this.count) || this.count < 0) throw damagedSegment('its directory has a wrong length')
    this.#numbers = numbersIn(column)
  }

  /** The number of an email in its account. */
  number(index: number): number {
    return this.#entry(index, 0)
  }

  isKept(index: number): boolean {
    return this.#entry(index, 4) % 2 === 1
  }

  /** Of an email's text, kept or not. */
  form(index: number): number {
    return this.#entry(index, 4) >>> 1
  }

  /** Where in the packed headers an email's own ends. */
  ownHeaderEnd(index: number): number {
    return this.#entry(index, 1)
  }

  /** Where all of its headers end, and those of the next begin. */
  headersEnd(index: number): number {
    return index < 0 ? 0 : this.#entry(index, 2)
  }

  bodyEnd(index: number): number {
    return index < 0 ? 0 : this.#entry(index, 3)
  }

  /** Of a column before it was packed. */
  lengthOf(column: (typeof columnNames)[number]): number {
    return this.#numbers[fieldNames.length + columnNames.indexOf(column)]!
  }

  get fieldsLength(): number {
    return this.#fieldEnd(fieldNames.length)
  }

  get fieldsCrc(): number {
    return this.#numbers[FIELDS_CRC]!
  }

  /** Where in the fields those of one name are. */
  field(name: SearchField): [start: number, end: number] {
    const at = fieldNames.indexOf(name)
    return [this.#fieldEnd(at), this.#fieldEnd(at + 1)]
  }

  #fieldEnd(count: number): number {
    let end = 0
    for (let at = 0; at < count; at++) end += this.#numbers[at]!
    return end
  }

  #entry(index: number, which: number): number {
    return this.#numbers[HEAD_NUMBERS + index * ENTRY_NUMBERS + which]!
  }
}

/** All texts of a segment, as they went in. */
export function unpackSegment(segment: TextSegment): PackedText[] {
  const directory = new Directory(segment.directory)
  const fields = fieldsOf(segment.fields, directory)
  const headers = decompress(segment.headers, directory.lengthOf('headers'))
  const bodies = decompress(segment.bodies, directory.lengthOf('bodies'))
  const ofField = fieldNames.map(name => splitTexts(fields.subarray(...directory.field(name)), directory.count))
  const texts: PackedText[] = []
  for (let index = 0; index < directory.count; index++) {
    const ownEnd = directory.ownHeaderEnd(index)
    const parts = {
      header: headers.subarray(directory.headersEnd(index - 1), ownEnd),
      partHeaders: headers.subarray(ownEnd, directory.headersEnd(index)),
      body: bodies.subarray(directory.bodyEnd(index - 1), directory.bodyEnd(index)),
    }
    const [subject = '', from = '', to = '', cc = '', bcc = ''] = ofField.map(texts => texts[index] ?? '')
    texts.push({
      number: directory.number(index),
      form: directory.form(index),
      fields: { subject, from, to, cc, bcc },
      parts: directory.isKept(index) ? parts : null,
    })
  }
  return texts
}

/** Throws StoreError `damaged` where they are not those that the directory tells of. */
export function fieldsOf(column: Uint8Array, { fieldsLength, fieldsCrc }: Directory): Buffer {
  const { buffer, byteOffset, byteLength } = column
  if (byteLength !== fieldsLength) throw damagedSegment(`its fields are ${byteLength} bytes instead of ${fieldsLength}`)
  if (crc32(column) !== fieldsCrc) throw damagedSegment('its fields have another checksum')
  return Buffer.from(buffer, byteOffset, byteLength)
}

function splitTexts(bytes: Buffer, count: number): string[] {
  const texts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(END, at)
    if (end < 0) break
    texts.push(bytes.toString('utf8', at, end))
    at = end + 1
  }
  if (texts.length !== count) throw damagedSegment(`it has ${texts.length} fields instead of ${count}`)
  return texts
}

function compress(raw: Uint8Array): Uint8Array {
  if (raw.length === 0) return new Uint8Array()
  // A copy of its own: what is handed to another thread is copied with all that lies behind a view.
  return new Uint8Array(
    zstdCompressSync(raw, {
      pledgedSrcSize: raw.length,
      chunkSize: Math.max(raw.length, 1024),
      params: { [zlib.ZSTD_c_compressionLevel]: zstdLevel, [zlib.ZSTD_c_checksumFlag]: 1 },
    }),
  )
}

/** Throws StoreError `damaged` where it is not of that length, or its checksum is wrong. */
export function decompress(column: Uint8Array, length: number): Buffer {
  if (length === 0 && column.length === 0) return Buffer.alloc(0)
  let raw: Buffer
  try {
    raw = zstdDecompressSync(column, { maxOutputLength: Math.max(length, 1), chunkSize: length + 64 })
  } catch (error) {
    throw damagedSegment(error instanceof Error ? error.message : String(error))
  }
  if (raw.length !== length) throw damagedSegment(`it holds ${raw.length} bytes instead of ${length}`)
  return raw
}

function littleEndian(numbers: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(numbers.length * 4)
  const view = new DataView(bytes.buffer)
  for (const [index, number] of numbers.entries()) view.setUint32(index * 4, number, true)
  return bytes
}

const isLittleEndian = endianness() === 'LE'

function numbersIn({ buffer, byteOffset, byteLength }: Uint8Array): Uint32Array {
  const count = byteLength / 4
  if (isLittleEndian && byteOffset % 4 === 0) return new Uint32Array(buffer, byteOffset, count)
  const view = new DataView(buffer, byteOffset, byteLength)
  return Uint32Array.from({ length: count }, (_, index) => view.getUint32(index * 4, true))
}

const damagedSegment = (problem: string): StoreError => new StoreError('damaged', `a segment of texts: ${problem}`)
