/** Where the program lies: the folder of its package.json, with what it reads of its own (the help, the web application). */
import { existsSync } from 'node:fs'
import path from 'node:path'

/** The folder above, however the build arranges its files: sources lie deeper than what is made of them. */
function programFolderAbove(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder
  const above = path.dirname(folder)
  if (above === folder) throw new Error('the program lies beside no package.json')
  return programFolderAbove(above)
}

export const programFolder = programFolderAbove(import.meta.dirname)
