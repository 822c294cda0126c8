/** What bin/facteur.js runs: what was built, as long as it was built of the sources beside it. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const program = path.resolve(import.meta.dirname, '../../bin/facteur.js')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-program-'))
  mkdirSync(path.join(folder, 'bin'))
  copyFileSync(program, path.join(folder, 'bin/facteur.js'))
  write('package.json', '{ "type": "module" }')
  write('package-lock.json', '{}')
  write('src/main.ts', "console.log('sources' satisfies string)")
  write('src/mail/door.ts', '')
  write('src/mail/door.test.ts', '')
  write('dist/main.js', "console.log('built')")
  for (const name of [
    'package-lock.json',
    'src/main.ts',
    'src/mail/door.ts',
    'src/mail/door.test.ts',
    'src/mail',
    'src',
  ])
    writtenAt(name, 1_000)
  writtenAt('dist/main.js', 2_000)
})

afterEach(() => rmSync(folder, { recursive: true }))

function write(name: string, text: string): void {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}

const writtenAt = (name: string, seconds: number): void => utimesSync(path.join(folder, name), seconds, seconds)

const ran = (): string =>
  execFileSync(process.execPath, [path.join(folder, 'bin/facteur.js')], { encoding: 'utf8' }).trim()

describe('bin/facteur.js', () => {
  it('runs what was built', () => {
    expect(ran()).toBe('built')
    writtenAt('src/mail/door.test.ts', 3_000)
    expect(ran(), 'a test is no part of it').toBe('built')
  })

  it.each([
    ['a source', 'src/mail/door.ts'],
    ['what a folder holds', 'src/mail'],
    ['a library', 'package-lock.json'],
  ])('runs the sources where %s changed since', (_, name) => {
    writtenAt(name, 3_000)
    expect(ran()).toBe('sources')
  })

  it('runs the sources where nothing was built', () => {
    rmSync(path.join(folder, 'dist'), { recursive: true })
    expect(ran()).toBe('sources')
  })

  it('runs what was built where there are no sources', () => {
    rmSync(path.join(folder, 'src'), { recursive: true })
    expect(ran()).toBe('built')
  })
})
