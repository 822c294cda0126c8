/** The test `duplicate` (RFC 7352). */
import { readArguments } from './arguments.ts'
import { DUPLICATE_SECONDS, DUPLICATE_TESTS, QUESTION_STEPS } from './limits.ts'
import type { TestDefinition } from './program.ts'
import type { Run } from './run.ts'
import type { Action } from './types.ts'

export const duplicate: TestDefinition = {
  capabilities: ['duplicate'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: {
        ':handle': { value: 'string' },
        ':header': { value: 'string', group: 'id' },
        ':uniqueid': { value: 'string', group: 'id' },
        ':seconds': { value: 'number' },
        ':last': {},
      },
    })
    const [handle, header, uniqueId] = [given.text(':handle'), given.text(':header'), given.text(':uniqueid')]
    // §3.3: a longer time is cut without a word.
    const seconds = Math.min(given.number(':seconds') ?? DUPLICATE_SECONDS.usual, DUPLICATE_SECONDS.most)
    const isLast = given.has(':last')
    return async run => {
      const id = uniqueId === null ? headerId(run, header?.of(run) ?? 'message-id') : uniqueId.of(run)
      if (id === null || seconds === 0) return false
      const name = handle?.of(run) ?? ''
      run.spend(QUESTION_STEPS)
      const isKnown = await run.world.isDuplicate(name, id)
      if (!isKnown || isLast) remember(run, { handle: name, id, seconds, prolongs: isKnown })
      return isKnown
    }
  },
}

/** §3.1: of the first field of that name; null where there is none. */
function headerId(run: Run, name: string): string | null {
  const text = run.header.texts(name)[0]
  return text === undefined ? null : run.decoded(text)
}

function remember(run: Run, duplicate: Omit<Extract<Action, { kind: 'rememberDuplicate' }>, 'kind'>): void {
  const { handle, id } = duplicate
  const remembered = run.actions.filter(action => action.kind === 'rememberDuplicate')
  if (remembered.some(action => action.handle === handle && action.id === id)) return
  if (remembered.length === DUPLICATE_TESTS) run.fail(`more than ${DUPLICATE_TESTS} duplicates to remember`)
  run.act({ kind: 'rememberDuplicate', ...duplicate })
}
