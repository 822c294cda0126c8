/** The test `body` (RFC 5173). */
import { readArguments } from './arguments.ts'
import { matchTags, readMatch } from './match.ts'
import type { TestDefinition } from './program.ts'
import type { Run } from './run.ts'
import type { SievePart } from './types.ts'

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
    const isCounted = given.has(':count')
    return async run => {
      const { message } = run
      // Of a message that is a header alone every test is false (§4).
      if (!message.hasBody()) return false
      if (isRaw) return matches(run, await rawTexts(run))
      const parts = types === null ? message.parts() : partsOfTypes(run, types.of(run))
      const counted: string[] = []
      for (const part of parts) {
        // Also of one that has no text: a message has thousands of parts, and a script as many tests.
        run.spend(2)
        const texts = await textsOf(run, part, types === null)
        if (isCounted) counted.push(...texts)
        // What stands behind the part that decides is not decoded.
        else if (await matches(run, texts)) return true
        if (run.isPauseDue) await run.pause()
      }
      return isCounted && matches(run, counted)
    }
  },
}

function rawTexts(run: Run): Promise<readonly string[]> {
  return run.textsOf('raw', function* () {
    yield
    return [run.message.rawBody() ?? '']
  })
}

function textsOf(run: Run, { texts, readable }: SievePart, isForPeople: boolean): Promise<readonly string[]> {
  const make = isForPeople ? readable : texts
  return run.textsOf(make, make)
}

function partsOfTypes(run: Run, types: readonly string[]): SievePart[] {
  const parts = run.message.parts()
  run.spend(parts.length * types.length)
  const wanted = types.map(type => type.toLowerCase())
  return parts.filter(part => wanted.some(type => isOfType(part.type, type)))
}

/** §5.2: a whole type, a type of any subtype, or all. */
function isOfType(type: string, wanted: string): boolean {
  if (wanted === '') return true
  return wanted.includes('/') ? type === wanted : type.startsWith(`${wanted}/`)
}
