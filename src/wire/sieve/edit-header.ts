/** Changes of the header (RFC 5293). Later tests see them; who delivers makes them (`applyHeaderEdits`). */
import { readArguments } from './arguments.ts'
import { readIndex } from './field-index.ts'
import { FIELD_NAME } from './header-view.ts'
import { ADDED_FIELD_LENGTH, ADDED_FIELDS } from './limits.ts'
import { matchTags, readMatch } from './match.ts'
import { SyntaxProblem } from './problem.ts'
import type { CommandDefinition, Signal, Text } from './program.ts'
import type { Run } from './run.ts'

/** §6: what tells where a message has been, and that it came by itself, stays. */
const NEVER_DELETED = new Set(['received', 'auto-submitted'])

/** What others rely on: only we say who checked a message, and its structure is not ours to break. Passed over (§6). */
const NEVER_ADDED = new Set([
  'received',
  'return-path',
  'authentication-results',
  'content-type',
  'content-transfer-encoding',
  'mime-version',
])

export const addheader: CommandDefinition = {
  capabilities: ['editheader'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: { ':last': {} },
      positional: [
        { name: 'name of the field', type: 'string' },
        { name: 'value', type: 'string' },
      ],
    })
    const last = given.has(':last')
    const nameOf = readName(given.mustText('name of the field'))
    const text = given.mustText('value')
    const wrongConstant = text.constant === null ? null : wrongIn(fieldValue(text.constant))
    if (wrongConstant !== null) throw new SyntaxProblem(text.at, wrongConstant)
    return run => {
      const name = nameOf(run)
      const value = fieldValue(text.of(run))
      const wrong = wrongIn(value)
      if (wrong !== null) run.fail(wrong, text.at)
      if (NEVER_ADDED.has(name.toLowerCase())) return 'next'
      const added = run.header.edits.filter(({ kind }) => kind === 'add').length
      if (added === ADDED_FIELDS) run.fail(`more than ${ADDED_FIELDS} header fields are added`)
      spendOnFields(run)
      run.header.edit({ kind: 'add', name, value, last })
      run.change('header', [name])
      return 'next'
    }
  },
}

/** Line ends are those of folding, which is made anew. */
function fieldValue(text: string): string {
  return text.replace(/(?:\r\n|\r|\n)[ \t]*/g, ' ').trim()
}

/** §4 leaves it to us what is an error. */
function wrongIn(value: string): string | null {
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(value)) return 'the value has control characters'
  return value.length > ADDED_FIELD_LENGTH ? `the value is longer than ${ADDED_FIELD_LENGTH} characters` : null
}

export const deleteheader: CommandDefinition = {
  capabilities: ['editheader'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: { ...matchTags, ':index': { value: 'number' }, ':last': {} },
      positional: [
        { name: 'name of the field', type: 'string' },
        { name: 'values', type: 'strings', optional: true },
      ],
    })
    const nameOf = readName(given.mustText('name of the field'))
    const pick = readIndex(given)
    const matches = given.has('values') ? readMatch(given, compiling, 'values') : () => true
    return async (run): Promise<Signal> => {
      const name = nameOf(run).toLowerCase()
      if (NEVER_DELETED.has(name)) return 'next'
      spendOnFields(run)
      const found = run.header
        .fields()
        .flatMap((field, position) => (field.name.toLowerCase() === name ? [{ position, text: field.value }] : []))
      const positions: number[] = []
      for (const { position, text } of pick(found))
        if (await matches(run, [run.decoded(text)])) positions.push(position)
      if (positions.length > 0) {
        run.header.edit({ kind: 'delete', positions })
        run.change('header', [nameOf(run)])
      }
      return 'next'
    }
  },
}

/** Each change copies the list of fields. */
function spendOnFields(run: Run): void {
  run.spend(run.header.fields().length * 2)
}

function readName(text: Text): (run: Run) => string {
  const wrong = 'this is no name of a header field'
  if (text.constant !== null && !FIELD_NAME.test(text.constant)) throw new SyntaxProblem(text.at, wrong)
  return run => {
    const name = text.of(run)
    return FIELD_NAME.test(name) && name.length <= 100 ? name : run.fail(wrong, text.at)
  }
}
