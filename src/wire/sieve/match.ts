/** Match types (RFC 5228 §2.7.1, RFC 5231, draft-ietf-sieve-regex): from a test's arguments to what decides. */
import type { Given, TagSpec } from './arguments.ts'
import type { Capability } from './capabilities.ts'
import { asciiCasemap, type Comparator, comparators, octet } from './comparator.ts'
import { compileGlob, type Glob, matchGlob } from './glob.ts'
import { TEXT_LENGTH } from './limits.ts'
import { SyntaxProblem } from './problem.ts'
import type { Compiling, Text, Texts } from './program.ts'
import { compileRegex, matchRegex, type Regex, RegexProblem } from './regex.ts'
import type { Run } from './run.ts'
import type { Sliced } from './slices.ts'

/** Whether one of the values matches one of the keys; for `:count` their number, where that isn't `count`. */
export type Matcher = (run: Run, values: readonly string[], count?: number) => boolean | Promise<boolean>

export const matchTags: Readonly<Record<string, TagSpec>> = {
  ':comparator': { value: 'string' },
  ':is': { group: 'match' },
  ':contains': { group: 'match' },
  ':matches': { group: 'match' },
  ':regex': { group: 'match', capabilities: ['regex'] },
  ':count': { group: 'match', capabilities: ['relational'], value: 'string' },
  ':value': { group: 'match', capabilities: ['relational'], value: 'string' },
}

type MatchType = ':is' | ':contains' | ':matches' | ':regex' | ':count' | ':value'
const MATCH_TYPES: readonly MatchType[] = [':is', ':contains', ':matches', ':regex', ':count', ':value']

/** Finds a key in a value; gives the match values where variables want them. */
type Finder = (run: Run, value: string) => Found | Sliced<Found>
type Found = readonly string[] | boolean

interface Keys {
  setsMatchValues?: boolean
  /** Whether each of them is a list of words, one of which is to be found. */
  areWords?: boolean
}

/** `keys`: the name of the argument that has them. */
export function readMatch(
  given: Given,
  compiling: Compiling,
  keys: string,
  { setsMatchValues = true, areWords = false }: Keys = {},
): Matcher {
  const type = given.oneOf(MATCH_TYPES) ?? ':is'
  const comparator = readComparator(given, compiling)
  const texts = given.mustTexts(keys)
  if (!comparator.hasSubstrings && (type === ':contains' || type === ':matches' || type === ':regex'))
    throw new SyntaxProblem(given.placeOf(type), `the comparator "${comparator.name}" can't be used with ${type}`)
  if (type === ':count' || type === ':value') {
    const holds = relation(given.constantText(type)!)
    return relational(type, comparator, holds, texts)
  }
  if (areWords && (type === ':is' || type === ':contains')) return findsWord(type, comparator, texts)
  const finders = texts.each.map(key =>
    finderFor(type, key, comparator, compiling, setsMatchValues && compiling.isEnabled('variables')),
  )
  if (type === ':is' && texts.constant !== null) return equalsOne(texts.constant, comparator)
  return (run, values) => run.inTurns(findAny(run, values, finders))
}

function* findAny(run: Run, values: readonly string[], finders: readonly Finder[]): Sliced<boolean> {
  for (const value of values)
    for (const find of finders) {
      const finding = find(run, value)
      const found = typeof finding === 'object' && 'next' in finding ? yield* finding : finding
      if (run.isPauseDue) yield
      if (found === false) continue
      if (found !== true) run.setMatchValues(found)
      return true
    }
  return false
}

/** Words are told apart when they are looked for: a script may list very many, and look for few. */
function findsWord(type: ':is' | ':contains', { fold }: Comparator, keys: Texts): Matcher {
  return (run, values) => {
    const folded = values.map(fold)
    return keys.of(run).some(key => {
      run.spend((4 + key.length) * (1 + values.length / 8))
      const words = key.trim().split(/\s+/).map(fold)
      return words.some(word => folded.some(value => (type === ':is' ? value === word : value.includes(word))))
    })
  }
}

function readComparator(given: Given, compiling: Compiling): Comparator {
  const name = given.constantText(':comparator')
  if (name === null) return asciiCasemap
  const comparator = comparators.get(name.value)
  if (comparator === undefined) throw new SyntaxProblem(name.at, `there is no comparator "${name.value.slice(0, 60)}"`)
  if (comparator !== octet && comparator !== asciiCasemap)
    compiling.need(name.at, `the comparator "${comparator.name}"`, [`comparator-${comparator.name}` as Capability])
  return comparator
}

/** One look for all keys: lists of some thousand senders are usual. */
function equalsOne(keys: readonly string[], { name, fold, isEqual, hasSubstrings }: Comparator): Matcher {
  if (!hasSubstrings) return (run, values) => run.inTurns(findPair(run, values, keys, isEqual))
  const folded = new Set(keys.map(fold))
  return (run, values) =>
    values.some(value => {
      run.spend(1)
      return folded.has(run.folded(value, name, fold))
    })
}

