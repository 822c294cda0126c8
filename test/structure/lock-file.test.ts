/** The lock file, held to what `npm ci` asks of it: with a hole in it the first command of the README ends in an error. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

interface Locked {
  version?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const file = path.resolve(import.meta.dirname, '../../package-lock.json')
const { packages }: { packages: Record<string, Locked> } = JSON.parse(readFileSync(file, 'utf8'))

/** Whether `name`, asked for by the package at `from`, is found in a node_modules on the way up from there. */
function isLocked(name: string, from: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]?.version) return true
    if (folder === '') return false
  }
}

it('names a version of every package, those for other platforms included', () => {
  const missing = Object.entries(packages).flatMap(([from, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter(name => !isLocked(name, from))
      .map(name => `${name}, asked for by ${from}`),
  )
  expect(missing).toEqual([])
})
