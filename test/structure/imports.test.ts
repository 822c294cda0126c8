/** The rooms of docs/overview.md, held to what each may import. A new room is added there and here. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../../src')
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => name.split(path.sep).join('/'))

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

function importsOf(file: string): Import[] {
  const source = readFileSync(path.join(root, file), 'utf8')
  const found: Import[] = []
  for (const match of source.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?(?:[^'"\n]|\n(?!\s*(?:import|export)\b))*?from\s+'(\.[^']+)'/gm,
  ))
    found.push({
      from: file,
      to: path.posix.normalize(path.posix.join(path.posix.dirname(file), match[2] ?? '')),
      typeOnly: match[1] !== undefined,
    })
  return found
}

const imports = files.flatMap(importsOf)
const roomOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : file.replace(/\.ts$/, ''))
const isTest = (file: string): boolean => file.endsWith('.test.ts')

const services = ['mail', 'accounts', 'policy', 'queue', 'archive', 'deliverability', 'help', 'cluster']
const mayImport: Record<string, string[]> = {
  wire: [],
  help: ['wire', 'ops'],
  ops: ['store', 'wire'],
  store: ['wire', 'ops'],
  policy: ['wire', 'store', 'ops'],
  mail: ['wire', 'store', 'ops', 'accounts', 'policy', 'queue'],
  accounts: ['wire', 'store', 'ops'],
  queue: ['wire', 'store', 'ops', 'mail', 'accounts'],
  archive: ['wire', 'store', 'ops', 'mail', 'accounts'],
  deliverability: ['wire', 'store', 'ops', 'accounts'],
  cluster: ['store', 'ops', 'mail', 'accounts'],
  api: [...services, 'wire', 'store', 'ops'],
  servers: [...services, 'api', 'wire', 'store', 'ops'],
  cli: [...services, 'api', 'servers', 'wire', 'store', 'ops', 'app'],
  app: [...services, 'api', 'servers', 'wire', 'store', 'ops', 'cli'],
  main: ['cli', 'ops', 'app'],
}

describe('rooms', () => {
  it('are all known', () => {
    expect([...new Set(files.map(roomOf))].filter(room => !(room in mayImport))).toEqual([])
  })

  it('import in one direction', () => {
    const wrong = imports
      .filter(({ from }) => !isTest(from))
      .filter(({ from, to }) => roomOf(from) !== roomOf(to) && !mayImport[roomOf(from)]?.includes(roomOf(to)))
    expect(wrong).toEqual([])
  })

  it('know the store by its interface alone, and a server by its types and StoreError', () => {
    const wrong = imports
      .filter(({ from }) => !isTest(from) && ![...'store app cli'.split(' ')].includes(roomOf(from)))
      .filter(({ to }) => roomOf(to) === 'store' && !/^store\/(?:store\.ts|types\.ts|types\/)/.test(to))
    expect(wrong).toEqual([])
  })

  it('keep one protocol out of another', () => {
    const protocolOf = (file: string): string | undefined => /^(?:wire|servers)\/([^/]+)\//.exec(file)?.[1]
    const shared = new Set(['mime', 'report'])
    const wrong = imports.filter(({ from, to }) => {
      const a = protocolOf(from)
      const b = protocolOf(to)
      return !isTest(from) && a !== undefined && b !== undefined && a !== b && !shared.has(b)
    })
    expect(wrong).toEqual([])
  })

  it('have no cycles between files', () => {
    const edges = new Map<string, string[]>()
    for (const { from, to, typeOnly } of imports) if (!typeOnly) edges.set(from, [...(edges.get(from) ?? []), to])
    const done = new Set<string>()
    const cycles: string[][] = []
    const visit = (file: string, trail: string[]): void => {
      const at = trail.indexOf(file)
      if (at >= 0) cycles.push([...trail.slice(at), file])
      if (at >= 0 || done.has(file)) return
      for (const next of edges.get(file) ?? []) visit(next, [...trail, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(cycles).toEqual([])
  })
})

describe('sources', () => {
  it('hold SQL in the store alone', () => {
    const statement =
      /\b(?:SELECT\s[^'"]{1,300}?\sFROM\s|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET|CREATE\s+TABLE)/
    const comment = /\/\*[\s\S]*?\*\/|\/\/.*$/gm
    const wrong = files.filter(
      file =>
        roomOf(file) !== 'store' &&
        !isTest(file) &&
        statement.test(readFileSync(path.join(root, file), 'utf8').replace(comment, '')),
    )
    expect(wrong).toEqual([])
  })

  it('are short enough to read', () => {
    const long = files
      .map(file => ({ file, lines: readFileSync(path.join(root, file), 'utf8').split('\n').length }))
      .filter(({ file, lines }) => lines > (isTest(file) ? 600 : 400))
    expect(long).toEqual([])
  })
})
