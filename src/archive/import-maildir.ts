/**
 * A Maildir as messages: `cur` and `new` of its root and of its folders, both those of Maildir++ (`.Sent.2024`) and those
 * that are plain folders (`Sent/2024`). Flags come from the file names, keywords from Dovecot's `dovecot-keywords`.
 */
import type { Dirent, Stats } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { Flag, type Flags } from '../store/types.ts'
import { decodeUtf7 } from '../wire/imap/utf7.ts'
import { type ImportItem, withCrlf } from './import-item.ts'

export interface MaildirOptions {
  maxMessageBytes: number
}

export interface MaildirFolder {
  folder: string
  /** Levels joined by "/"; empty for the root. */
  mailbox: string
  /** Paths below `folder`, in the order of delivery. */
  files: string[]
}

/** Deeper than mailboxes may be: a loop of links ends here. */
const LEVELS = 30

/** Rejects with an error of the file system where `root` can't be read; an empty list where it is no Maildir. */
export async function maildirFolders(root: string, mailbox = '', level = 0): Promise<MaildirFolder[]> {
  const entries = await readdir(root, { withFileTypes: true })
  const names = new Set(entries.map(entry => entry.name))
  const found: MaildirFolder[] = []
  const holdsMessages = names.has('cur') || names.has('new')
  // Else a home folder that was meant for the Maildir in it would come in as a folder of that name.
  if (level === 0 && !holdsMessages) return []
  if (holdsMessages) found.push({ folder: root, mailbox, files: await filesOf(root, names) })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (level >= LEVELS || ['cur', 'new', 'tmp', '.', '..'].includes(entry.name)) continue
    const inner = path.join(root, entry.name)
    if (!(await isFolder(entry, inner))) continue
    const name = nameOf(entry.name)
    found.push(...(await maildirFolders(inner, mailbox ? `${mailbox}/${name}` : name, level + 1)))
  }
  return found
}

export async function* readMaildir(
  folders: readonly MaildirFolder[],
  options: MaildirOptions,
): AsyncGenerator<ImportItem, void, void> {
  let position = 0
  for (const { folder, mailbox, files } of folders) {
    const keywords = await keywordsOf(folder)
    for (const file of files) {
      position++
      const full = path.join(folder, file)
      const source = mailbox ? `${mailbox}: ${file}` : file
      const problem = (text: string): ImportItem => ({ kind: 'problem', source, problem: text, position })
      let facts: Stats
      let content: Uint8Array
      try {
        facts = await stat(full)
        if (facts.size > options.maxMessageBytes) {
          yield problem(`larger than ${options.maxMessageBytes} bytes`)
          continue
        }
        content = await readFile(full)
      } catch (error) {
        yield problem(error instanceof Error ? error.message : String(error))
        continue
      }
      if (content.length === 0) yield problem('empty')
      else
        yield {
          kind: 'message',
          source,
          mailbox,
          flags: flagsOf(file, keywords),
          internalDate: Math.round(facts.mtimeMs),
          bytes: withCrlf(content),
          position,
        }
    }
  }
}

/** `.Sent.2024` is the folder "2024" in "Sent"; names are in modified UTF-7, some programs write UTF-8. */
function nameOf(entry: string): string {
  const levels = entry.startsWith('.') ? entry.slice(1).split('.') : [entry]
  return levels.map(level => decodeUtf7(level) ?? level).join('/')
}

async function isFolder(entry: Dirent, full: string): Promise<boolean> {
  if (entry.isDirectory()) return true
  return entry.isSymbolicLink() && (await stat(full).catch(() => null))?.isDirectory() === true
}

async function filesOf(folder: string, names: ReadonlySet<string>): Promise<string[]> {
  const files: string[] = []
  for (const part of ['cur', 'new'])
    if (names.has(part))
      for (const name of await readdir(path.join(folder, part)))
        if (!name.startsWith('.')) files.push(`${part}/${name}`)
  // A name begins with the second of delivery; what doesn't comes first.
  const deliveredAt = (file: string): number => Number.parseInt(path.basename(file), 10) || 0
  return files.sort((a, b) => deliveredAt(a) - deliveredAt(b) || (path.basename(a) < path.basename(b) ? -1 : 1))
}

const systemFlags: Record<string, number> = {
  D: Flag.Draft,
  F: Flag.Flagged,
  R: Flag.Answered,
  S: Flag.Seen,
  T: Flag.Deleted,
}

export function flagsOf(file: string, keywords: readonly (string | undefined)[]): Flags {
  const letters = /[:;!]2,([A-Za-z]*)$/.exec(file)?.[1] ?? ''
  let system = 0
  const named: string[] = []
  for (const letter of letters) {
    system |= systemFlags[letter] ?? 0
    const keyword = letter === 'P' ? '$Forwarded' : keywords[letter.charCodeAt(0) - 0x61]
    if (keyword !== undefined) named.push(keyword)
  }
  return { system, keywords: [...new Set(named)].sort() }
}

/** Lines of `number name`; the number counts from the letter a. */
async function keywordsOf(folder: string): Promise<(string | undefined)[]> {
  const keywords: (string | undefined)[] = []
  const text = await readFile(path.join(folder, 'dovecot-keywords'), 'utf8').catch(() => '')
  for (const line of text.split('\n')) {
    const match = /^(\d{1,2}) ([^\s(){%*"\\\]\x00-\x1f\x7f]{1,100})$/.exec(line)
    if (match?.[2] !== undefined) keywords[Number(match[1])] = match[2]
  }
  return keywords
}
