import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { actionsOf, errorsOf, run } from '../../../test/support/sieve.ts'
import type { Condition, Rule, RuleAction, TextComparison } from './rule.ts'
import { linesOfRules, rulesOfText, textOfRules } from './rules.ts'

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

  it('are found by the line on which something of them stands', async () => {
    const source = textOfRules([rule({ name: 'Off', isEnabled: false }), rule({ name: 'First' }), invoices])
    const lines = linesOfRules(source)!
    expect(lines.map(({ name }) => name)).toEqual(['Off', 'First', 'Factures'])
    for (const { name, line } of lines) expect(source.split('\n')[line - 1]).toContain(`"name":"${name}"`)
    expect(linesOfRules(`${source}keep;\r\n`)).toBeNull()
    const filed = textOfRules([
      rule({ name: 'First' }),
      rule({ name: 'Second', actions: [{ kind: 'move', mailbox: 'x' }] }),
    ])
    const [origin] = (await run(filed.replace('stop;', ''))).origins
    expect(linesOfRules(filed)!.findLast(({ line }) => line <= origin!.line)?.name).toBe('Second')
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

describe('what rules do', () => {
  async function isTrue(condition: Condition, given: { header?: string; body?: string }): Promise<boolean> {
    const one = rule({ conditions: [condition], actions: [{ kind: 'keyword', keyword: 'found' }] })
    return (await run(textOfRules([one]), given)).flags.includes('found')
  }
  const header =
    'From: "Zoé Martin" <zoe@example.org>\nTo: a@example.org\nCc: me@example.com\nSubject: Reçu n° 5 *\nX-A: b'
  const contains = { comparison: 'contains', isNegated: false } as const

  const yes: Condition[] = [
    { kind: 'sender', ...contains, texts: ['ZOÉ'] },
    { kind: 'sender', ...contains, texts: ['nobody', '@example.org'] },
    { kind: 'sender', ...contains, comparison: 'is', texts: ['Zoe@Example.org'] },
    { kind: 'sender', ...contains, comparison: 'ends', texts: ['@example.org'] },
    { kind: 'recipient', ...contains, comparison: 'begins', texts: ['ME@'] },
    { kind: 'subject', ...contains, comparison: 'is', texts: ['REÇU N° 5 *'] },
    { kind: 'subject', ...contains, comparison: 'ends', texts: [' *'] },
    { kind: 'subject', ...contains, isNegated: true, texts: ['invoice'] },
    { kind: 'header', name: 'X-A', ...contains, texts: ['B'] },
    { kind: 'body', texts: ['PARIS'], isNegated: false },
    { kind: 'size', comparison: 'under', bytes: 1024 },
    { kind: 'attachment', isNegated: true },
  ]
  it.each(yes)('%j is so', async condition => {
    expect(await isTrue(condition, { header, body: 'From Paris.' })).toBe(true)
  })

  const no: Condition[] = [
    { kind: 'sender', ...contains, comparison: 'is', texts: ['Zoé Martin'] },
    { kind: 'sender', ...contains, comparison: 'begins', texts: ['*'] },
    { kind: 'subject', ...contains, comparison: 'ends', texts: ['?'] },
    { kind: 'list', ...contains, texts: [''] },
    { kind: 'subject', ...contains, texts: [] },
    { kind: 'body', texts: ['Zoé'], isNegated: false },
  ]
  it.each(no)('%j is not so', async condition => {
    expect(await isTrue(condition, { header, body: 'From Paris.' })).toBe(false)
  })

  it('attachments are told by what parts are', async () => {
    const attachment: Condition = { kind: 'attachment', isNegated: false }
    const mixed = (type: string): { header: string; body: string } => ({
      header: 'Content-Type: multipart/mixed; boundary=b',
      body: `--b\nContent-Type: text/plain\n\nHello\n--b\nContent-Type: ${type}\n\nxx\n--b--\n`,
    })
    for (const type of ['application/pdf', 'image/png', 'text/csv', 'message/rfc822'])
      expect(await isTrue(attachment, mixed(type))).toBe(true)
    for (const type of ['text/plain', 'text/html']) expect(await isTrue(attachment, mixed(type))).toBe(false)
  })

  it('all of them run, in their order, until one stops', async () => {
    const source = textOfRules([
      rule({ actions: [{ kind: 'copy', mailbox: 'Copies' }, { kind: 'flag' }] }),
      rule({ isEnabled: false, actions: [{ kind: 'trash' }] }),
      rule({ match: 'any', conditions: [{ kind: 'attachment', isNegated: false }], actions: [{ kind: 'trash' }] }),
      rule({ actions: [{ kind: 'move', mailbox: 'Reçus' }, { kind: 'mark-read' }, { kind: 'stop' }] }),
      rule({ actions: [{ kind: 'forward', address: 'bob@example.org', keepsCopy: true }] }),
    ])
    expect(await run(source)).toMatchObject({
      actions: [
        { kind: 'fileinto', mailbox: 'Copies', copy: true, create: true, flags: ['\\Flagged'] },
        { kind: 'fileinto', mailbox: 'Reçus', copy: false, create: true, flags: ['\\Flagged', '\\Seen'] },
      ],
      implicitKeep: false,
    })
  })

  it('a refusal is all that is done', async () => {
    const source = textOfRules([
      rule({ actions: [{ kind: 'stop' }, { kind: 'reject', reason: 'Not\nhere' }] }),
      rule({ actions: [{ kind: 'move', mailbox: 'A' }] }),
    ])
    expect(await actionsOf(source)).toEqual([{ kind: 'ereject', reason: 'Not\r\nhere' }])
  })

  it('what is put together in the panel compiles, whatever the texts are', () => {
    const isAskedFor = (one: Rule): boolean =>
      one.conditions.every(c => c.kind !== 'header') &&
      one.actions.every(a => a.kind === 'mark-read' || !('mailbox' in a || 'address' in a))
    fc.assert(
      fc.property(anyRules, rules => {
        expect(errorsOf(textOfRules(rules.filter(isAskedFor)))).toEqual([])
      }),
    )
  })
})
