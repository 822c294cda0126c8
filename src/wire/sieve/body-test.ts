/** The test `body` (RFC 5173). */
import { readArguments } from './arguments.ts'
import { matchTags, readMatch } from './match.ts'
import type { TestDefinition } from './program.ts'
import type { Run } from './run.ts'

export const body: TestDefinition = {
  capabilities: ['body'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: {
        ...matchTags,
        ':raw': { group: 'transform' },
        ':text': { group: 'transform' },
        ':content': { group: 'transform', value: 'strings' },
      },
      positional: [{ name: 'keys', type: 'strings' }],
    })
    const types = given.texts(':content')
    const isRaw = given.has(':raw')
    // §6: what wildcards stand for is not remembered.
    const matches = readMatch(given, compiling, 'keys', { setsMatchValues: false })
    return run => {
      const raw = run.message.rawBody()
      if (raw === null) return false
      if (isRaw) return matches(run, [raw])
      return matches(run, types === null ? readableTexts(run) : contentTexts(run, types.of(run)))
    }
  },
}

function readableTexts({ message }: Run): string[] {
  return message.parts().flatMap(part => part.readable() ?? [])
}

function contentTexts({ message }: Run, types: readonly string[]): string[] {
  return message
    .parts()
    .flatMap(part => (types.some(type => isOfType(part.type, type.toLowerCase())) ? part.texts() : []))
}

/** §5.2: a whole type, a type of any subtype, or all. */
function isOfType(type: string, wanted: string): boolean {
  if (wanted === '') return true
  return wanted.includes('/') ? type === wanted : type.startsWith(`${wanted}/`)
}
