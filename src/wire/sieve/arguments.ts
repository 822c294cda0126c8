/** Checks the arguments of a command or test against what it takes (RFC 5228 §2.6), and gives them by name. */
import type { Capability } from './capabilities.ts'
import type { ArgumentNode, CommandNode, StringNode, TestNode } from './parser.ts'
import { SyntaxProblem } from './problem.ts'
import type { Compiling, Text, Texts } from './program.ts'

export type ArgumentType = 'string' | 'strings' | 'number'

export interface TagSpec {
  capabilities?: readonly Capability[]
  /** What follows the tag. */
  value?: ArgumentType
  /** Of the tags of a group one may stand. */
  group?: string
}

export interface PositionalSpec {
  name: string
  type: ArgumentType
  /** At most one of a command; it is there when there are as many arguments as specifications. */
  optional?: true
}

export interface ArgumentSpec {
  tags?: Readonly<Record<string, TagSpec>>
  positional?: readonly PositionalSpec[]
  /** How many tests follow: none where it doesn't say. */
  tests?: 'one' | 'list'
  block?: true
}

const TYPE_NAMES: Record<ArgumentType, string> = {
  string: 'a string',
  strings: 'a list of strings',
  number: 'a number',
}

export class Given {
  readonly at: number
  readonly #compiling: Compiling
  readonly #values = new Map<string, ArgumentNode | null>()
  /** Where each tag stands. */
  readonly #places = new Map<string, number>()

  constructor(at: number, compiling: Compiling) {
    this.at = at
    this.#compiling = compiling
  }

  set(name: string, at: number, value: ArgumentNode | null): void {
    this.#values.set(name, value)
    this.#places.set(name, at)
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** Where an argument stands; the command itself where it is missing. */
  placeOf(name: string): number {
    return this.#values.get(name)?.at ?? this.#places.get(name) ?? this.at
  }

  /** The one of these tags that stands, in the order of the list. */
  oneOf<Name extends string>(names: readonly Name[]): Name | null {
    return names.find(name => this.has(name)) ?? null
  }

  number(name: string): number | null {
    const value = this.#values.get(name)
    return value?.kind === 'number' ? value.value : null
  }

  text(name: string): Text | null {
    const value = this.#values.get(name)
    return value?.kind === 'string' ? this.#compiling.text(value.at, value.value) : null
  }

  texts(name: string): Texts | null {
    const value = this.#values.get(name)
    if (value?.kind !== 'string' && value?.kind !== 'strings') return null
    const strings = value.kind === 'string' ? [value] : value.values
    return textsOf(value.at, strings, this.#compiling)
  }

  /** An argument that the specification demands. */
  mustText(name: string): Text {
    return this.text(name)!
  }

  mustTexts(name: string): Texts {
    return this.texts(name)!
  }

  /** A string that may have no variables in it. */
  constantText(name: string): { at: number; value: string } | null {
    const text = this.text(name)
    if (text === null) return null
    if (text.constant === null) throw new SyntaxProblem(text.at, 'variables are not allowed in this string')
    return { at: text.at, value: text.constant }
  }
}

function textsOf(at: number, nodes: readonly StringNode[], compiling: Compiling): Texts {
  const each = nodes.map(node => compiling.text(node.at, node.value))
  const constants = each.flatMap(({ constant }) => (constant === null ? [] : [constant]))
  const constant = constants.length === each.length ? constants : null
  return { at, each, constant, of: run => constant ?? each.map(text => text.of(run)) }
}

export function readArguments(node: TestNode | CommandNode, compiling: Compiling, spec: ArgumentSpec): Given {
  const { tags = {}, positional = [], tests } = spec
  const given = new Given(node.at, compiling)
  const rest: ArgumentNode[] = []
  const groups = new Map<string, string>()
  for (let i = 0; i < node.arguments.length; i++) {
    const argument = node.arguments[i]!
    if (argument.kind !== 'tag') {
      rest.push(argument)
      continue
    }
    const { at, name } = argument
    const tag = Object.hasOwn(tags, name) ? tags[name] : undefined
    if (tag === undefined) throw new SyntaxProblem(at, `"${node.name}" has no ${name}`)
    if (rest.length > 0) throw new SyntaxProblem(at, `${name} must stand before the other arguments of "${node.name}"`)
    if (given.has(name)) throw new SyntaxProblem(at, `${name} stands twice`)
    if (tag.capabilities) compiling.need(at, name, tag.capabilities)
    const other = tag.group === undefined ? undefined : groups.get(tag.group)
    if (other !== undefined) throw new SyntaxProblem(at, `${name} can't stand together with ${other}`)
    if (tag.group !== undefined) groups.set(tag.group, name)
    if (tag.value === undefined) given.set(name, at, null)
    else given.set(name, at, typed(node.arguments[++i], tag.value, at, name))
  }
  readPositional(node, given, rest, positional)
  checkTests(node, tests)
  checkBlock(node, spec.block === true)
  return given
}

function readPositional(
  node: TestNode,
  given: Given,
  rest: readonly ArgumentNode[],
  positional: readonly PositionalSpec[],
): void {
  const wanted = rest.length >= positional.length ? positional : positional.filter(({ optional }) => !optional)
  if (rest.length > wanted.length)
    throw new SyntaxProblem(rest[wanted.length]!.at, `"${node.name}" has no argument in this place`)
  wanted.forEach(({ name, type }, i) => {
    const argument = rest[i]
    if (argument === undefined)
      throw new SyntaxProblem(node.at, `"${node.name}" wants ${TYPE_NAMES[type]}: the ${name}`)
    given.set(name, argument.at, typed(argument, type, argument.at, `the ${name} of "${node.name}"`))
  })
}

function typed(argument: ArgumentNode | undefined, type: ArgumentType, at: number, what: string): ArgumentNode {
  const fits = argument?.kind === type || (type === 'strings' && argument?.kind === 'string')
  if (argument === undefined || !fits)
    throw new SyntaxProblem(argument?.at ?? at, `${what} must be ${TYPE_NAMES[type]}`)
  return argument
}

function checkTests({ at, name, tests, isTestList }: TestNode, wanted: ArgumentSpec['tests']): void {
  if (wanted === undefined && (tests.length > 0 || isTestList))
    throw new SyntaxProblem(tests[0]?.at ?? at, `"${name}" takes no test`)
  if (wanted === 'one' && (tests.length !== 1 || isTestList))
    throw new SyntaxProblem(tests[0]?.at ?? at, `"${name}" takes one test, without parentheses around it`)
  if (wanted === 'list' && !isTestList)
    throw new SyntaxProblem(tests[0]?.at ?? at, `"${name}" takes tests in parentheses`)
}

function checkBlock(node: TestNode | CommandNode, wanted: boolean): void {
  if (!('block' in node)) return
  if (wanted && node.block === null) throw new SyntaxProblem(node.at, `"${node.name}" wants a block: "{ ... }"`)
  if (!wanted && node.block !== null) throw new SyntaxProblem(node.at, `"${node.name}" takes no block`)
}
