import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Condition, Rule, RuleAction, TextComparison } from './rule.ts'
import { rulesOfText, textOfRules } from './rules.ts'

const invoices: Rule = {
  name: 'Factures',
  isEnabled: true,
  match: 'all',
  conditions: [
    { kind: 'sender', comparison: 'contains', texts: ['billing@example.org', 'Accounts'], isNegated: false },
    { kind: 'subject', comparison: 'begins', texts: ['50 % *off*'], isNegated: true },
    { kind: 'size', comparison: 'under', bytes: 5 * 1024 * 1024 },
  ],
  actions: [{ kind: 'move', mailbox: 'Factures' }, { kind: 'mark-read' }, { kind: 'stop' }],
}

function rule(parts: Partial<Rule>): Rule {
  return { name: 'Rule', isEnabled: true, match: 'all', conditions: [], actions: [{ kind: 'stop' }], ...parts }
}

/** Of a script of one rule, what stands behind its comment. */
function commandsOf(one: Rule): string {
  return textOfRules([one])
    .split('\r\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .join('\n')
}

describe('the text of rules', () => {
  it('has each rule in a comment above its commands', () => {
    expect(textOfRules([invoices])).toBe(
      [
        '# Rules of the panel, version 1.',
        '# Whoever changes anything here goes on by hand: the panel then shows the script as it is.',
        'require ["fileinto", "imap4flags", "mailbox"];',
        '',
        `# rule: ${JSON.stringify(invoices)}`,
        'if allof (',
        '  header :contains "from" ["billing@example.org", "Accounts"],',
        '  not header :matches "subject" "50 % \\\\*off\\\\**",',
        '  size :under 5M',
        ') {',
        '  addflag "\\\\Seen";',
        '  fileinto :create "Factures";',
        '  stop;',
        '}',
        '',
      ].join('\r\n'),
    )
  })

  it('has a rule that is switched off in the comment alone', () => {
    expect(commandsOf({ ...invoices, isEnabled: false })).toBe('')
  })

  it('is a script without rules, too', () => {
    expect(commandsOf(rule({ isEnabled: false }))).toBe('')
    expect(rulesOfText(textOfRules([]))).toEqual([])
  })

  const person: { comparison: TextComparison; texts: string[]; isNegated: boolean } = {
    comparison: 'is',
    texts: ['alice@example.org'],
    isNegated: false,
  }
  const conditions: [Condition, string][] = [
    [{ kind: 'sender', ...person }, 'address :is "from" "alice@example.org"'],
    [{ kind: 'recipient', ...person }, 'address :is ["to", "cc"] "alice@example.org"'],
    [
      { kind: 'recipient', ...person, comparison: 'contains', isNegated: true },
      'not header :contains ["to", "cc"] "alice@example.org"',
    ],
    [
      { kind: 'sender', ...person, comparison: 'ends', texts: ['@example.org'] },
      'address :matches "from" "*@example.org"',
    ],
    [{ kind: 'subject', ...person, texts: ['a "b" \\ c'] }, 'header :is "subject" "a \\"b\\" \\\\ c"'],
    [
      { kind: 'subject', ...person, comparison: 'contains', texts: ['réservé'] },
      'header :comparator "i;unicode-casemap" :contains "subject" "réservé"',
    ],
    [{ kind: 'list', ...person, comparison: 'contains' }, 'header :contains "list-id" "alice@example.org"'],
    [{ kind: 'header', name: 'X-Spam', ...person, texts: ['Yes'] }, 'header :is "X-Spam" "Yes"'],
    [{ kind: 'body', texts: ['a', 'b'], isNegated: false }, 'body :text :contains ["a", "b"]'],
    [{ kind: 'body', texts: [], isNegated: true }, 'not false'],
    [{ kind: 'size', comparison: 'over', bytes: 0 }, 'size :over 0'],
    [{ kind: 'size', comparison: 'over', bytes: 1025 }, 'size :over 1025'],
    [{ kind: 'size', comparison: 'over', bytes: 3 * 1024 ** 3 }, 'size :over 3G'],
  ]
  it.each(conditions)('tests %j', (condition, text) => {
    expect(commandsOf(rule({ conditions: [condition] }))).toContain(`if ${text} {\n  stop;\n}`)
  })

  it('requires what it uses, once', () => {
    const conditions: Condition[] = [
      { kind: 'attachment', isNegated: false },
      { kind: 'body', texts: ['é'], isNegated: false },
    ]
    expect(commandsOf(rule({ conditions }))).toContain('require ["body", "comparator-i;unicode-casemap"];')
  })

  const actions: [RuleAction, string][] = [
    [{ kind: 'move', mailbox: 'Reçus/2026' }, 'fileinto :create "Reçus/2026";'],
    [{ kind: 'copy', mailbox: 'Archive' }, 'fileinto :copy :create "Archive";'],
    [{ kind: 'trash' }, 'fileinto :specialuse "\\\\Trash" :create "Trash";'],
    [{ kind: 'forward', address: 'bob@example.org', keepsCopy: true }, 'redirect :copy "bob@example.org";'],
    [{ kind: 'forward', address: 'bob@example.org', keepsCopy: false }, 'redirect "bob@example.org";'],
    [{ kind: 'flag' }, 'addflag "\\\\Flagged";'],
    [{ kind: 'keyword', keyword: '$work' }, 'addflag "$work";'],
    [{ kind: 'reject', reason: 'Not\nhere' }, 'ereject "Not\nhere"; stop;'],
  ]
  it.each(actions)('does %j', (action, text) => {
    expect(commandsOf(rule({ actions: [action] }))).toContain(`if true {\n  ${text}\n}`)
  })

  it('puts flags on before it files, and stops last', () => {
    const inAnyOrder: RuleAction[] = [{ kind: 'stop' }, { kind: 'move', mailbox: 'A' }, { kind: 'flag' }]
    expect(commandsOf(rule({ actions: inAnyOrder }))).toMatch(/addflag.*\n.*fileinto.*\n.*stop;\n}$/)
  })
})

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\r', '\n', '\0', '\ud800', '$', '{'),
)
const compared = {
  comparison: fc.constantFrom('contains', 'is', 'begins', 'ends'),
  texts: fc.array(text, { maxLength: 3 }),
  isNegated: fc.boolean(),
} as const
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constantFrom('sender', 'recipient', 'subject', 'list'), ...compared }),
  fc.record({ kind: fc.constant('header'), name: text, ...compared }),
  fc.record({ kind: fc.constant('body'), texts: compared.texts, isNegated: fc.boolean() }),
  fc.record({ kind: fc.constant('size'), comparison: fc.constantFrom('over', 'under'), bytes: fc.maxSafeNat() }),
  fc.record({ kind: fc.constant('attachment'), isNegated: fc.boolean() }),
)
const action: fc.Arbitrary<RuleAction> = fc.oneof(
  fc.record({ kind: fc.constantFrom('move', 'copy'), mailbox: text }),
  fc.record({ kind: fc.constant('forward'), address: text, keepsCopy: fc.boolean() }),
  fc.record({ kind: fc.constant('keyword'), keyword: text }),
  fc.record({ kind: fc.constantFrom('mark-read', 'flag', 'trash', 'stop') }),
  fc.record({ kind: fc.constant('reject'), reason: text }),
)
/** With its keys in any order, as a client of the API may send them. */
const anyRule: fc.Arbitrary<Rule> = fc.record({
  actions: fc.array(action, { maxLength: 4 }),
  match: fc.constantFrom('all', 'any'),
  isEnabled: fc.boolean(),
  conditions: fc.array(condition, { maxLength: 4 }),
  name: text,
})
const anyRules = fc.array(anyRule, { maxLength: 5 })

