/** Which of several fields of a name a test looks at (RFC 5260 §6). */
import type { Given, TagSpec } from './arguments.ts'
import { SyntaxProblem } from './problem.ts'

export const indexTags: Readonly<Record<string, TagSpec>> = {
  ':index': { capabilities: ['index'], value: 'number' },
  ':last': { capabilities: ['index'] },
}

export function readIndex(given: Given): <Field>(fields: readonly Field[]) => readonly Field[] {
  const index = given.number(':index')
  if (index === null) {
    if (given.has(':last')) throw new SyntaxProblem(given.placeOf(':last'), ':last wants an :index')
    return fields => fields
  }
  if (index === 0) throw new SyntaxProblem(given.placeOf(':index'), 'the first field has the :index 1')
  const isFromEnd = given.has(':last')
  return fields => {
    const field = fields[isFromEnd ? fields.length - index : index - 1]
    return field === undefined ? [] : [field]
  }
}
