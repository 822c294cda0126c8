/**
 * How much JavaScript a first visit loads, gzipped: 40 kB for any page before signing in, 200 kB for the panel with any of its pages.
 * Measured on a build of its own, along the static imports of Vite's manifest; what a page loads later (plots, QR codes in dialogs) doesn't count.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Chunk {
  file: string
  isEntry?: boolean
  imports?: string[]
  dynamicImports?: string[]
}

const web = path.resolve(import.meta.dirname, '../../web')
const outDir = mkdtempSync(path.join(tmpdir(), 'facteur-budgets-'))
const entry = 'index.html'
const shell = 'src/shell/shell.tsx'
let chunks: Record<string, Chunk> = {}

beforeAll(async () => {
  await build({ configFile: path.join(web, 'vite.config.ts'), logLevel: 'error', build: { outDir } })
  chunks = JSON.parse(readFileSync(path.join(outDir, '.vite/manifest.json'), 'utf8'))
})
afterAll(() => rmSync(outDir, { recursive: true }))

function chunkOf(name: string): Chunk {
  const chunk = chunks[name]
  if (chunk === undefined) throw new Error(`${name} is not in the manifest`)
  return chunk
}

/** The chunks that loading `names` loads. */
function closure(names: readonly string[]): Set<string> {
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    chunkOf(name).imports?.forEach(visit)
  }
  names.forEach(visit)
  return found
}

function kilobytes(names: Iterable<string>): number {
  let bytes = 0
  for (const name of names) {
    const { file } = chunkOf(name)
    if (file.endsWith('.js')) bytes += gzipSync(readFileSync(path.join(outDir, file))).length
  }
  return bytes / 1000
}

const dynamicImportsOf = (names: Iterable<string>): string[] => [
  ...new Set([...names].flatMap(name => chunkOf(name).dynamicImports ?? [])),
]

describe('gzipped JavaScript', () => {
  it('of each page before signing in fits 40 kB, with the parts it loads of its own', () => {
    const own = dynamicImportsOf(closure([entry]))
    const before = own.filter(name => name !== shell)
    expect(before).toContain('src/areas/sign-in/sign-in-page.tsx')
    // Such as the second step of signing in; what speaks to passkeys is fetched when one is asked for, and counted apart.
    const passkeys = (name: string): boolean => name.includes('@simplewebauthn/browser')
    const partsOf = (page: string): string[] =>
      dynamicImportsOf(closure([page])).filter(name => !own.includes(name) && !passkeys(name))
    expect(kilobytes(Object.keys(chunks).filter(passkeys))).toBeLessThan(4)
    const large = before
      .map(page => ({ page, size: kilobytes(closure([entry, page, ...partsOf(page)])) }))
      .filter(({ size }) => size > 40)
    expect(large).toEqual([])
  })

  it('of the panel and any one page fits 200 kB', () => {
    const pages = chunkOf(shell).dynamicImports ?? []
    expect(pages.length).toBeGreaterThan(0)
    const large = pages
      .map(page => ({ page, size: Math.ceil(kilobytes(closure([entry, shell, page]))) }))
      .filter(({ size }) => size > 200)
    expect(large).toEqual([])
  })
})

describe('the built page', () => {
  it('has nothing inline and nothing from elsewhere', () => {
    const html = readFileSync(path.join(outDir, entry), 'utf8')
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/)
    for (const [, address] of html.matchAll(/\s(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^\/(?!\/)/)
  })

  it('names its files by their content, below /assets/', () => {
    const files = Object.values(chunks).map(({ file }) => file)
    expect(files.filter(file => !/^assets\/[\w.-]+-[\w-]{8}\.\w+$/.test(file))).toEqual([])
  })
})
