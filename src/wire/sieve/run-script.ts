/** Runs a compiled script over a message. */
import { positionOf, RuntimeProblem } from './problem.ts'
import type { Program } from './program.ts'
import { Run } from './run.ts'
import type { Action, ActionOrigin, Change, FlagNames, Outcome, SieveMessage, World } from './types.ts'

/**
 * Not done where the script fails later on. Who is told of a refusal must not have delivered the message all the same; what
 * was discarded is kept; and a message is remembered where the script ended well (RFC 7352 §3).
 */
const UNDONE_BY_ERROR: ReadonlySet<Action['kind']> = new Set<Action['kind']>([
  'discard',
  'reject',
  'ereject',
  'rememberDuplicate',
])

/** Never rejects for what a script does; what `world` rejects with passes through. `flags`: what earlier scripts put on it. */
export async function runScript(
  script: Program,
  message: SieveMessage,
  world: World,
  flags: FlagNames = [],
): Promise<Outcome> {
  const run = new Run(script, message, world, flags)
  try {
    await script.run(run)
  } catch (error) {
    if (!(error instanceof RuntimeProblem)) throw error
    const { name, source } = run.frame.program
    const problem = { ...positionOf(source, error.at), message: error.message, script: name }
    // RFC 5228 §2.10.6: an implicit keep, of the message as it came, besides what was done before.
    const isDone = run.actions.map(({ kind }) => !UNDONE_BY_ERROR.has(kind))
    const actions = run.actions.filter((_, index) => isDone[index])
    const origins = originsOf(run).filter((_, index) => isDone[index])
    const { edits: headerEdits } = run.header
    return { actions, origins, changes: [], headerEdits, implicitKeep: true, flags, error: problem }
  }
  const { actions, header, implicitKeep } = run
  return {
    actions,
    origins: originsOf(run),
    changes: changesOf(run),
    headerEdits: header.edits,
    implicitKeep,
    flags: implicitKeep ? run.flags : [],
  }
}

const originsOf = ({ origins }: Run): ActionOrigin[] => origins.map(originOf)
const originOf = ({ program: { name, source }, at }: Run['origins'][number]): ActionOrigin => ({
  script: name,
  line: positionOf(source, at).line,
})

const changesOf = ({ changes }: Run): Change[] =>
  changes.map(change => ({ ...originOf(change), kind: change.kind, names: change.names, before: change.before }))