function finderFor(
  type: ':is' | ':contains' | ':matches' | ':regex',
  key: Text,
  comparator: Comparator,
  compiling: Compiling,
  wantsValues: boolean,
): Finder {
  const { name, fold, isEqual } = comparator
  switch (type) {
    case ':is':
      return (run, value) => {
        const text = key.of(run)
        run.spend((text.length + value.length) / 8)
        return isEqual(value, text)
      }
    case ':contains': {
      const constant = key.constant === null ? null : fold(key.constant)
      return (run, value) => {
        const wanted = constant ?? fold(key.of(run))
        if (constant === null) run.spend(wanted.length / 8)
        // In every text, whatever it is.
        if (wanted === '') return true
        run.spend(1 + value.length / 16)
        return run.folded(value, name, fold).includes(wanted)
      }
    }
    case ':matches':
      return globFinder(key, comparator, wantsValues)
    case ':regex':
      return regexFinder(key, comparator, compiling, wantsValues)
  }
}

function globFinder(key: Text, comparator: Comparator, wantsValues: boolean): Finder {
  const { name, fold, keepsPlaces } = comparator
  const constant = key.constant === null ? null : compileGlob(key.constant, fold)
  return function* (run, value) {
    const glob = constant ?? globOf(run, key.of(run), fold)
    const spend = (units: number): void => run.spend(units)
    const placed = keepsPlaces || value.length > PLACED_LENGTH ? null : run.foldedPieces(value, fold)
    if (placed === null) {
      const folded = run.folded(value, name, fold)
      const source = folded.length === value.length ? value : folded
      const found = yield* matchGlob(glob, folded, spend)
      return valuesOf(value, found, wantsValues, (from, to) => source.slice(from, to))
    }
    const found = yield* matchGlob(glob, placed.text, spend, placed.characterEnd)
    return valuesOf(value, found, wantsValues, placed.source)
  }
}

/** Longer ones are of bodies, whose match values nobody gets (RFC 5173 §6). */
const PLACED_LENGTH = TEXT_LENGTH

function valuesOf(
  value: string,
  found: [number, number][] | null,
  areWanted: boolean,
  sourceOf: (start: number, end: number) => string,
): readonly string[] | boolean {
  if (found === null || !areWanted) return found !== null
  return [value, ...found.map(([start, end]) => sourceOf(start, end))]
}

function globOf(run: Run, pattern: string, fold: (text: string) => string): Glob {
  run.spend(pattern.length / 2)
  return compileGlob(pattern, fold)
}

function regexFinder(key: Text, comparator: Comparator, compiling: Compiling, wantsValues: boolean): Finder {
  const ignoresCase = comparator !== octet
  let constant: Regex | null = null
  if (key.constant !== null)
    try {
      // Of those that follow one too many nothing is made.
      compiling.countRegexStates(key.at, 1)
      constant = compileRegex(key.constant, ignoresCase)
      compiling.countRegexStates(key.at, constant.instructions.length - 1)
    } catch (error) {
      if (error instanceof RegexProblem) throw new SyntaxProblem(key.at, error.message)
      throw error
    }
  return function* (run, value) {
    let regex = constant
    if (regex === null)
      try {
        const pattern = key.of(run)
        run.spend(100 + pattern.length * 8)
        regex = compileRegex(pattern, ignoresCase)
      } catch (error) {
        if (error instanceof RegexProblem) run.fail(error.message, key.at)
        throw error
      }
    if (constant === null) run.spend(regex.instructions.length * 4)
    const found = yield* matchRegex(regex, value, units => run.spend(units), wantsValues)
    return found !== null && (wantsValues ? found : true)
  }
}

type Relation = (order: number) => boolean
const RELATIONS: ReadonlyMap<string, Relation> = new Map<string, Relation>([
  ['gt', order => order > 0],
  ['ge', order => order >= 0],
  ['lt', order => order < 0],
  ['le', order => order <= 0],
  ['eq', order => order === 0],
  ['ne', order => order !== 0],
])

function relation({ at, value }: { at: number; value: string }): Relation {
  const holds = RELATIONS.get(value.toLowerCase())
  if (holds === undefined) throw new SyntaxProblem(at, `"${value.slice(0, 20)}" is none of gt, ge, lt, le, eq, ne`)
  return holds
}

function relational(type: ':count' | ':value', { compare }: Comparator, holds: Relation, keys: Texts): Matcher {
  return (run, values, count = values.length) => {
    const left = type === ':count' ? [String(count)] : values
    return run.inTurns(findPair(run, left, keys.of(run), (value, key) => holds(compare(value, key))))
  }
}

function* findPair(
  run: Run,
  values: readonly string[],
  keys: readonly string[],
  fits: (value: string, key: string) => boolean,
): Sliced<boolean> {
  for (const value of values)
    for (const key of keys) {
      run.spend((value.length + key.length) / 8)
      if (fits(value, key)) return true
      if (run.isPauseDue) yield
    }
  return false
}
