/**
 * The rules that people put together in the panel, as a script and back.
 *
 * Each rule stands in a comment above the commands made of it. A script is the panel's own only where writing its comments'
 * rules again gives the same script: whatever was changed by hand, or by another program, is told by that and left alone.
 */
import type { Rule } from './rule.ts'
import { isRule } from './rule-shape.ts'
import { type RuleText, ruleText } from './rule-text.ts'

const HEAD = [
  '# Rules of the panel, version 1.',
  '# Whoever changes anything here goes on by hand: the panel then shows the script as it is.',
]
const RULE = '# rule: '

/** JSON has the keys in this order, however the rule was made. */
const KEYS = [
  ...['name', 'isEnabled', 'match', 'conditions', 'actions', 'kind', 'comparison', 'texts', 'isNegated', 'bytes'],
  ...['mailbox', 'address', 'keepsCopy', 'keyword', 'reason'],
]

export function textOfRules(rules: readonly Rule[]): string {
  return piecesOf(rules).join('')
}

/** The line, counted from 1, of each rule's comment in that text. */
export function commentLines(rules: readonly Rule[]): number[] {
  const [head = '', ...pieces] = piecesOf(rules)
  // Behind an empty line.
  let line = 2 + lineEnds(head)
  return pieces.map(piece => {
    const start = line
    line += lineEnds(piece)
    return start
  })
}

/** What stands before all rules, then each of them. */
function piecesOf(rules: readonly Rule[]): string[] {
  const written = rules.map(rule => ({ rule, text: rule.isEnabled ? ruleText(rule) : null }))
  const pieces = [[...HEAD, ...requireLines(written.flatMap(({ text }) => text ?? []))]]
  for (const { rule, text } of written) pieces.push(['', RULE + JSON.stringify(rule, KEYS), ...(text?.lines ?? [])])
  return pieces.map(lines => lines.map(line => `${line}\r\n`).join(''))
}

const lineEnds = (text: string): number => text.split('\n').length - 1

/** null where the script is not, or no longer, one that `textOfRules` writes. */
export function rulesOfText(source: string): Rule[] | null {
  const lines = source.split(/\r?\n/)
  if (lines[0] !== HEAD[0]) return null
  const rules: Rule[] = []
  for (const line of lines) {
    if (!line.startsWith(RULE)) continue
    const rule = parsed(line.slice(RULE.length))
    if (!isRule(rule)) return null
    rules.push(rule)
  }
  return textOfRules(rules) === lines.join('\r\n') ? rules : null
}

export interface RuleLine {
  name: string
  /** Of its comment; the rule goes on to the next one's. */
  line: number
}

/** Where the rules of such a script begin, in order; null where it is none. */
export function linesOfRules(source: string): RuleLine[] | null {
  const rules = rulesOfText(source)
  if (!rules) return null
  const lines = commentLines(rules)
  return rules.map(({ name }, index) => ({ name, line: lines[index] ?? 0 }))
}

function requireLines(texts: readonly RuleText[]): string[] {
  const names = [...new Set(texts.flatMap(({ capabilities }) => capabilities))].sort()
  return names.length === 0 ? [] : [`require [${names.map(name => `"${name}"`).join(', ')}];`]
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
