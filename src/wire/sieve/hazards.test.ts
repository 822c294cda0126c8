// biome-ignore-all lint/suspicious/noTemplateCurlyInString: characters and variables of Sieve look like it
import { describe, expect, it } from 'vitest'
import { processorMsSince, processorTime } from '../../../test/support/processor-time.ts'
import { actionsOf, errorsOf, run } from '../../../test/support/sieve.ts'

/** So that a test fails rather than lasts: each of these once took minutes, or had no end. */
const PATIENCE_MS = 5_000

describe('compiling', () => {
  it.each([
    ['digits of a character that never ends', `\${hex:${'a'.repeat(60_000)}`],
    ['characters that never end', `\${hex:${'aa '.repeat(20_000)}`],
    ['characters that end in another way', `\${unicode:${'a b '.repeat(15_000)}x}`],
  ])('%s is no different from other text', (_, text) => {
    const start = processorTime()
    expect(errorsOf(`require "encoded-character"; if header "subject" "${text}" { stop; }`)).toEqual([])
    expect(processorMsSince(start)).toBeLessThan(PATIENCE_MS)
  })

  it('an expression of nothing, repeated', () => {
    const start = processorTime()
    for (const nothing of ['a{0}', '(a{0}b{0}){0}', 'a{0}{0}'])
      expect(
        errorsOf(`require "regex"; if header :regex "subject" "${nothing}${'{255}'.repeat(40)}" { stop; }`),
      ).toEqual([])
    expect(processorMsSince(start)).toBeLessThan(PATIENCE_MS)
  })

  it('regular expressions that are large together', async () => {
    const list = (length: number): string => Array.from({ length }, () => '"(a|b){200}"').join(',')
    const tooMany = 'the regular expressions of this script are too many, or too large'
    expect(errorsOf(`require "regex";\nif header :regex "subject" [${list(1_000)}] { stop; }`)).toEqual([
      `2:237 ${tooMany}`,
    ])
    const included = (): string => `require "regex"; if header :regex "subject" [${list(4)}] { stop; }`
    const includes = Array.from({ length: 10 }, (_, i) => `include "${i}";`).join('\n')
    const { error } = await run(`require "include";\n${includes}`, { included })
    expect(error).toMatchObject({ line: 6, message: `the script "4" can't run: line 1, column 46: ${tooMany}` })
  })

  it('more commands and tests than anyone writes', () => {
    expect(errorsOf('keep;'.repeat(25_000))).toEqual([])
    expect(errorsOf('keep;'.repeat(25_001))).toEqual(['1:125001 more than 25000 commands and tests'])
    const tests = (count: number): string => `if anyof (${Array.from({ length: count }, () => 'true').join(',')}) {}`
    expect(errorsOf(tests(999))).toEqual([])
    expect(errorsOf(tests(1_000))).toEqual(['1:5006 more than 1000 tests in a command'])
    expect(errorsOf(`redirect "${'a'.repeat(65_537)}";`)).toEqual(['1:10 a string is longer than 65536 characters'])
  })

  it('scripts that include many large ones', async () => {
    const included = (): string => 'keep;'.repeat(10_000)
    const { error } = await run('require "include"; include "a"; include "b"; include "c";', { included })
    const where = 'line 1, column 24981: more than 25000 commands and tests'
    expect(error).toMatchObject({ column: 54, message: `the script "c" can't run: ${where}` })
  })
})

describe('running', () => {
  it('scripts that include each other and do nothing', async () => {
    const start = processorTime()
    const nothing = 'if true {}\n'.repeat(5_000)
    const includes = (name: string): string => `require "include";\n${`include "${name}";\n`.repeat(1_000)}`
    const outcome = await run(includes('a'), { included: (_, name) => (name === 'a' ? includes('b') : nothing) })
    expect(outcome).toMatchObject({
      implicitKeep: true,
      error: { message: 'the script takes too long for this message' },
    })
    expect(processorMsSince(start)).toBeLessThan(PATIENCE_MS)
  })

  it('the date of a field that has no end, looked at over and over', async () => {
    const start = processorTime()
    const source = `require "date";\n${'if date "date" "year" "2026" { stop; }\n'.repeat(8_000)}`
    const outcome = await run(source, { header: `Date: ${'('.repeat(200_000)}` })
    expect(outcome).toMatchObject({ error: { message: 'the script takes too long for this message' } })
    expect(processorMsSince(start)).toBeLessThan(PATIENCE_MS)
  })

  it('expressions made anew for each of many fields', async () => {
    const start = processorTime()
    const header = 'X-A: b\n'.repeat(3_000)
    const source = `require ["variables", "regex"]; set "a" "(a|c){200}";\n${'if header :regex "x-a" "${a}" { stop; }\n'.repeat(100)}`
    expect(await run(source, { header })).toMatchObject({ error: { line: 2 } })
    expect(processorMsSince(start)).toBeLessThan(PATIENCE_MS)
  })
})

describe('what stands around the parts of a multipart', () => {
  it('ends where the line end of the delimiter begins (RFC 2046 §5.1.1)', async () => {
    const given = {
      header: 'Content-Type: multipart/mixed; boundary=b',
      body: 'before\n--b\n\npart\n--b--\nbehind',
    }
    for (const text of ['before', 'behind']) {
      const source = `require ["body", "fileinto"]; if body :content "multipart" :is "${text}" { fileinto "found"; }`
      expect(await actionsOf(source, given)).toHaveLength(1)
    }
  })
})

describe('a list of tests with one that is always true', () => {
  it('keeps what those before it left behind', async () => {
    const source = 'if anyof (header :matches "subject" "*lo", true) { fileinto "${1}"; }'
    expect(await actionsOf(`require ["variables", "fileinto"];${source}`)).toMatchObject([{ mailbox: 'Hel' }])
    expect(await actionsOf('require "duplicate"; if anyof (duplicate :uniqueid "a", true) {}')).toMatchObject([
      { kind: 'rememberDuplicate', id: 'a' },
    ])
  })
})
