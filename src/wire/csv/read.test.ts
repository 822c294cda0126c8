import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText, readCsv } from './read.ts'

const cells = (text: string): string[][] => readCsv(text).map(row => row.cells)

describe('a list', () => {
  it.each([
    ['commas', 'a,b,c\r\nd,e,f\r\n'],
    ['semicolons', 'a;b;c\nd;e;f'],
    ['tabs and old line ends', 'a\tb\tc\rd\te\tf\r'],
  ])('is read with %s', (_, text) => {
    expect(cells(text)).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ])
  })

  it('keeps what stands in quotes, and counts its lines', () => {
    const rows = readCsv('x;"Martin; Alice"\n\n"say ""hi""";"two\nlines"\n  ;\nlast;1')
    expect(rows).toEqual([
      { line: 1, cells: ['x', 'Martin; Alice'] },
      { line: 3, cells: ['say "hi"', 'two\nlines'] },
      { line: 6, cells: ['last', '1'] },
    ])
  })

  it('is decoded from UTF-8, UTF-16 and Windows-1252', () => {
    expect(decodeText(Buffer.from('\ufeffHélène'))).toBe('Hélène')
    expect(decodeText(Buffer.from('\ufeffHélène', 'utf16le'))).toBe('Hélène')
    expect(decodeText(Buffer.from([0x48, 0xe9, 0x80]))).toBe('Hé€')
  })

  it('comes back as it was written', () => {
    const cell = fc.string({ minLength: 1 }).filter(text => text.trim() === text && !text.includes('\r') && text !== '')
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), rows => {
        const text = rows.map(row => row.map(value => `"${value.replaceAll('"', '""')}"`).join(';')).join('\n')
        expect(cells(text)).toEqual(rows.map(row => row.map(value => value.trim())))
      }),
    )
  })

  it('never fails, whatever the text', () => {
    fc.assert(fc.property(fc.string(), text => void readCsv(text)))
  })
})
