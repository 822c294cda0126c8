/**
 * Lists as spreadsheets save them: RFC 4180, and what Excel makes of it elsewhere: `;` or tabs between the cells, a byte
 * order mark, Windows-1252 instead of UTF-8.
 */

export interface CsvRow {
  /** Of the text, from 1: where the row begins. */
  line: number
  cells: string[]
}

/** UTF-8, with or without a mark; what is not valid UTF-8 is taken for Windows-1252, in which every byte is a letter. */
export function decodeText(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  if (isUtf16) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Rows with something in them. A quote that is never closed goes to the end of the text. */
export function readCsv(text: string): CsvRow[] {
  const separator = separatorOf(text)
  const rows: CsvRow[] = []
  let line = 1
  let row: CsvRow = { line, cells: [] }
  let cell = ''
  let quoted = false
  const endCell = (): void => {
    row.cells.push(cell.trim())
    cell = ''
  }
  const endRow = (): void => {
    endCell()
    if (row.cells.some(value => value !== '')) rows.push(row)
    row = { line, cells: [] }
  }
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    const isLineEnd = character === '\n' || (character === '\r' && text[i + 1] !== '\n')
    if (isLineEnd) line++
    if (quoted) {
      if (character !== '"') cell += character
      else if (text[i + 1] === '"') {
        cell += '"'
        i++
      } else quoted = false
    } else if (character === '"' && cell.trim() === '') {
      quoted = true
      cell = ''
    } else if (character === separator) endCell()
    else if (isLineEnd) endRow()
    else if (character !== '\r') cell += character
  }
  endRow()
  return rows
}

/** The one of the three that is found most in the first line that has any. */
function separatorOf(text: string): string {
  for (const line of text.split(/\r\n|\r|\n/, 20)) {
    const outside = line.replace(/"[^"]*"/g, '')
    const counts = [';', '\t', ','].map(separator => ({ separator, count: outside.split(separator).length - 1 }))
    const best = counts.reduce((a, b) => (b.count > a.count ? b : a))
    if (best.count > 0) return best.separator
  }
  return ','
}
