import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { makeFolder } from './make-folder.ts'

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'facteur-make-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

it('makes what is missing, for its owner alone, and takes what is there', () => {
  const folder = path.join(newFolder(), 'a', 'b')
  makeFolder(folder)
  makeFolder(folder)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(path.dirname(folder)).mode & 0o777).toBe(0o700)
})

it('says so where a file stands in the way', () => {
  const file = path.join(newFolder(), 'file')
  writeFileSync(file, '')
  for (const folder of [file, path.join(file, 'x')])
    expect(() => makeFolder(folder)).toThrow(`the folder ${folder} can't be made: EEXIST`)
})

it('says where a link leads that stands in the way', () => {
  const link = path.join(newFolder(), 'link')
  symlinkSync('/nowhere/data', link)
  for (const folder of [link, path.join(link, 'x')])
    expect(() => makeFolder(folder)).toThrow(
      `the folder ${folder} can't be made: ${link} is a link to /nowhere/data, which is not there, or no folder`,
    )
})

it.skipIf(!existsSync('/proc/self'))('says so where nothing can be made', () => {
  expect(() => makeFolder('/proc/x1')).toThrow("the folder /proc/x1 can't be made: ENOENT")
})
