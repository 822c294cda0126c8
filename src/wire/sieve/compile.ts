/**
 * Compiles a script (RFC 5228): checks all that can be checked before a message is there, and makes the functions that run.
 * A script is compiled once and runs for many messages.
 *
 * It may be interrupted between any two commands, and a command is bounded (`limits.ts`), so that no script holds up others.
 */

import { readArguments } from './arguments.ts'
import { type Capability, capabilities, capabilitiesOf } from './capabilities.ts'
import { commandDefinitions } from './commands.ts'
import {
  ERRORS_TOLD,
  INCLUDE_DEPTH,
  INCLUDED_SCRIPTS,
  REGEX_STATES_OF_SCRIPT,
  SCRIPT_LENGTH,
  TEXT_LENGTH,
} from './limits.ts'
import { type CommandNode, type NodeCount, parseScript, type StringNode, type TestNode } from './parser.ts'
import { positionsOf, SyntaxProblem } from './problem.ts'
import type { Check, Compiling, IncludedScript, Program, Signal, Step, Text } from './program.ts'
import { atOnce, type Sliced } from './slices.ts'
import { testDefinitions } from './tests.ts'
import { constantText, decodeCharacters, textWithVariables } from './text.ts'
import type { ScriptProblem } from './types.ts'

export type Compiled = { ok: true; script: Program } | { ok: false; errors: ScriptProblem[] }

export interface CompileOptions {
  /** Under which other scripts include it, and it itself might; null where it has none. */
  name?: string | null
  /** The text of a script that this one includes (RFC 6609); null where there is none of that name. */
  included?: (location: 'personal' | 'global', name: string) => string | null
  /** Commands that may not be used here, by their names in lower case, with why. */
  forbidden?: ReadonlyMap<string, string>
}

/** All in one go: for scripts that are known to be small. */
export const compileScript = (source: string, options: CompileOptions = {}): Compiled =>
  atOnce(compilation(source, options))

export const compilation = (source: string, options: CompileOptions = {}): Sliced<Compiled> =>
  new Library(options).whole(source)

/** The scripts that are compiled together. */
class Library {
  readonly #sourceOf: NonNullable<CompileOptions['included']>
  readonly forbidden: ReadonlyMap<string, string>
  readonly #scripts = new Map<string, IncludedScript>()
  /** The script that includes all others; null where it has no name to include it by. */
  readonly #own: IncludedScript | null
  /** Included by those that are compiled already. */
  readonly #waiting: { script: IncludedScript; name: string; source: string; depth: number }[] = []
  #depth = 0
  regexStates = 0
  readonly count: NodeCount = { nodes: 0 }

  constructor({ name = null, included = () => null, forbidden = new Map() }: CompileOptions) {
    this.#own = name === null ? null : { key: keyOf('personal', name), program: null, problem: null }
    this.#sourceOf = included
    this.forbidden = forbidden
  }

