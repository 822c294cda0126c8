/** Runs a compiled script over a message. */
import { positionOf, RuntimeProblem } from './problem.ts'
import type { Program } from './program.ts'
import { Run } from './run.ts'
import type { Outcome, SieveMessage, World } from './types.ts'

/** Never rejects for what a script does; what `world` rejects with passes through. */
export async function runScript(script: Program, message: SieveMessage, world: World): Promise<Outcome> {
  const run = new Run(script, message, world)
  try {
    await script.run(run)
  } catch (error) {
    if (!(error instanceof RuntimeProblem)) throw error
    const { name, source } = run.frame.program
    const problem = { ...positionOf(source, error.at), message: error.message, script: name }
    // RFC 5228 §2.10.6: an implicit keep. What was meant before the error is left, so that nothing is done by halves or twice.
    return { actions: [], origins: [], headerEdits: [], implicitKeep: true, flags: [], error: problem }
  }
  const { actions, header, implicitKeep, flags } = run
  const origins = run.origins.map(({ program: { name, source }, at }) => ({
    script: name,
    line: positionOf(source, at).line,
  }))
  return { actions, origins, headerEdits: header.edits, implicitKeep, flags: implicitKeep ? flags : [] }
}
