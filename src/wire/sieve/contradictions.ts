/**
 * Commands of a script that fail where both are run for one message, as `reject` after `fileinto` (RFC 5429 §2.4), as far as
 * the script alone tells: whether a message comes to both is not known here. What included scripts do is not looked at.
 */
import { ERRORS_TOLD } from './limits.ts'
import { type CommandNode, parseScript } from './parser.ts'
import { positionsOf } from './problem.ts'
import { contradicts } from './run.ts'
import type { Sliced } from './slices.ts'
import type { Action, Position } from './types.ts'

export interface Contradiction extends Position {
  message: string
  /** The command before. */
  earlier: Position
}

/** The first command of each kind that may have been run by then. */
type Done = ReadonlyMap<Action['kind'], CommandNode>

const KINDS: ReadonlySet<string> = new Set<Action['kind']>([
  'keep',
  'fileinto',
  'redirect',
  'vacation',
  'reject',
  'ereject',
])
const isKind = (name: string): name is Action['kind'] => KINDS.has(name)
/** What ends the script, or the run. */
const ENDS: ReadonlySet<string> = new Set(['stop', 'return', 'error'])

/** Of a script that compiles; throws a SyntaxProblem else. */
export function* contradictionsIn(source: string): Sliced<Contradiction[]> {
  const pairs: [later: CommandNode, earlier: CommandNode][] = []
  yield* follow(yield* parseScript(source), new Map(), pairs)
  const places = positionsOf(
    source,
    pairs.flatMap(([later, earlier]) => [later.at, earlier.at]),
  )
  return pairs.map(([later, earlier], index) => {
    const [position, before] = [places[index * 2]!, places[index * 2 + 1]!]
    const message = `"${later.name}" after "${earlier.name}" of line ${before.line}: where both are run, the script fails and the message is kept`
    return { ...position, message, earlier: before }
  })
}

/** What may have been run behind these commands; null where nothing comes behind them. */
function* follow(
  commands: readonly CommandNode[],
  before: Done,
  pairs: [CommandNode, CommandNode][],
): Sliced<Done | null> {
  let done = before
  for (let i = 0; i < commands.length; i++) {
    yield
    const node = commands[i]!
    const { name } = node
    if (ENDS.has(name)) return null
    if (name === 'if') {
      const chain = [node]
      while (isBranch(commands[i + 1])) chain.push(commands[++i]!)
      const ends = yield* branches(chain, done, pairs)
      if (ends.length === 0) return null
      done = new Map(ends.flatMap(end => [...end]))
    } else if (isKind(name)) {
      const earlier = [...done].find(([kind]) => contradicts(name, kind))
      if (earlier && pairs.length < ERRORS_TOLD) pairs.push([node, earlier[1]])
      if (!done.has(name)) done = new Map([...done, [name, node]])
    }
  }
  return done
}

function* branches(chain: readonly CommandNode[], before: Done, pairs: [CommandNode, CommandNode][]): Sliced<Done[]> {
  const ends: Done[] = []
  let mayPass = true
  for (const { name, tests, block } of chain) {
    if (!mayPass) break
    if (name !== 'else' && tests[0]?.name === 'false') continue
    mayPass = name !== 'else' && tests[0]?.name !== 'true'
    const end = yield* follow(block ?? [], before, pairs)
    if (end) ends.push(end)
  }
  return mayPass ? [...ends, before] : ends
}

const isBranch = (node: CommandNode | undefined): boolean => node?.name === 'elsif' || node?.name === 'else'
