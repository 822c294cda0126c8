import { statSync } from 'node:fs'
import path from 'node:path'

const isFolder = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Which of Dovecot's own formats a folder has; null where none of them. */
export function dboxOf(folder: string): 'sdbox' | 'mdbox' | null {
  if (!isFolder(path.join(folder, 'mailboxes'))) return null
  return isFolder(path.join(folder, 'storage')) ? 'mdbox' : 'sdbox'
}
