/** facteur.toml as keys with their values and lines. */
import { parse, TomlError } from 'smol-toml'

export interface FileEntry {
  key: string
  value: unknown
}

export type FileContent = { ok: true; entries: FileEntry[] } | { ok: false; line: number; problem: string }

export function readConfigText(text: string): FileContent {
  try {
    return { ok: true, entries: flatten(parse(text), '') }
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    return { ok: false, line: error.line, problem: error.message.split('\n')[0] ?? '' }
  }
}

/**
 * The line on which each key's assignment starts. Found by the parser itself: a key starts on the line behind the longest
 * run of whole lines that parses without it. Parses once per line, so it is called only to show lines to a person.
 */
export function linesOfKeys(text: string): Map<string, number> {
  const lines = text.split('\n')
  const found = new Map<string, number>()
  let parsed = 0
  for (let count = 1; count <= lines.length; count++) {
    const content = readConfigText(`${lines.slice(0, count).join('\n')}\n`)
    if (!content.ok) continue
    for (const { key } of content.entries) if (!found.has(key)) found.set(key, parsed + 1)
    parsed = count
  }
  return found
}

/** Tables become dotted keys. An empty table is no setting; an array of tables is shown by its own key. */
function flatten(table: object, prefix: string): FileEntry[] {
  return Object.entries(table).flatMap(([name, value]) =>
    isTable(value) ? flatten(value, `${prefix}${name}.`) : [{ key: `${prefix}${name}`, value }],
  )
}

const isTable = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
