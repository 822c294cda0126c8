/** The commands that a rule becomes, and what they require. */
import type { Condition, Rule, RuleAction, TextComparison } from './rule.ts'

export interface RuleText {
  lines: string[]
  capabilities: string[]
}

/** A test or an action. */
interface Piece {
  text: string
  capabilities?: string[]
}

export function ruleText({ match, conditions, actions }: Rule): RuleText {
  const tests = conditions.map(testOf)
  const commands = inOrder(actions).map(commandOf)
  return {
    lines: [...ifLines(match, tests), ...commands.map(({ text }) => `  ${text}`), '}'],
    capabilities: [...tests, ...commands].flatMap(({ capabilities = [] }) => capabilities),
  }
}

function ifLines(match: Rule['match'], tests: Piece[]): string[] {
  if (tests.length === 0) return ['if true {']
  if (tests.length === 1) return [`if ${tests[0]!.text} {`]
  const last = tests.length - 1
  return [`if ${match}of (`, ...tests.map(({ text }, i) => `  ${text}${i < last ? ',' : ''}`), ') {']
}

/** What is put on the message comes first: RFC 5232 §5 has `fileinto` take what the flags are by then. What ends the rule comes last. */
function inOrder(actions: readonly RuleAction[]): RuleAction[] {
  const rank = ({ kind }: RuleAction): number => {
    if (kind === 'mark-read' || kind === 'flag' || kind === 'keyword') return 0
    return kind === 'stop' ? 2 : 1
  }
  return actions.toSorted((a, b) => rank(a) - rank(b))
}

function commandOf(action: RuleAction): Piece {
  switch (action.kind) {
    case 'move':
      // RFC 5490 §3.2: a mailbox that was removed since would be an error.
      return { text: `fileinto :create ${quoted(action.mailbox)};`, capabilities: ['fileinto', 'mailbox'] }
    case 'copy':
      return {
        text: `fileinto :copy :create ${quoted(action.mailbox)};`,
        capabilities: ['copy', 'fileinto', 'mailbox'],
      }
    case 'trash':
      return {
        text: 'fileinto :specialuse "\\\\Trash" :create "Trash";',
        capabilities: ['fileinto', 'mailbox', 'special-use'],
      }
    case 'forward':
      if (!action.keepsCopy) return { text: `redirect ${quoted(action.address)};` }
      return { text: `redirect :copy ${quoted(action.address)};`, capabilities: ['copy'] }
    case 'mark-read':
      return addFlag('\\Seen')
    case 'flag':
      return addFlag('\\Flagged')
    case 'keyword':
      return addFlag(action.keyword)
    case 'reject':
      // RFC 5429 §2.4: it goes with no other action, so nothing may come after it.
      return { text: `ereject ${quoted(action.reason)}; stop;`, capabilities: ['ereject'] }
    case 'stop':
      return { text: 'stop;' }
  }
}

function addFlag(flag: string): Piece {
  return { text: `addflag ${quoted(flag)};`, capabilities: ['imap4flags'] }
}

function testOf(condition: Condition): Piece {
  switch (condition.kind) {
    case 'sender':
      return personTest(['from'], condition)
    case 'recipient':
      return personTest(['to', 'cc'], condition)
    case 'subject':
      return textTest('header', ['subject'], condition)
    case 'list':
      return textTest('header', ['list-id'], condition)
    case 'header':
      return textTest('header', [condition.name], condition)
    case 'body':
      return textTest('body :text', null, { ...condition, comparison: 'contains' }, ['body'])
    case 'size':
      return { text: `size :${condition.comparison} ${sizeText(condition.bytes)}` }
    case 'attachment':
      // RFC 5173 §5.2: an empty key is in each part of these types.
      return {
        text: negated(condition, `body :content ${list(ATTACHED)} :contains ""`),
        capabilities: ['body'],
      }
  }
}

/** What is no text to be read: a picture within a text counts, since it can't be told from one beside it here. */
const ATTACHED = ['application', 'audio', 'font', 'image', 'message', 'model', 'video', 'text/calendar', 'text/csv']

/** People search for names as well as for addresses; a whole address is an address. */
function personTest(fields: string[], condition: TextCondition): Piece {
  return textTest(condition.comparison === 'contains' ? 'header' : 'address', fields, condition)
}

interface TextCondition {
  comparison: TextComparison
  texts: readonly string[]
  isNegated: boolean
}

function textTest(test: string, fields: string[] | null, condition: TextCondition, needs: string[] = []): Piece {
  const { comparison, texts } = condition
  // No language has an empty list of strings.
  if (texts.length === 0) return { text: negated(condition, 'false') }
  // Case beyond ASCII counts for people: "Réservé" and "RÉSERVÉ" are one word.
  const isWide = texts.some(text => /[^\0-\x7f]/.test(text))
  const patterns = texts.map(text => patternOf(comparison, text))
  const words = [test, isWide ? `:comparator "${UNICODE}"` : '', MATCH[comparison], fields ? list(fields) : '']
  return {
    text: negated(condition, [...words.filter(word => word !== ''), list(patterns)].join(' ')),
    capabilities: [...needs, ...(isWide ? [`comparator-${UNICODE}`] : [])],
  }
}

const UNICODE = 'i;unicode-casemap'

const MATCH: Record<TextComparison, string> = { contains: ':contains', is: ':is', begins: ':matches', ends: ':matches' }

function patternOf(comparison: TextComparison, text: string): string {
  if (comparison === 'contains' || comparison === 'is') return text
  const literal = text.replace(/[*?\\]/g, '\\$&')
  return comparison === 'begins' ? `${literal}*` : `*${literal}`
}

function negated({ isNegated }: { isNegated: boolean }, test: string): string {
  return isNegated ? `not ${test}` : test
}

function sizeText(bytes: number): string {
  for (const [letter, unit] of UNITS) if (bytes > 0 && bytes % unit === 0) return `${bytes / unit}${letter}`
  return String(bytes)
}

const UNITS: [string, number][] = [
  ['G', 1024 ** 3],
  ['M', 1024 ** 2],
  ['K', 1024],
]

function list(texts: readonly string[]): string {
  return texts.length === 1 ? quoted(texts[0]!) : `[${texts.map(quoted).join(', ')}]`
}

/** RFC 5228 §2.4.2. A script is UTF-8 without NUL. */
function quoted(text: string): string {
  const sayable = text.toWellFormed().replaceAll('\0', '\ufffd')
  return `"${sayable.replace(/["\\]/g, '\\$&').replace(/\r\n|\r|\n/g, '\r\n')}"`
}
