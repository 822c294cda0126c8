// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve look like it
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { processorMsSince, processorTime } from '../../../test/support/processor-time.ts'
import { errorsOf, run, world } from '../../../test/support/sieve.ts'
import { capabilities } from './capabilities.ts'
import { commandDefinitions } from './commands.ts'
import { compileScript } from './compile.ts'
import { sieveMessage } from './message.ts'
import { runScript } from './run-script.ts'
import { testDefinitions } from './tests.ts'

const everything = `require ${JSON.stringify(capabilities.filter(name => name !== 'encoded-character'))};\n`

/** Of the processor, so that a test fails rather than lasts: what is bounded ends in a fraction of it. */
const PATIENCE_MS = 5_000

async function timed<T>(work: () => T | Promise<T>): Promise<T> {
  const start = processorTime()
  const result = await work()
  expect(processorMsSince(start)).toBeLessThan(PATIENCE_MS)
  return result
}

describe('scripts that want too much are refused', () => {
  it.each([
    ['blocks', 'if true {'.repeat(50_000), '1:297 more than 32 blocks inside each other'],
    ['tests', `if ${'not '.repeat(50_000)}true {}`, '1:132 more than 32 tests inside each other'],
    ['lists of tests', `if ${'anyof ('.repeat(50_000)}`, '1:227 more than 32 tests inside each other'],
    ['brackets', `if header ${'['.repeat(50_000)}`, '1:12 "[" stands where a string should'],
    [
      'strings',
      `if exists [${'"a",'.repeat(10_001)}"a"] {}`,
      '1:40012 more than 10000 strings in the lists of a command',
    ],
    ['characters', ' '.repeat(1024 * 1024 + 1), '1:1 the script is longer than 1048576 characters'],
  ])('%s', async (_, source, error) => {
    expect(await timed(() => errorsOf(source))).toEqual([error])
  })

  it('and a thousand errors are not told', async () => {
    expect(await timed(() => errorsOf('kep;\n'.repeat(20_000)))).toHaveLength(20)
  })

  it('large ones that are right compile', async () => {
    const list = Array.from({ length: 9_999 }, (_, i) => `"a${i}@example.org"`).join(',')
    const source = `if address "from" [${list}] { discard; }\n`.repeat(4)
    expect(await timed(() => errorsOf(source))).toEqual([])
    expect(await timed(() => errorsOf(`${everything}${'/* */ # \n'.repeat(100_000)}`))).toEqual([])
    expect(await timed(() => errorsOf(`redirect "${'\\a'.repeat(400_000)}";`))).toHaveLength(1)
  })
})