  *whole(source: string): Sliced<Compiled> {
    const compiled = yield* this.#compile({ name: null, key: this.#own?.key ?? null }, source)
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#depth = next.depth
      const part = yield* this.#compile({ name: next.name, key: next.script.key }, next.source)
      if (part.ok) next.script.program = part.script
      else {
        const { line, column, message } = part.errors[0]!
        next.script.problem = `line ${line}, column ${column}: ${message}`
      }
    }
    return compiled
  }

  *#compile(which: Pick<Program, 'name' | 'key'>, source: string): Sliced<Compiled> {
    if (source.length > SCRIPT_LENGTH)
      return {
        ok: false,
        errors: [{ line: 1, column: 1, message: `the script is longer than ${SCRIPT_LENGTH} characters` }],
      }
    const compiler = new Compiler(this)
    const run = yield* compiler.script(source)
    if (compiler.problems.length > 0) return { ok: false, errors: told(source, compiler.problems) }
    return { ok: true, script: { ...which, source, run, globals: compiler.globals } }
  }

  /** A script that includes itself finds itself here, not yet compiled; that is a problem when it runs. */
  include(location: 'personal' | 'global', name: string): IncludedScript | null {
    const key = keyOf(location, name)
    if (key === this.#own?.key) return this.#own
    const known = this.#scripts.get(key)
    if (known) return known
    const source = this.#sourceOf(location, name)
    if (source === null) return null
    const script: IncludedScript = { key, program: null, problem: null }
    this.#scripts.set(key, script)
    if (this.#scripts.size > INCLUDED_SCRIPTS) script.problem = `more than ${INCLUDED_SCRIPTS} scripts are included`
    else if (this.#depth === INCLUDE_DEPTH)
      script.problem = `scripts include each other more than ${INCLUDE_DEPTH} deep`
    else this.#waiting.push({ script, name, source, depth: this.#depth + 1 })
    return script
  }
}

const keyOf = (location: 'personal' | 'global', name: string): string => `${location}\0${name}`

function told(source: string, problems: readonly SyntaxProblem[]): ScriptProblem[] {
  const positions = positionsOf(
    source,
    problems.map(({ at }) => at),
  )
  return problems.map(({ message }, index) => ({ ...positions[index]!, message }))
}

const doNothing: Step = () => 'next'

class Compiler implements Compiling {
  readonly globals = new Set<string>()
  readonly locals = new Set<string>()
  readonly problems: SyntaxProblem[] = []
  readonly #library: Library
  readonly #enabled = new Set<Capability>()

  constructor(library: Library) {
    this.#library = library
  }

  *script(source: string): Sliced<Step> {
    const parsing: Sliced<CommandNode[]>[] = []
    let commands: CommandNode[] = []
    // The parser looks at the first token at once.
    this.#collecting(() => parsing.push(parseScript(source, this.#library.count)))
    for (let done = parsing.length === 0; !done; ) {
      done = true
      this.#collecting(() => {
        const step = parsing[0]!.next()
        if (step.done) commands = step.value
        else done = false
      })
      yield
    }
    // RFC 5228 §3.2: `require` stands before all else.
    let first = 0
    for (; commands[first]?.name === 'require'; first++) {
      const node = commands[first]!
      this.#collecting(() => this.#require(node))
      yield
    }
    return yield* this.#block(commands.slice(first))
  }

  isEnabled(capability: Capability): boolean {
    return this.#enabled.has(capability)
  }

  enable(added: readonly Capability[]): void {
    for (const capability of added) this.#enabled.add(capability)
  }

  need(at: number, what: string, wanted: readonly Capability[]): void {
    if (wanted.some(capability => this.isEnabled(capability))) return
    const names = wanted.map(name => `"${name}"`).join(' or ')
    throw new SyntaxProblem(at, `${what} requires the capability ${names}`)
  }

  text(at: number, value: string): Text {
    if (value.length > TEXT_LENGTH) throw new SyntaxProblem(at, `a string is longer than ${TEXT_LENGTH} characters`)
    const decoded = this.isEnabled('encoded-character') ? decodeCharacters(at, value) : value
    if (!this.isEnabled('variables') || !decoded.includes('${')) return constantText(at, decoded)
    return textWithVariables(at, decoded, this.isEnabled('include'))
  }

  check(node: TestNode): Check {
    const definition = testDefinitions.get(node.name)
    if (definition === undefined) {
      const isCommand = commandDefinitions.has(node.name)
      throw new SyntaxProblem(
        node.at,
        `${isCommand ? `"${node.name}" is no test` : `unknown test "${node.name.slice(0, 60)}"`}`,
      )
    }
    if (definition.capabilities) this.need(node.at, `the test "${node.name}"`, definition.capabilities)
    const check = definition.compile(node, this)
    if (typeof check === 'boolean') return check
    const { at } = node
    return run => {
      run.at = at
      run.spend(1)
      return check(run)
    }
  }

  countRegexStates(at: number, states: number): void {
    this.#library.regexStates += states
    if (this.#library.regexStates > REGEX_STATES_OF_SCRIPT)
      throw new SyntaxProblem(at, 'the regular expressions of this script are too many, or too large')
  }

  include(location: 'personal' | 'global', name: string): IncludedScript | null {
    return this.#library.include(location, name)
  }

  #collecting(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error
      if (this.problems.length < ERRORS_TOLD) this.problems.push(error)
    }
  }

  #require(node: CommandNode): void {
    readArguments(node, this, { positional: [{ name: 'capabilities', type: 'strings' }] })
    const [argument] = node.arguments
    const strings: StringNode[] =
      argument?.kind === 'strings' ? argument.values : argument?.kind === 'string' ? [argument] : []
    for (const { at, value } of strings)
      this.#collecting(() => {
        const found = capabilitiesOf(value)
        if (found === null) throw new SyntaxProblem(at, `unknown capability "${value.slice(0, 60)}"${alike(value)}`)
        this.enable(found)
      })
  }

  *#block(commands: readonly CommandNode[]): Sliced<Step> {
    const steps: Step[] = []
    for (let i = 0; i < commands.length && this.problems.length < ERRORS_TOLD; i++) {
      yield
      const node = commands[i]!
      if (node.name !== 'if') {
        this.#collecting(() => steps.push(this.#command(node)))
        continue
      }
      const chain = [node]
      while (commands[i + 1]?.name === 'elsif') chain.push(commands[++i]!)
      if (commands[i + 1]?.name === 'else') chain.push(commands[++i]!)
      steps.push(yield* this.#choice(chain))
    }
    return sequence(steps)
  }

  #command(node: CommandNode): Step {
    const { at, name } = node
    if (name === 'require') throw new SyntaxProblem(at, '"require" must stand before all other commands')
    if (name === 'elsif' || name === 'else') throw new SyntaxProblem(at, `"${name}" without an "if" before it`)
    const definition = commandDefinitions.get(name)
    if (definition === undefined) {
      const isTest = testDefinitions.has(name)
      throw new SyntaxProblem(at, isTest ? `"${name}" is a test, no command` : `unknown command "${name.slice(0, 60)}"`)
    }
    const why = this.#library.forbidden.get(name)
    if (why !== undefined) throw new SyntaxProblem(at, why)
    if (definition.capabilities) this.need(at, `"${name}"`, definition.capabilities)
    const step = definition.compile(node, this)
    return run => {
      run.at = at
      run.spend(1)
      return step(run)
    }
  }

  /**
   * `if`, `elsif`, `else`. A branch that is never taken, as behind an `ihave` of what is not here, is not looked at: it may
   * use what nobody knows (RFC 5463 §4).
   */
  *#choice(chain: readonly CommandNode[]): Sliced<Step> {
    const branches: { check: Check; block: Step }[] = []
    let isDecided = false
    for (const node of chain) {
      yield
      if (isDecided) continue
      const check = this.#branchCheck(node)
      if (check === false) continue
      isDecided = check === true && node.name !== 'else'
      branches.push({ check: check ?? true, block: yield* this.#block(node.block ?? []) })
    }
    return async run => {
      // Also where the check is known and the block empty: scripts are included over and over.
      run.spend(1)
      for (const { check, block } of branches) {
        const result = typeof check === 'boolean' ? check : check(run)
        if (typeof result === 'boolean' ? result : await result) return block(run)
      }
      return 'next'
    }
  }

  /** null where it is wrong: its block is looked at all the same. */
  #branchCheck(node: CommandNode): Check | null {
    const checks: Check[] = []
    this.#collecting(() => {
      readArguments(node, this, node.name === 'else' ? { block: true } : { tests: 'one', block: true })
      checks.push(node.name === 'else' ? true : this.check(node.tests[0]!))
    })
    return checks[0] ?? null
  }
}

function sequence(steps: readonly Step[]): Step {
  if (steps.length === 0) return doNothing
  return async run => {
    for (const step of steps) {
      const result = step(run)
      const signal: Signal = typeof result === 'string' ? result : await result
      if (signal !== 'next') return signal
      if (run.isPauseDue) await run.pause()
    }
    return 'next'
  }
}

/** A name that differs in its letters' case, or that older scripts have. */
function alike(name: string): string {
  const lower = name.toLowerCase()
  const found = lower === 'imapflags' ? 'imap4flags' : lower === 'notify' ? 'enotify' : lower
  const same = capabilities.find(capability => capability === found && capability !== name)
  return same === undefined ? '' : `: is it "${same}"?`
}
