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
      const raw = run.textsOf('raw', () => [run.message.rawBody() ?? []].flat())
      // Of a message that is a header alone every test is false (§4).
      if (raw.length === 0 || isRaw) return raw.length > 0 && matches(run, raw)
      return matches(run, types === null ? readableTexts(run) : contentTexts(run, types.of(run)))
    }
  },
}

function readableTexts(run: Run): readonly string[] {
  return run.textsOf('readable', () => run.message.parts().flatMap(part => part.readable() ?? []))
}

function contentTexts(run: Run, types: readonly string[]): string[] {
  const parts = run.message.parts()
  run.spend(parts.length * types.length)
  const wanted = types.map(type => type.toLowerCase())
  return parts.flatMap(part =>
    wanted.some(type => isOfType(part.type, type)) ? run.textsOf(part, () => part.texts()) : [],
  )
}

/** §5.2: a whole type, a type of any subtype, or all. */
function isOfType(type: string, wanted: string): boolean {
  if (wanted === '') return true
  return wanted.includes('/') ? type === wanted : type.startsWith(`${wanted}/`)
}
