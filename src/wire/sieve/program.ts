/** What a script is compiled to: functions that are made once and run for each message. */
import type { Capability } from './capabilities.ts'
import type { CommandNode, TestNode } from './parser.ts'
import type { Run } from './run.ts'

/** What happens behind a command: the next one, the end of this script (RFC 6609 §3.3), the end of all. */
export type Signal = 'next' | 'return' | 'stop'
export type Step = (run: Run) => Signal | Promise<Signal>

/** A plain boolean is known before any message is, as that of `true` and `ihave`. */
export type Check = boolean | ((run: Run) => boolean | Promise<boolean>)

/** A string argument; `constant` is null where variables make it. */
export interface Text {
  at: number
  /** As it stands in the script, variables not filled in. */
  source: string
  constant: string | null
  of(run: Run): string
}

/** A list of strings, likewise. */
export interface Texts {
  at: number
  constant: readonly string[] | null
  /** One by one, for what only a place within the list tells. */
  each: readonly Text[]
  of(run: Run): readonly string[]
}

/** What a command or a test needs to know while it is compiled. */
export interface Compiling {
  isEnabled(capability: Capability): boolean
  /** Throws a SyntaxProblem where the script did not require one of these. */
  need(at: number, what: string, capabilities: readonly Capability[]): void
  /** From there on (RFC 5463 §4). */
  enable(capabilities: readonly Capability[]): void
  text(at: number, value: string): Text
  check(node: TestNode): Check
  /** Throws a SyntaxProblem where the script has more of them than it may have. */
  countRegexStates(at: number, states: number): void
  include(location: 'personal' | 'global', name: string): IncludedScript | null
  /** Whether `global` named it in this script (RFC 6609 §3.4.1). */
  globals: Set<string>
  /** Of variables of its own that `set` named before. */
  locals: Set<string>
}

export interface CommandDefinition {
  /** One of these must be required; none for the base language. */
  capabilities?: readonly Capability[]
  compile(node: CommandNode, compiling: Compiling): Step
}

export interface TestDefinition {
  capabilities?: readonly Capability[]
  compile(node: TestNode, compiling: Compiling): Check
}

/** A compiled script; its source tells positions. */
export interface Program {
  /** Of an included script; null for the script itself. */
  name: string | null
  /** Of an `IncludedScript`; null where nothing can include it. */
  key: string | null
  source: string
  run: Step
  globals: ReadonlySet<string>
}

export interface IncludedScript {
  /** Told apart by it for `:once`. */
  key: string
  /** null until it is compiled, and for good where it can't be. */
  program: Program | null
  problem: string | null
}