describe('rules read back', () => {
  it('are the rules that were written', () => {
    fc.assert(fc.property(anyRules, rules => void expect(rulesOfText(textOfRules(rules))).toEqual(rules)))
  })

  it('survive a way through an editor that changes line ends', () => {
    const onUnix = (source: string): string => source.replaceAll('\r\n', '\n')
    fc.assert(fc.property(anyRules, rules => void expect(rulesOfText(onUnix(textOfRules(rules)))).toEqual(rules)))
  })

  it('are never others than those of which the script is the text', () => {
    const source = textOfRules([invoices, rule({ name: 'Other' })])
    for (let at = 0; at < source.length; at++) {
      const changed = `${source.slice(0, at)}~${source.slice(at + 1)}`
      const found = rulesOfText(changed)
      // A name is in the comment alone: such a change makes other rules, of which this is the text.
      if (found !== null) expect(textOfRules(found)).toBe(changed)
    }
    expect(rulesOfText(`${source}keep;\r\n`)).toBeNull()
    expect(rulesOfText(source.slice(0, -2))).toBeNull()
    expect(rulesOfText(` ${source}`)).toBeNull()
  })

  const foreign: [string, unknown][] = [
    ['not an object', 5],
    ['an unknown kind of condition', { ...invoices, conditions: [{ kind: 'constructor' }] }],
    ['an unknown kind of action', { ...invoices, actions: [{ kind: 'explode' }] }],
    ['more than is known', { ...invoices, colour: 'red' }],
    [
      'a condition with what is not its own',
      { ...invoices, conditions: [{ kind: 'attachment', isNegated: true, bytes: 1 }] },
    ],
    ['less than is needed', { name: 'a', isEnabled: false, match: 'all', conditions: [] }],
    ['a size that is none', { ...invoices, conditions: [{ kind: 'size', comparison: 'over', bytes: -1 }] }],
    ['texts that are none', { ...invoices, conditions: [{ kind: 'body', texts: [1], isNegated: false }] }],
  ]
  it.each(foreign)('are not made of %s', (_, made) => {
    const [head] = textOfRules([]).split('\r\n')
    const source = textOfRules([rule({ isEnabled: false })])
    expect(rulesOfText(source)).not.toBeNull()
    expect(rulesOfText(source.replace(/# rule: .*/, () => `# rule: ${JSON.stringify(made)}`))).toBeNull()
    expect(rulesOfText(`${head}\r\n# rule: {`)).toBeNull()
  })

  it('are not found in what others write', () => {
    for (const source of ['', 'keep;', '# rule: []', 'require "fileinto";\r\nfileinto "A";\r\n'])
      expect(rulesOfText(source)).toBeNull()
    fc.assert(fc.property(fc.string({ unit: 'binary' }), source => void expect(rulesOfText(source)).toBeNull()))
  })
})
