/**
 * From the text of a script to its tree (RFC 5228 §8.2); what the names mean is not known here. Written as generators that
 * yield between commands: a large script is read in slices, so that others have their turn.
 */
import { Lexer, type Token, type TokenKind } from './lexer.ts'
import { COMMANDS_AND_TESTS, LIST_STRINGS, NESTING_LEVELS, TESTS_OF_COMMAND } from './limits.ts'
import { SyntaxProblem } from './problem.ts'
import type { Sliced } from './slices.ts'

export interface StringNode {
  kind: 'string'
  at: number
  value: string
}
export interface StringsNode {
  kind: 'strings'
  at: number
  values: StringNode[]
}
export interface NumberNode {
  kind: 'number'
  at: number
  value: number
}
export interface TagNode {
  kind: 'tag'
  at: number
  name: string
}
export type ArgumentNode = StringNode | StringsNode | NumberNode | TagNode

/** A test, or what a command has but for its block. */
export interface TestNode {
  at: number
  /** Lower case. */
  name: string
  arguments: ArgumentNode[]
  /** What follows the arguments: nothing, one test, or tests in parentheses. */
  tests: TestNode[]
  isTestList: boolean
}

export interface CommandNode extends TestNode {
  block: CommandNode[] | null
}

/** Counts the commands and tests of all scripts that are compiled together. */
export interface NodeCount {
  nodes: number
}

/** Throws a SyntaxProblem. */
export function parseScript(source: string, count: NodeCount = { nodes: 0 }): Sliced<CommandNode[]> {
  return new Parser(source, count).script()
}

class Parser {
  readonly #lexer: Lexer
  #token: Token
  /** Where the token before ends: what is missing is missing there. */
  #lastEnd = 0
  readonly #count: NodeCount
  /** Of the command at hand: it is compiled in one go. */
  #tests = 0
  #listed = 0

  constructor(source: string, count: NodeCount) {
    this.#count = count
    this.#lexer = new Lexer(source.startsWith('\ufeff') ? ` ${source.slice(1)}` : source)
    this.#token = this.#lexer.next()
  }

  *script(): Sliced<CommandNode[]> {
    const commands = yield* this.#commands(0)
    if (this.#sees('}')) throw new SyntaxProblem(this.#token.at, '"}" without a block to end')
    if (!this.#sees('end')) throw this.#unexpected('a command')
    return commands
  }

  *#commands(depth: number): Sliced<CommandNode[]> {
    const commands: CommandNode[] = []
    while (this.#sees('identifier')) {
      commands.push(yield* this.#command(depth))
      yield
    }
    return commands
  }

  *#command(depth: number): Sliced<CommandNode> {
    this.#tests = 0
    this.#listed = 0
    const node = this.#test(0)
    if (this.#sees('{')) {
      if (depth === NESTING_LEVELS)
        throw new SyntaxProblem(this.#token.at, `more than ${NESTING_LEVELS} blocks inside each other`)
      const open = this.#advance()
      const block = yield* this.#commands(depth + 1)
      if (this.#sees('end')) throw new SyntaxProblem(open.at, 'the block that begins here has no end: "}"')
      if (!this.#sees('}')) throw this.#unexpected('a command or "}"')
      this.#advance()
      return { ...node, block }
    }
    if (!this.#sees(';')) throw this.#endMissing(node.name)
    this.#advance()
    return { ...node, block: null }
  }

  #test(depth: number): TestNode {
    const { at, text: name } = this.#advance()
    if (++this.#count.nodes > COMMANDS_AND_TESTS)
      throw new SyntaxProblem(at, `more than ${COMMANDS_AND_TESTS} commands and tests`)
    // The command itself is one of them.
    if (++this.#tests > TESTS_OF_COMMAND + 1)
      throw new SyntaxProblem(at, `more than ${TESTS_OF_COMMAND} tests in a command`)
    const found: ArgumentNode[] = []
    for (let argument = this.#argument(); argument !== null; argument = this.#argument()) found.push(argument)
    const node: TestNode = { at, name, arguments: found, tests: [], isTestList: false }
    if (!this.#sees('(') && !this.#sees('identifier')) return node
    if (depth === NESTING_LEVELS)
      throw new SyntaxProblem(this.#token.at, `more than ${NESTING_LEVELS} tests inside each other`)
    if (this.#sees('identifier')) {
      // A command after one whose semicolon is missing looks like a test: it is the semicolon that people forgot.
      if (depth === 0 && name === 'else' && this.#token.text === 'if')
        throw new SyntaxProblem(at, '"else if" is written "elsif"')
      if (depth === 0 && !TAKES_TEST.has(name)) throw this.#endMissing(name)
      node.tests.push(this.#test(depth + 1))
      return node
    }
    node.isTestList = true
    do {
      this.#advance()
      if (!this.#sees('identifier')) throw this.#unexpected('a test')
      node.tests.push(this.#test(depth + 1))
    } while (this.#sees(','))
    this.#expect(')', '"," or ")"')
    return node
  }

  #argument(): ArgumentNode | null {
    const { kind, at, text, value } = this.#token
    switch (kind) {
      case 'string':
        this.#advance()
        return { kind: 'string', at, value: text }
      case 'number':
        this.#advance()
        return { kind: 'number', at, value }
      case 'tag':
        this.#advance()
        return { kind: 'tag', at, name: text }
      case '[':
        return this.#strings(at)
      default:
        return null
    }
  }

  #strings(at: number): StringsNode {
    const values: StringNode[] = []
    do {
      this.#advance()
      if (!this.#sees('string')) throw this.#unexpected('a string')
      if (++this.#listed > LIST_STRINGS)
        throw new SyntaxProblem(this.#token.at, `more than ${LIST_STRINGS} strings in the lists of a command`)
      const { at: start, text } = this.#advance()
      values.push({ kind: 'string', at: start, value: text })
    } while (this.#sees(','))
    this.#expect(']', '"," or "]"')
    return { kind: 'strings', at, values }
  }

  #sees(kind: TokenKind): boolean {
    return this.#token.kind === kind
  }

  #advance(): Token {
    const token = this.#token
    this.#lastEnd = token.end
    this.#token = this.#lexer.next()
    return token
  }

  #expect(kind: TokenKind, what: string): void {
    if (!this.#sees(kind)) throw this.#unexpected(what)
    this.#advance()
  }

  #unexpected(expected: string): SyntaxProblem {
    const { kind, at, text } = this.#token
    if (kind === 'end') return this.#missing(`the script ends where ${expected} should stand`)
    const found = kind === 'string' ? 'a string' : `"${text.slice(0, 40)}"`
    return new SyntaxProblem(at, `${found} stands where ${expected} should`)
  }

  #endMissing(name: string): SyntaxProblem {
    return this.#missing(`"${TAKES_BLOCK.has(name) ? '{' : ';'}" is missing after "${name}"`)
  }

  #missing(message: string): SyntaxProblem {
    return new SyntaxProblem(this.#lastEnd, message)
  }
}

const TAKES_TEST = new Set(['if', 'elsif'])
const TAKES_BLOCK = new Set(['if', 'elsif', 'else'])
