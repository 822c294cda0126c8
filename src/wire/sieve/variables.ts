/** Variables (RFC 5229), with the modifiers that other extensions add. */

import { readArguments, type TagSpec } from './arguments.ts'
import { asciiUpper } from './comparator.ts'
import { matchTags, readMatch } from './match.ts'
import { SyntaxProblem } from './problem.ts'
import type { CommandDefinition, TestDefinition } from './program.ts'
import { checkVariableName } from './text.ts'

const IDENTIFIER = /^[a-z_][a-z0-9_]*$/
const NAME = /^(?:[a-z_][a-z0-9_]*\.)*[a-z_][a-z0-9_]*$/

const asciiLower = (text: string): string =>
  /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, letters => letters.toLowerCase()) : text

/** In the order in which they apply (§4.1): the tags of one group have the same precedence. */
const MODIFIERS: readonly { tag: string; spec: TagSpec; change: (text: string) => string }[] = [
  { tag: ':lower', spec: { group: '40' }, change: asciiLower },
  { tag: ':upper', spec: { group: '40' }, change: asciiUpper },
  { tag: ':lowerfirst', spec: { group: '30' }, change: text => asciiLower(text.slice(0, 1)) + text.slice(1) },
  { tag: ':upperfirst', spec: { group: '30' }, change: text => asciiUpper(text.slice(0, 1)) + text.slice(1) },
  { tag: ':quotewildcard', spec: { group: '20' }, change: text => text.replace(/[*?\\]/g, '\\$&') },
  {
    tag: ':quoteregex',
    spec: { group: '20', capabilities: ['regex'] },
    change: text => text.replace(/[.^$*+?()[\]{}|\\]/g, '\\$&'),
  },
  { tag: ':encodeurl', spec: { group: '15', capabilities: ['enotify'] }, change: encodeUrl },
  { tag: ':length', spec: { group: '10' }, change: text => String([...text].length) },
]

/** RFC 5435 §6: all but the unreserved characters of RFC 3986, as UTF-8. */
function encodeUrl(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

export const set: CommandDefinition = {
  capabilities: ['variables'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: Object.fromEntries(MODIFIERS.map(({ tag, spec }) => [tag, spec])),
      positional: [
        { name: 'name', type: 'string' },
        { name: 'value', type: 'string' },
      ],
    })
    const { at, value: written } = given.constantText('name')!
    const name = written.toLowerCase()
    if (!NAME.test(name)) throw new SyntaxProblem(at, `"${written.slice(0, 60)}" is no name of a variable`)
    checkVariableName(at, name, compiling.isEnabled('include'))
    if (!name.includes('.') && !compiling.globals.has(name)) compiling.locals.add(name)
    const value = given.mustText('value')
    const changes = MODIFIERS.filter(({ tag }) => given.has(tag)).map(({ change }) => change)
    return run => {
      let text = value.of(run)
      run.spend((text.length * (changes.length + 1)) / 4)
      for (const change of changes) text = change(text)
      run.setVariable(name, text)
      return 'next'
    }
  },
}

export const string: TestDefinition = {
  capabilities: ['variables'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: matchTags,
      positional: [
        { name: 'sources', type: 'strings' },
        { name: 'keys', type: 'strings' },
      ],
    })
    const sources = given.mustTexts('sources')
    const matches = readMatch(given, compiling, 'keys')
    return run => {
      const values = sources.of(run)
      return matches(run, values, values.filter(value => value !== '').length)
    }
  },
}

/** RFC 6609 §3.4.1: variables that all scripts of a run share. */
export const global: CommandDefinition = {
  capabilities: ['include'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, { positional: [{ name: 'names', type: 'strings' }] })
    compiling.need(node.at, '"global"', ['variables'])
    for (const { at, constant } of given.mustTexts('names').each) {
      if (constant === null) throw new SyntaxProblem(at, 'variables are not allowed in this string')
      const name = constant.toLowerCase()
      if (!IDENTIFIER.test(name)) throw new SyntaxProblem(at, `"${constant.slice(0, 60)}" is no name of a variable`)
      // RFC 6609 §3.4.1: "an error MUST be generated".
      if (compiling.locals.has(name))
        throw new SyntaxProblem(at, `"${name}" was set before: "global" must stand before that`)
      compiling.globals.add(name)
    }
    return () => 'next'
  },
}
