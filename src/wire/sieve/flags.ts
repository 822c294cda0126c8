/** Flags (RFC 5232): the internal variable and named ones, and the lists that a flag string stands for. */
import { type Given, readArguments, type TagSpec } from './arguments.ts'
import { FLAG_LENGTH, FLAGS } from './limits.ts'
import { matchTags, readMatch } from './match.ts'
import { SyntaxProblem } from './problem.ts'
import type { CommandDefinition, Compiling, TestDefinition, Text, Texts } from './program.ts'
import type { Run } from './run.ts'
import { checkVariableName } from './text.ts'

export const flagTag: Readonly<Record<string, TagSpec>> = {
  ':flags': { capabilities: ['imap4flags'], value: 'strings' },
}

const SYSTEM: ReadonlyMap<string, string> = new Map(
  ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft'].map(flag => [flag.toLowerCase(), flag]),
)
/** A keyword is an atom (RFC 9051 §9). */
const KEYWORD = /^[^\s(){%*"\\\]\x00-\x1f\x7f-\uffff]+$/

/** The flags of an action: those it names, else those set before (RFC 5232 §5). */
export function givenFlags(given: Given): (run: Run) => string[] {
  const texts = given.texts(':flags')
  return run => {
    if (texts === null) return [...run.flags]
    const flags = readFlags(run, texts)
    run.change('flags', flags)
    return flags
  }
}

/** Each once; a string may hold several (§2). What is no flag, and \Recent, is passed over (§2: "MUST ignore"). */
export function flagsOf(texts: readonly string[]): string[] {
  const flags = new Map<string, string>()
  for (const text of texts)
    for (const word of text.split(/\s+/)) {
      const flag = SYSTEM.get(word.toLowerCase()) ?? (KEYWORD.test(word) && word.length <= FLAG_LENGTH ? word : null)
      if (flag !== null && !flags.has(flag.toLowerCase()) && flags.size < FLAGS) flags.set(flag.toLowerCase(), flag)
    }
  return [...flags.values()]
}

function readFlags(run: Run, texts: Texts): string[] {
  const strings = texts.of(run)
  run.spend(strings.reduce((sum, { length }) => sum + length + 4, 0))
  return flagsOf(strings)
}

type Change = (before: readonly string[], given: readonly string[]) => string[]

/** `puts`: whether the flags given are on the message then. */
function flagCommand(puts: boolean, change: Change): CommandDefinition {
  return {
    capabilities: ['imap4flags'],
    compile(node, compiling) {
      const given = readArguments(node, compiling, {
        positional: [
          { name: 'name of a variable', type: 'string', optional: true },
          { name: 'list of flags', type: 'strings' },
        ],
      })
      const name = flagVariable(given.constantText('name of a variable'), compiling)
      const texts = given.mustTexts('list of flags')
      return run => {
        const named = readFlags(run, texts)
        const flags = change(flagsIn(run, name), named)
        if (name === null) {
          run.flags = flags
          if (puts) run.change('flags', named)
        } else run.setVariable(name, flags.join(' '))
        return 'next'
      }
    },
  }
}

function flagVariable(name: { at: number; value: string } | null, compiling: Compiling): string | null {
  if (name === null) return null
  compiling.need(name.at, 'a name of a variable', ['variables'])
  if (!/^[a-z_][a-z0-9_.]*$/i.test(name.value))
    throw new SyntaxProblem(name.at, `"${name.value.slice(0, 60)}" is no name of a variable`)
  const lower = name.value.toLowerCase()
  checkVariableName(name.at, lower, compiling.isEnabled('include'))
  return lower
}

function flagsIn(run: Run, name: string | null): readonly string[] {
  if (name === null) return run.flags
  const text = run.variable(name)
  run.spend(text.length)
  return flagsOf([text])
}

export const setflag = flagCommand(true, (_, given) => [...given])
export const addflag = flagCommand(true, (before, given) => flagsOf([...before, ...given]))
export const removeflag = flagCommand(false, (before, given) => {
  const gone = new Set(given.map(flag => flag.toLowerCase()))
  return before.filter(flag => !gone.has(flag.toLowerCase()))
})

export const hasflag: TestDefinition = {
  capabilities: ['imap4flags'],
  compile(node, compiling) {
    const given = readArguments(node, compiling, {
      tags: matchTags,
      positional: [
        { name: 'list of variables', type: 'strings', optional: true },
        { name: 'list of flags', type: 'strings' },
      ],
    })
    const names = variableNames(given.texts('list of variables'), compiling)
    // RFC 5232 §2, §4: "b A" is the same as ["b", "A"].
    const matches = readMatch(given, compiling, 'list of flags', { areWords: true })
    return run => matches(run, names === null ? run.flags : names.flatMap(name => [...flagsIn(run, name)]))
  },
}

function variableNames(texts: Texts | null, compiling: Compiling): string[] | null {
  if (texts === null) return null
  const constant = (text: Text): { at: number; value: string } => {
    if (text.constant === null) throw new SyntaxProblem(text.at, 'variables are not allowed in this string')
    return { at: text.at, value: text.constant }
  }
  return texts.each.map(text => flagVariable(constant(text), compiling)!)
}
