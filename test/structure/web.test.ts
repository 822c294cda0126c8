/** The rules of web/: what it may import, and how long its files are. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { textFiles, withFrenchSpaces } from '../../web/dev/french-spaces.ts'

const root = path.resolve(import.meta.dirname, '../../web')
const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(name => /\.tsx?$/.test(name))
  .map(name => path.posix.join('src', name.split(path.sep).join('/')))
const source = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const isTest = (file: string): boolean => file.endsWith('.test.ts')

interface Import {
  from: string
  to: string
  kind: 'static' | 'type' | 'dynamic'
}

const statement = /^\s*(?:import|export)\s+(type\s+)?(?:[^'"]*?from\s+)?'([^']+)'|import\('([^']+)'\)/gm

const imports = files.flatMap(file =>
  [...source(file).matchAll(statement)].map(([, type, named, dynamic]): Import => {
    const to = named ?? dynamic ?? ''
    return {
      from: file,
      to: to.startsWith('.') ? path.posix.normalize(path.posix.join(path.posix.dirname(file), to)) : to,
      kind: dynamic !== undefined ? 'dynamic' : type !== undefined ? 'type' : 'static',
    }
  }),
)

const areaOf = (file: string): string | undefined => /^src\/areas\/([^/]+)\//.exec(file)?.[1]

describe('the web application', () => {
  it('takes from the server the types of the API alone', () => {
    // Samples for pictures may be made by the server's own code: they are no part of the application.
    const outside = imports.filter(({ from, to }) => to.startsWith('../') && !from.endsWith('/screens.ts'))
    expect(outside.filter(({ to, kind }) => kind !== 'type' || !to.startsWith('../src/api/'))).toEqual([])
  })

  it('takes nothing from what is for development', () => {
    const wrong = imports.filter(({ to }) => /^(?:dev\/|src\/gallery\/)/.test(to))
    // Tests look at the screens themselves.
    expect(wrong.filter(({ from }) => !/^src\/gallery\/|\/screens\.ts$|\.test\.ts$/.test(from))).toEqual([])
    expect(imports.filter(({ to }) => to.endsWith('/screens.ts') && !to.startsWith('dev/'))).toEqual([])
  })

  it('has a shared part that knows no area, no shell and no gallery', () => {
    expect(imports.filter(({ from, to }) => from.startsWith('src/shared/') && /^src\/(?!shared\/)/.test(to))).toEqual(
      [],
    )
  })

  it('keeps areas apart', () => {
    // The shell asks for the password by the form of signing in; whatever else two areas share belongs in shared/.
    const wrong = imports.filter(({ from, to }) => {
      const a = areaOf(from)
      const b = areaOf(to)
      return a !== undefined && b !== undefined && a !== b
    })
    expect(wrong).toEqual([])
  })

  it('loads the pages of areas when they are opened', () => {
    const listing = /\/areas\/(?:index|public)\.ts$|\/area\.ts$/
    expect(
      imports.filter(({ from, to, kind }) => listing.test(from) && /\.tsx$/.test(to) && kind === 'static'),
    ).toEqual([])
    expect(imports.filter(({ from, kind }) => listing.test(from) && kind === 'dynamic').length).toBeGreaterThan(0)
  })

  it('imports icons by name and no library as a whole', () => {
    expect(
      imports.filter(({ to }) => to === 'lucide-react/dynamic' || to === 'preact' || to.startsWith('preact/')),
    ).toEqual([])
    expect(files.filter(file => /import \* as \w+ from '(?!\.)/.test(source(file)))).toEqual([])
  })

  it('writes texts in both languages: none stands in the markup', () => {
    // The gallery shows examples, in French alone.
    const wrong = files
      .filter(file => file.endsWith('.tsx') && !file.startsWith('src/gallery/'))
      .flatMap(file =>
        [...source(file).matchAll(/>\s*([A-ZÀ-Ý][a-zà-ÿ’]+(?:\s[a-zà-ÿ’]+)+[^<>{}=]*)</g)].map(
          ([, text]) => `${file}: ${text}`,
        ),
      )
    expect(wrong).toEqual([])
  })

  it('breaks no line before a French : ; ! ? » nor after « (node web/dev/french-spaces.ts puts it right)', () => {
    const wrong = textFiles().filter(
      file => withFrenchSpaces(readFileSync(file, 'utf8')) !== readFileSync(file, 'utf8'),
    )
    expect(wrong.map(file => path.relative(root, file))).toEqual([])
    // What it must see, and what it must leave alone.
    const sample = (space: string): string =>
      `defineTexts({ a: 'Oublié${space}?', b: \`«${space}\${n ? 1 : 2}${space}»${space}:\`, c: 'https://x', d: n ? 'un' : 'deux' })`
    expect(withFrenchSpaces(sample(' '))).toBe(sample('\u00a0'))
  })

  it('has files short enough to read', () => {
    const long = files
      .map(file => ({ file, lines: source(file).split('\n').length }))
      .filter(({ file, lines }) => lines > (isTest(file) ? 600 : 400))
    expect(long).toEqual([])
  })
})
