/** Refusals together with what files, keeps, sends on or answers, as a script tells it before any message is there. */
import { expect, it } from 'vitest'
import { contradictionsIn } from './contradictions.ts'
import type { Rule, RuleAction } from './rule.ts'
import { ruleContradictions } from './rule-contradictions.ts'
import { atOnce } from './slices.ts'

/** The lines of the later command and of the earlier one. */
const pairs = (source: string): string[] =>
  atOnce(contradictionsIn(source)).map(({ line, earlier }) => `${line} after ${earlier.line}`)

it.each([
  ['fileinto "a";\nreject "b";', ['2 after 1']],
  ['reject "b";\nkeep;', ['2 after 1']],
  ['reject "a";\nereject "b";', ['2 after 1']],
  ['vacation "a";\nvacation "b";', ['2 after 1']],
  ['if header "a" "b" {\nredirect "a@example.org";\n}\nereject "x";', ['4 after 2']],
  ['if header "a" "b" {\nredirect "a@example.org"; stop;\n}\nereject "x";', []],
  ['if header "a" "b" { keep; }\nelsif header "c" "d" { reject "x"; }\nelse { stop; }', []],
  ['if true {\nkeep; stop;\n}\nreject "x";', []],
  ['if false {\nkeep;\n}\nreject "x";', []],
  ['if header "a" "b" { stop; } elsif header "a" "c" {\nkeep;\n} else { stop; }\nreject "x";', ['4 after 2']],
  ['discard; notify "mailto:a@example.org"; addflag "x"; reject "x";', []],
])('%j: %j', (source, expected) => {
  expect(pairs(source)).toEqual(expected)
})

it('are told with where they are', () => {
  expect(atOnce(contradictionsIn('fileinto "a";\n  reject "b";'))).toEqual([
    {
      line: 2,
      column: 3,
      message: '"reject" after "fileinto" of line 1: where both are run, the script fails and the message is kept',
      earlier: { line: 1, column: 1 },
    },
  ])
})

it('are rules of the panel by their places, whatever their names and texts have in them', () => {
  const rule = (actions: RuleAction[], isEnabled = true): Rule => {
    const conditions: Rule['conditions'] = [
      { kind: 'subject', comparison: 'is', texts: ['a\r\n# rule: b\r\n'], isNegated: false },
    ]
    return { name: 'a\n# rule: b', isEnabled, match: 'all', conditions, actions }
  }
  const [move, reject]: RuleAction[] = [
    { kind: 'move', mailbox: 'a\nb' },
    { kind: 'reject', reason: 'no\n\n# rule: x' },
  ]
  const of = (...rules: Rule[]) => atOnce(ruleContradictions(rules))
  const flags = rule([{ kind: 'flag' }])
  expect(of(flags, rule([move!]), flags, rule([reject!]))).toEqual([{ rule: 3, earlier: 1 }])
  expect(of(flags, rule([move!, reject!]))).toEqual([{ rule: 1, earlier: 1 }])
  expect(of(rule([move!, { kind: 'stop' }]), rule([reject!]))).toEqual([])
  expect(of(rule([reject!]), rule([move!]))).toEqual([])
  expect(of(rule([move!], false), rule([reject!]))).toEqual([])
})
