/**
 * A Maildir as messages: `cur` and `new` of its root and of its folders, both those of Maildir++ (`.Sent.2024`) and those
 * that are plain folders (`Sent/2024`). Flags come from the file names, keywords from Dovecot's `dovecot-keywords`.
 *
 * Whose mail it is may have put there what he likes, and may change it meanwhile; who imports it may read more than he: below
 * the root no link is followed, wherever in a path it stands, and nothing but plain files is read.
 *
 * Names are bytes to the system, and not always UTF-8: here paths hold a byte in each character.
 */
import { isUtf8 } from 'node:buffer'
import { constants, type Dirent, existsSync } from 'node:fs'
import { type FileHandle, lstat, open, readdir, readlink, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { Flag, type Flags } from '../store/types.ts'
import { unpacked } from './dovecot-packing.ts'
import { type ImportItem, withCrlf } from './import-item.ts'
import { mailboxOfFolder } from './maildir-name.ts'

export interface MaildirOptions {
  maxMessageBytes: number
}

export interface MaildirFolder {
  /** A byte in each character, as in `files`; without links, as all that is below it is expected to be. */
  folder: string
  /** Levels joined by "/"; empty for the root. */
  mailbox: string
  /** Paths below `folder`, in the order of delivery. */
  files: string[]
  /** What of `folder` is not read: links that lead elsewhere, folders that can't be. */
  problems: { name: string; error: unknown }[]
}

/** Deeper than mailboxes may be. */
const LEVELS = 30
/** Far more than the 26 keywords that file names have letters for. */
const KEYWORDS_BYTES = 64 * 1024

/** Rejects with an error of the file system where `root` itself can't be read; an empty list where it is no Maildir. */
export async function maildirFolders(root: string): Promise<MaildirFolder[]> {
  return foldersOf(await realpath(root, 'latin1'), '', 0)
}

async function foldersOf(root: string, mailbox: string, level: number): Promise<MaildirFolder[]> {
  const entries = (await entriesOf(root)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const names = new Set(entries.map(entry => entry.name))
  const found: MaildirFolder[] = []
  const holdsMessages = names.has('cur') || names.has('new')
  // Else a home folder that was meant for the Maildir in it would come in as a folder of that name.
  if (level === 0 && !holdsMessages) return []
  const problems: MaildirFolder['problems'] = []
  for (const entry of entries)
    if (entry.name !== 'tmp' && (await isLinkedFolder(entry, path.join(root, entry.name))))
      problems.push({ name: textOf(entry.name), error: isLink() })
  const files = await filesOf(root, entries, problems)
  for (const entry of entries) {
    if (level >= LEVELS || !entry.isDirectory() || ['cur', 'new', 'tmp', '.', '..'].includes(entry.name)) continue
    const name = mailboxOfFolder(textOf(entry.name))
    const inner = path.join(root, entry.name)
    try {
      found.push(...(await foldersOf(inner, mailbox ? `${mailbox}/${name}` : name, level + 1)))
    } catch (error) {
      problems.push({ name: textOf(entry.name), error })
    }
  }
  return holdsMessages || problems.length > 0 ? [{ folder: root, mailbox, files, problems }, ...found] : found
}

export async function* readMaildir(
  folders: readonly MaildirFolder[],
  options: MaildirOptions,
): AsyncGenerator<ImportItem, void, void> {
  let position = 0
  for (const { folder, mailbox, files, problems } of folders) {
    const sourceOf = (file: string): string => (mailbox ? `${mailbox}: ${file}` : file)
    const problem = (file: string, error: unknown): ImportItem => {
      const text = error instanceof Error ? error.message : String(error)
      return { kind: 'problem', source: sourceOf(file), problem: text, position }
    }
    for (const { name, error } of problems) yield problem(name, error)
    let keywords: (string | undefined)[] = []
    try {
      keywords = await keywordsOf(folder)
    } catch (error) {
      yield problem(KEYWORDS_FILE, error)
    }
    for (const file of files) {
      const name = textOf(file)
      position++
      let read: PlainFile
      let content: Uint8Array
      try {
        read = await readPlainFile(path.join(folder, file), options.maxMessageBytes)
        content = unpacked(read.content, options.maxMessageBytes)
      } catch (error) {
        yield problem(name, error)
        continue
      }
      if (content.length === 0) yield problem(name, 'empty')
      else
        yield {
          kind: 'message',
          source: sourceOf(name),
          mailbox,
          flags: flagsOf(file, keywords),
          internalDate: Math.round(read.modifiedAt),
          bytes: withCrlf(content),
          position,
        }
    }
  }
}

interface PlainFile {
  content: Uint8Array
  modifiedAt: number
}

const isLink = (): Error => new Error('a link, which is not followed')
const isElsewhere = (): Error => new Error('moved meanwhile, or behind a link, which is not followed')

/** What lies at a path without links. A pipe in its place is not waited for. */
async function openAt(full: string): Promise<FileHandle> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  const file = await open(bytesOf(full), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(error => {
    throw error.code === 'ELOOP' ? isLink() : error
  })
  try {
    await expectAt(full, file)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

/** What the system has opened, whatever its path leads to by now; null on systems that don't tell. */
function descriptorPath({ fd }: FileHandle): string | null {
  const own = `/proc/self/fd/${fd}`
  return existsSync(own) ? own : null
}

/** Throws where it was opened somewhere else: O_NOFOLLOW sees a link at the end of a path alone, and folders above can be made links at any time. */
async function expectAt(full: string, file: FileHandle): Promise<void> {
  const own = descriptorPath(file)
  if (own !== null) {
    if ((await readlink(own, 'latin1')) !== full) throw isElsewhere()
    return
  }
  const isWithoutLinks = async (): Promise<boolean> => (await realpath(bytesOf(full), 'latin1')) === full
  const { dev, ino } = await file.stat({ bigint: true })
  if (!(await isWithoutLinks())) throw isElsewhere()
  const there = await lstat(bytesOf(full), { bigint: true })
  if (there.dev !== dev || there.ino !== ino || !(await isWithoutLinks())) throw isElsewhere()
}

async function entriesOf(full: string): Promise<Dirent[]> {
  const folder = await openAt(full)
  try {
    const at = descriptorPath(folder) ?? bytesOf(full)
    const entries = await readdir(at, { withFileTypes: true, encoding: 'latin1' })
    await expectAt(full, folder)
    return entries
  } finally {
    await folder.close()
  }
}

/** As much of it as there was when it was opened. */
async function readPlainFile(full: string, maxBytes: number): Promise<PlainFile> {
  const file = await openAt(full)
  try {
    const facts = await file.stat()
    if (!facts.isFile()) throw new Error('no plain file')
    if (facts.size > maxBytes) throw new Error(`larger than ${maxBytes} bytes`)
    const content = Buffer.alloc(facts.size)
    let filled = 0
    while (filled < content.length) {
      const { bytesRead } = await file.read(content, filled, content.length - filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return { content: content.subarray(0, filled), modifiedAt: facts.mtimeMs }
  } finally {
    await file.close()
  }
}

const bytesOf = (full: string): Buffer => Buffer.from(full, 'latin1')

/** Of old systems, in Latin-1 most often. */
function textOf(name: string): string {
  const bytes = bytesOf(name)
  return isUtf8(bytes) ? bytes.toString() : name
}

async function isLinkedFolder(entry: Dirent, full: string): Promise<boolean> {
  return entry.isSymbolicLink() && (await stat(bytesOf(full)).catch(() => null))?.isDirectory() === true
}

async function filesOf(
  folder: string,
  entries: readonly Dirent[],
  problems: MaildirFolder['problems'],
): Promise<string[]> {
  const files: string[] = []
  for (const part of entries)
    if (part.isDirectory() && (part.name === 'cur' || part.name === 'new'))
      try {
        for (const { name } of await entriesOf(path.join(folder, part.name)))
          if (!name.startsWith('.')) files.push(`${part.name}/${name}`)
      } catch (error) {
        problems.push({ name: part.name, error })
      }
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

const KEYWORDS_FILE = 'dovecot-keywords'

/** Lines of `number name`; the number counts from the letter a. */
async function keywordsOf(folder: string): Promise<(string | undefined)[]> {
  const keywords: (string | undefined)[] = []
  const read = await readPlainFile(path.join(folder, KEYWORDS_FILE), KEYWORDS_BYTES).catch(error => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  for (const line of Buffer.from(read?.content ?? [])
    .toString()
    .split('\n')) {
    const match = /^(\d{1,2}) ([^\s(){%*"\\\]\x00-\x1f\x7f]{1,100})$/.exec(line)
    if (match?.[2] !== undefined) keywords[Number(match[1])] = match[2]
  }
  return keywords
}
