/** Scripts inside scripts (RFC 6609). They are compiled together; what is missing or wrong in one is a problem when it is to run. */
import { readArguments } from './arguments.ts'
import { INCLUDE_DEPTH } from './limits.ts'
import { SyntaxProblem } from './problem.ts'
import type { CommandDefinition, Signal } from './program.ts'
import { newFrame } from './run.ts'

export const include: CommandDefinition = {
  capabilities: ['include'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: { ':personal': { group: 'location' }, ':global': { group: 'location' }, ':once': {}, ':optional': {} },
      positional: [{ name: 'name of a script', type: 'string' }],
    })
    const { at, value: written } = given.constantText('name of a script')!
    // §3.2: as ManageSieve has them (RFC 5804 §1.6).
    const name = written.normalize('NFC')
    if (name === '' || /[\p{Cc}\u2028\u2029]/u.test(name)) throw new SyntaxProblem(at, 'this is no name of a script')
    const [once, optional] = [given.has(':once'), given.has(':optional')]
    const script = compiling.include(given.has(':global') ? 'global' : 'personal', name)
    return async (run): Promise<Signal> => {
      const { own, stack, done } = run.included
      if (script === null) return optional ? 'next' : run.fail(`there is no script "${name}"`, at)
      const { key, program, problem } = script
      if (once && done.has(key)) return 'next'
      if (key === own || stack.includes(key)) return run.fail(`the script "${name}" includes itself`, at)
      if (problem !== null || program === null) return run.fail(`the script "${name}" can't run: ${problem}`, at)
      if (stack.length === INCLUDE_DEPTH)
        return run.fail(`scripts include each other more than ${INCLUDE_DEPTH} deep`, at)
      done.add(key)
      stack.push(key)
      const outer = run.frame
      run.frame = newFrame(program)
      const signal = await program.run(run)
      // Not after a problem: where the run stands then tells the script that it lies in.
      run.frame = outer
      stack.pop()
      return signal === 'stop' ? 'stop' : 'next'
    }
  },
}

export const returns: CommandDefinition = {
  capabilities: ['include'],
  compile(node, compiling) {
    readArguments(node, compiling, {})
    return () => 'return'
  },
}
