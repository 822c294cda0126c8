/** The version of the package, read from where it is declared. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { programFolder } from './program-folder.ts'

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(programFolder, 'package.json'), 'utf8'))
  return version
}
