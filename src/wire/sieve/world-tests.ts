/** Tests of what is around the message: `environment` (RFC 5183), spam and viruses (RFC 5235), `ihave` and `error` (RFC 5463). */
import { readArguments } from './arguments.ts'
import { type Capability, capabilitiesOf } from './capabilities.ts'
import { matchTags, readMatch } from './match.ts'
import { SyntaxProblem } from './problem.ts'
import type { CommandDefinition, TestDefinition } from './program.ts'
import type { World } from './types.ts'

export const environment: TestDefinition = {
  capabilities: ['environment'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: matchTags,
      positional: [
        { name: 'name', type: 'string' },
        { name: 'keys', type: 'strings' },
      ],
    })
    const name = given.mustText('name')
    const matches = readMatch(given, compiling, 'keys')
    return run => {
      const value = run.world.environment(name.of(run).toLowerCase())
      return value !== null && matches(run, [value], value === '' ? 0 : 1)
    }
  },
}

/** §3.2: 0 where nobody looked, 1 for no spam, 10 for nothing but spam. */
function spamValue({ spamPercent }: World, isPercent: boolean): string {
  if (spamPercent === null) return '0'
  return String(isPercent ? Math.round(spamPercent) : 1 + Math.floor((spamPercent * 9) / 100))
}

export const spamtest: TestDefinition = {
  capabilities: ['spamtest'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: { ...matchTags, ':percent': { capabilities: ['spamtestplus'] } },
      positional: [{ name: 'value', type: 'string' }],
    })
    const isPercent = given.has(':percent')
    const matches = readMatch(given, compiling, 'value')
    return run => matches(run, [spamValue(run.world, isPercent)], run.world.spamPercent === null ? 0 : 1)
  },
}

export const virustest: TestDefinition = {
  capabilities: ['virustest'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: matchTags,
      positional: [{ name: 'value', type: 'string' }],
    })
    const matches = readMatch(given, compiling, 'value')
    return run => matches(run, [String(run.world.virusLevel)], run.world.virusLevel === 0 ? 0 : 1)
  },
}

/** §4: they change how a script is read, so that `require` alone may name them; here they are not there. */
const CHANGES_READING: ReadonlySet<Capability> = new Set<Capability>(['encoded-character', 'variables'])

/** What it answers is known at once, and what it names may be used from there on (§4). */
export const ihave: TestDefinition = {
  capabilities: ['ihave'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, { positional: [{ name: 'capabilities', type: 'strings' }] })
    const found = given.mustTexts('capabilities').each.map(({ at, constant }) => {
      if (constant === null) throw new SyntaxProblem(at, 'variables are not allowed in this string')
      const names = capabilitiesOf(constant)
      return names?.some(name => CHANGES_READING.has(name) && !compiling.isEnabled(name)) ? null : names
    })
    const isHere = found.every(list => list !== null)
    if (isHere) for (const list of found) compiling.enable(list ?? [])
    return isHere
  },
}

export const error: CommandDefinition = {
  capabilities: ['ihave'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, { positional: [{ name: 'message', type: 'string' }] })
    const message = given.mustText('message')
    return run => run.fail(message.of(run).trim() || 'the script ended with an error', node.at)
  },
}