describe('scripts that would run for long are stopped, and the message is kept', () => {
  const long = 'a'.repeat(100_000)
  const tooLong = { implicitKeep: true, actions: [], error: { message: 'the script takes too long for this message' } }

  it.each([
    ['globs', `if body :matches "*${'?'.repeat(300)}b" { discard; }\n`.repeat(100)],
    ['regular expressions', `if body :regex "(a|aa)+(a*)*(a*)*$x" { discard; }\n`.repeat(100)],
    ['wide ones', `if body :regex "((a?){200})(b?){200}x" { discard; }\n`.repeat(12)],
    ['searches', `if body :contains "${'a'.repeat(500)}b" { discard; }\n`.repeat(1800)],
    [
      'variables',
      `set "a" "${long.slice(0, 5000)}";\n${'set :lower :upperfirst :length "b" "${a}${a}${a}${a}";\n'.repeat(10_000)}`,
    ],
    [
      'keys',
      `set "a" "${long.slice(0, 5000)}";\n${`if string :contains "x" [${'"${a}",'.repeat(9_000)} "${'${a}'.repeat(100)}"] { discard; }\n`.repeat(10)}`,
    ],
  ])('%s', async (_, source) => {
    const outcome = await timed(() => run(everything + source, { body: long }))
    expect(outcome).toMatchObject(tooLong)
  })

  it('looks into a message of many parts', async () => {
    const header = 'Content-Type: multipart/mixed; boundary=b'
    const body = `${'--b\nContent-Type: image/png\n\n\n'.repeat(4_900)}--b--\n`
    const source = `if anyof (${Array.from({ length: 900 }, (_, i) => `body :contains "${i}"`).join(',')}) { discard; }`
    expect(await timed(() => run(everything + source, { header, body }))).toMatchObject(tooLong)
  })

  it('and others have their turn meanwhile', async () => {
    let pauses = 0
    const pause = async (): Promise<void> => {
      pauses++
    }
    const source = `${everything}${'if body :regex "x(a*)*(a*)*(a*)*b" { discard; }\n'.repeat(200)}`
    expect((await run(source, { body: long, world: { pause } })).error).toBeUndefined()
    expect(pauses).toBeGreaterThan(10)
  })

  it.each([
    ['globs', `if body :matches "*${'?'.repeat(300)}b" { discard; }`],
    ['regular expressions', 'if body :regex "x(a*)*(a*)*(a*)*b" { discard; }'],
    ['many keys', `if body :contains [${Array.from({ length: 300 }, (_, i) => `"${i}b"`).join(',')}] { discard; }`],
  ])('also within a single test: %s', async (_, test) => {
    let pauses = 0
    const pause = (): undefined => {
      pauses++
    }
    const body = `${long}${'xaaaaaaaa'.repeat(10_000)}`
    await timed(() => run(everything + test, { body, world: { pause } }))
    // Of a body of 200,000 characters two or three come from reading it.
    expect(pauses).toBeGreaterThan(10)
  })

  it.each([':value "gt"', ':is'])('and within one of numbers: %s', async type => {
    let pauses = 0
    const pause = (): undefined => {
      pauses++
    }
    const keys = Array.from({ length: 9_000 }, (_, i) => `"${i + 2}"`).join(',')
    const source = `if header ${type} :comparator "i;ascii-numeric" "x-number" [${keys}] { discard; }`
    const header = 'X-Number: 1\n'.repeat(1_000).trim()
    expect(await timed(() => run(everything + source, { header, world: { pause } }))).toMatchObject(tooLong)
    expect(pauses).toBeGreaterThan(10)
  })

  it('variables do not grow without end', async () => {
    const doubling = Array.from({ length: 2000 }, () => 'set "a" "${a}${a}${a}${a}${a}${a}${a}${a}";').join('\n')
    const { error } = await timed(() => run(`${everything}set "a" "xxxxxxxx";\n${doubling}`))
    if (error) expect(error.message).toBe('the script takes too long for this message')
    const many = Array.from({ length: 300 }, (_, i) => `set "v${i}" "x";`).join('\n')
    expect(await run(everything + many)).toMatchObject({ error: { message: 'more than 256 variables' } })
  })

  it('nor do actions, fields and flags', async () => {
    const mailboxes = Array.from({ length: 33 }, (_, i) => `fileinto "m${i}";`).join('\n')
    expect(await run(everything + mailboxes)).toMatchObject({ error: { line: 34, message: 'more than 32 actions' } })
    const fields = Array.from({ length: 33 }, (_, i) => `addheader "X-${i}" "x";`).join('\n')
    expect(await run(everything + fields)).toMatchObject({ error: { message: 'more than 32 header fields are added' } })
    const flags = Array.from({ length: 100 }, (_, i) => `f${i}`).join(' ')
    expect((await run(`${everything}addflag "${flags}";`)).flags).toHaveLength(64)
  })

  it('a message of many addresses with quotes', async () => {
    const list = (field: number): string =>
      Array.from({ length: 4_990 }, (_, i) => `"\\a ${field}${i}xxxxxx"@b.example`).join(',\n ')
    const header = Array.from({ length: 6 }, (_, field) => `To: ${list(field)}`).join('\n')
    await timed(async () => {
      for (let message = 0; message < 4; message++)
        expect((await run('if address :domain "to" "c.example" { discard; }', { header })).error).toBeUndefined()
    })
  })

  it('a message of many fields', async () => {
    const header = Array.from({ length: 5_000 }, (_, i) => `X-Field: value ${i}`).join('\n')
    const source = `${everything}${'if header :matches "x-field" "*[*]*[*]*" { discard; }\n'.repeat(100)}`
    const outcome = await timed(() => run(source, { header }))
    if (outcome.error) expect(outcome).toMatchObject(tooLong)
    const deletes = `${everything}${'addheader "x" "y"; deleteheader "x";\n'.repeat(10_000)}`
    expect((await timed(() => run(deletes, { header }))).error).toBeDefined()
  })
})

