import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { fieldText } from './field-texts.ts'
import { problemTexts } from './problem-texts.ts'

const codes = Object.entries(problemTexts)
const placeholders = (texts: readonly (string | undefined)[]): string[] =>
  [...texts.join(' ').matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').toSorted()

describe.each(codes)('%s', (code, { status, fr, en }) => {
  it('has a code that programs can go by, and a status of an error', () => {
    expect(code).toMatch(/^[a-z]+(-[a-z0-9]+)*$/)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
  })

  it('has a text in both languages, of whole sentences and with the same values', () => {
    for (const [title, detail] of [fr, en])
      for (const text of [title, ...(detail === undefined ? [] : [detail])]) expect(text).toMatch(/^[A-ZÀÉÊ{«“].{4,}/)
    expect(placeholders(fr)).toEqual(placeholders(en))
    expect(fr.length).toBe(en.length)
  })

  it('is set as French is', () => {
    for (const text of fr.filter(part => part !== undefined)) {
      // The name of a header is no French, nor is a colon inside of a word.
      const prose = text.replace(/[\w-]+: [\w/]+|\S:+(?=\S)/g, '')
      expect(prose).not.toMatch(/'/)
      expect(prose.match(/(?<!\u202f)[!?;]|(?<!\u00a0)[:»]|«(?!\u00a0)/g) ?? []).toEqual([])
    }
  })
})

it('every code the web application knows is one that the API has', () => {
  const root = path.resolve(import.meta.dirname, '../../web/src')
  const used = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file) && !/\.test\.|gallery/.test(file))
    .flatMap(file => [...readFileSync(path.join(root, file), 'utf8').matchAll(/\bcode\s*[!=]==\s*'([\w-]+)'/g)])
    .map(([, code]) => code)
  const known = new Set([...Object.keys(problemTexts), 'unreachable', 'unexpected'])
  expect(used.filter(code => code !== undefined && !known.has(code))).toEqual([])
})

it('members that do not meet their schema are told of in both languages', () => {
  for (const code of [
    'required',
    'unknown',
    'type',
    'enum',
    'pattern',
    'too-short',
    'too-long',
    'minimum',
    'maxItems',
    'whatever',
  ])
    for (const limit of [0, 1, 8]) {
      const [fr, en] = [fieldText(code, limit, 'fr'), fieldText(code, limit, 'en')]
      expect(fr).toMatch(/^[A-Z].*\.$/)
      expect(en).toMatch(/^[A-Z].*\.$/)
      expect(fr).not.toBe(en)
    }
})