/** Pieces that scripts are made of, right and wrong ones, put together at random. */
const words = [
  ...commandDefinitions.keys(),
  ...testDefinitions.keys(),
  ...['if', 'elsif', 'else', 'require', ';', '{', '}', '(', ')', '[', ']', ',', ';', '{ keep; }', 'text:\nabc\n.\n'],
  ...[
    ':is',
    ':contains',
    ':matches',
    ':regex',
    ':count',
    ':value',
    ':comparator',
    ':all',
    ':domain',
    ':index',
    ':last',
  ],
  ...[':copy', ':create', ':flags', ':days', ':mime', ':handle', ':zone', ':content', ':raw', ':lower', ':once'],
  ...[
    '"subject"',
    '"from"',
    '"*a?b*"',
    '"(a|b)*"',
    '"i;ascii-numeric"',
    '"i;octet"',
    '"gt"',
    '"${a}"',
    '"${1}"',
    '"a"',
  ],
  ...[
    '"a@example.org"',
    '"mailto:a@example.org"',
    '"year"',
    '"+0100"',
    '["a", "b"]',
    '5',
    '1K',
    '"\\\\Seen"',
    '#\n',
    '/**/',
  ],
]

const message = sieveMessage(
  Buffer.from('From: a@example.org\r\nSubject: ab\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\n\r\naxb\r\n'),
  { from: 'a@example.org', to: 'b@example.org' },
)

describe('whatever is written', () => {
  const script = fc.oneof(
    fc.array(fc.constantFrom(...words), { maxLength: 40 }).map(list => list.join(' ')),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(...'"\\:;[]{}(),#/*\n\r .$kt1'), maxLength: 60 }),
  )

  it('compiles or is told what is wrong within it, and what compiles runs to its end', async () => {
    await fc.assert(
      fc.asyncProperty(script, fc.boolean(), async (text, isRequired) => {
        const source = isRequired ? everything + text : text
        const compiled = compileScript(source, { included: () => text })
        if (compiled.ok) {
          const outcome = await runScript(compiled.script, message, world)
          if (outcome.error) expect(outcome).toMatchObject({ actions: [], implicitKeep: true })
          return
        }
        expect(compiled.errors.length).toBeGreaterThan(0)
        const lines = source.split('\n')
        for (const { line, column } of compiled.errors) {
          expect(line).toBeGreaterThanOrEqual(1)
          expect(line).toBeLessThanOrEqual(lines.length)
          expect(column).toBeGreaterThanOrEqual(1)
          expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1)
        }
      }),
      { numRuns: 1000 },
    )
  })

  /** Commands that are right by construction, so that more than errors is run. */
  const command = fc.constantFrom(
    'keep;',
    'fileinto "a";',
    'fileinto :copy :create :flags ["x", "\\\\Seen"] "${a}b";',
    'redirect :copy "a@example.org";',
    'discard;',
    'stop;',
    'reject "no";',
    'vacation :days 3 "away";',
    'addflag "x";',
    'removeflag "x";',
    'set :upper "a" "${a}${1}x";',
    'addheader "X-A" "${a}";',
    'deleteheader :matches "Subject" "a*";',
    'notify "mailto:a@example.org";',
    'include :optional "self";',
    'return;',
    'if header :matches "subject" "*b" { set "b" "${1}"; }',
    'if not anyof (header :regex "subject" "(a)(b)", duplicate) { keep; }',
    'if allof (body :contains "x", currentdate :value "ge" "year" "2020") { fileinto "c"; } else { stop; }',
    'if string :is "${a}" "X" { discard; }',
  )
  it('that is right has an outcome that makes sense', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 12 }), async commands => {
        const source = everything + commands.join('\n')
        const compiled = compileScript(source, { included: () => source })
        expect(compiled.ok).toBe(true)
        if (!compiled.ok) return
        const first = await runScript(compiled.script, message, world)
        // A compiled script keeps nothing of a run.
        expect(await runScript(compiled.script, message, world)).toEqual(first)
        const kinds = first.actions.map(({ kind }) => kind)
        const keeps = kinds.some(kind =>
          ['keep', 'fileinto', 'redirect', 'reject', 'ereject', 'discard'].includes(kind),
        )
        // No message is lost: what is neither kept nor sent anywhere was discarded or refused by name.
        expect(first.implicitKeep || keeps).toBe(true)
        if (kinds.includes('reject')) expect(kinds).not.toContain('keep')
        expect(new Set(kinds.filter(kind => kind === 'keep' || kind === 'vacation')).size).toBe(
          kinds.filter(kind => kind === 'keep' || kind === 'vacation').length,
        )
      }),
      { numRuns: 300 },
    )
  })
})
