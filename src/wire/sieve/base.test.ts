// biome-ignore-all lint/suspicious/noTemplateCurlyInString: characters and variables of Sieve look like it
import { describe, expect, it } from 'vitest'
import { actionsOf, errorsOf, run } from '../../../test/support/sieve.ts'

describe('an empty script', () => {
  it.each(['', '# nothing', '/* nothing\n */\r\n', '\ufeff'])('%j keeps the message', async source => {
    expect(await run(source)).toEqual({
      actions: [],
      origins: [],
      changes: [],
      headerEdits: [],
      implicitKeep: true,
      flags: [],
    })
  })
})

describe('actions', () => {
  it('file, redirect, discard, keep, and cancel the implicit keep', async () => {
    const file = { kind: 'fileinto', flags: [], create: false, copy: false, specialUse: null, edits: 0 }
    expect(await run('require "fileinto"; fileinto "INBOX.harassment";')).toMatchObject({
      actions: [{ ...file, mailbox: 'INBOX.harassment' }],
      implicitKeep: false,
    })
    expect(await actionsOf('redirect "bart@example.com";')).toEqual([
      { kind: 'redirect', address: 'bart@example.com', copy: false, edits: 0 },
    ])
    expect(await run('discard;')).toMatchObject({ actions: [{ kind: 'discard' }], implicitKeep: false })
    expect(await run('keep; keep;')).toMatchObject({
      actions: [{ kind: 'keep', flags: [], edits: 0 }],
      implicitKeep: false,
    })
    expect(await run('stop; discard;')).toMatchObject({ actions: [], implicitKeep: true })
  })

  it.each(['Bart', 'Bart van Dyk', '"B., <S>" Bart', 'Jos\u00e9 ', '"\\"" '])(
    'redirect to an address behind the name %j (RFC 5228 §2.4.2.3)',
    async name => {
      const written = `${name} <bart@example.com>`.replaceAll(/["\\]/g, '\\$&')
      const redirect = { kind: 'redirect', address: 'bart@example.com' }
      expect(await actionsOf(`redirect "${written}"; redirect "bart@example.com";`)).toMatchObject([redirect])
      const source = `require "variables"; set "to" "${written}"; redirect "\${to}";`
      expect(await actionsOf(source)).toMatchObject([redirect])
    },
  )

  it.each([
    ' bart@example.com',
    'bart@example.com\t',
    ' bart @ example.com ',
    'Bart < bart@example.com > ',
    'Bart <bart @example.com>',
    '\r\n bart@example.com',
  ])('redirect to %j: white space around the parts of an address is none of it (RFC 5322 §3.4.1)', async written => {
    const redirect = { kind: 'redirect', address: 'bart@example.com' }
    expect(await actionsOf(`redirect "${written}";`)).toMatchObject([redirect])
    const source = `require "variables"; set "to" "${written}"; redirect "\${to}";`
    expect(await actionsOf(source)).toMatchObject([redirect])
  })

  it('white space between quotes is part of an address', async () => {
    expect(await actionsOf('redirect " \\" b @ c \\"@example.com";')).toMatchObject([
      { address: '" b @ c "@example.com' },
    ])
  })

  it.each([
    ['"b.art"', 'b.art'],
    ['"b\\art"', 'bart'],
    ['"b art"', '"b art"'],
    ['"b..art"', '"b..art"'],
    ['""', '""'],
  ])('redirect to %s leaves out quotes that need not be (RFC 5321 §4.1.2)', async (written, local) => {
    const source = `redirect "${`${written}@example.com`.replaceAll(/["\\]/g, '\\$&')}"; redirect "bart@example.com";`
    const addresses = (await actionsOf(source)).map(action => action.kind === 'redirect' && action.address)
    expect(addresses).toEqual([...new Set([`${local}@example.com`, 'bart@example.com'])])
  })

  it('redirect to an address of the message that has quotes', async () => {
    const source = 'require "variables"; if address :matches "from" "*" { redirect "${0}"; }'
    expect(await actionsOf(source, { header: 'From: "A, b" <"a \\" b"@example.org>' })).toMatchObject([
      { address: '"a \\" b"@example.org' },
    ])
  })

  it('are done once for each place and each address', async () => {
    expect(
      await actionsOf(
        'require "fileinto"; fileinto "a"; redirect "B@example.org"; fileinto "a"; redirect "b@example.org";',
      ),
    ).toHaveLength(2)
  })

  it(':copy leaves the implicit keep (RFC 3894)', async () => {
    const source = 'require ["copy", "fileinto"]; fileinto :copy "a"; redirect :copy "b@example.org";'
    expect(await run(source)).toMatchObject({ actions: [{ copy: true }, { copy: true }], implicitKeep: true })
    expect(await run(`${source} fileinto "a";`)).toMatchObject({ actions: [{ copy: false }, {}], implicitKeep: false })
  })

  it('more than four redirects end the script: the message is kept as it came, besides what was done before', async () => {
    const source =
      'redirect "a@x.org"; redirect "b@x.org"; redirect "c@x.org"; redirect "d@x.org";\n  redirect "e@x.org";'
    const { actions, origins, ...outcome } = await run(source)
    expect(actions.map(action => action.kind === 'redirect' && action.address)).toEqual([
      'a@x.org',
      'b@x.org',
      'c@x.org',
      'd@x.org',
    ])
    expect(origins).toHaveLength(4)
    expect(outcome).toEqual({
      changes: [],
      headerEdits: [],
      implicitKeep: true,
      flags: [],
      error: { line: 2, column: 3, message: 'more than 4 redirects', script: null },
    })
  })
})

describe('an error on the way (RFC 5228 §2.10.6)', () => {
  const requires =
    'require ["fileinto", "copy", "reject", "duplicate", "editheader", "imap4flags", "ihave", "vacation"];\n'

  it('leaves done what was done, and keeps the message', async () => {
    const source = `${requires} addheader "X-A" "1"; fileinto "Lists"; addheader "X-B" "2"; setflag "\\\\Deleted"; error "no";`
    expect(await run(source)).toMatchObject({
      actions: [{ kind: 'fileinto', mailbox: 'Lists', edits: 1 }],
      headerEdits: [{ name: 'X-A' }, { name: 'X-B' }],
      implicitKeep: true,
      flags: [],
      error: { message: 'no' },
    })
  })

  it('undoes what the error contradicts: a refusal, a discard, a message remembered', async () => {
    for (const before of ['reject "x";', 'discard;', 'if duplicate { stop; }'])
      expect(await run(`${requires} ${before} error "no";`)).toMatchObject({ actions: [], implicitKeep: true })
  })
})

describe('the example of RFC 5228 §9', () => {
  const script = `
    require ["fileinto"];
    # Handle messages from known mailing lists
    if header :is "Sender" "owner-ietf-mta-filters@imc.org"
            {
            fileinto "filter";  # move to "filter" mailbox
            }
    # Keep all messages to or from people in my company
    elsif address :DOMAIN :is ["From", "To"] "example.com"
            {
            keep;               # keep in "In" mailbox
            }
    # Try and catch unsolicited email.
    elsif anyof (NOT address :all :contains
                   ["To", "Cc", "Bcc"] "me@example.com",
                 header :matches "subject"
                   ["*make*money*fast*", "*university*dipl*mas*"])
            {
            fileinto "spam";
            }
    else
            {
            fileinto "personal";
            }`
  it.each([
    ['Sender: owner-ietf-mta-filters@imc.org', { kind: 'fileinto', mailbox: 'filter' }],
    ['From: coyote@desert.example.org\nTo: roadrunner@EXAMPLE.com', { kind: 'keep' }],
    ['From: youcouldberich!@reply-by-postal-mail.invalid\nTo: me@example.net', { kind: 'fileinto', mailbox: 'spam' }],
    ['From: a@example.org\nCc: x <me@example.com.example.net>\nSubject: Make MONEY fast!', { mailbox: 'spam' }],
    ['From: a@example.org\nBcc: x <me@example.com.example.net>\nSubject: Hello', { mailbox: 'personal' }],
  ])('%j', async (header, action) => {
    expect(await actionsOf(script, { header })).toMatchObject([action])
  })
})

const header = [
  "Subject: =?UTF-8?Q?R=C3=A9union?= de l'=?UTF-8?B?w6lxdWlwZQ==?=   ",
  'From: "Coyote, Wile" <Coyote+acme@Desert.example.org>',
  'To: Staff: a@example.com, b@example.com;',
  'X-Caffeine: C8H10N4O2',
  'X-Caffeine:',
  'List-Id: A list <ietf-mta-filters.imc.org>',
  'X-Wrong: nobody, @example.net, nobody+x@, a@b@example.net, <a@exa mple.net>, a..b@example.net',
  'X-Right: "a b+c"@example.org, a@[192.0.2.1], a . b @ exämple . org',
  'X-Fold: one\n\ttwo\n   three \n\t\tfour \n ',
  'sub ject: x',
].join('\n')

describe('tests', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['not false', true],
    ['allof (true, false)', false],
    ['anyof (false, true)', true],
    ['header :is "subject" "réunion de l\'équipe"', true],
    ['header :is "subject" "Réunion de l\'équipe"', true],
    ['header :is :comparator "i;octet" "subject" "réunion de l\'équipe"', false],
    ['header :comparator "i;ascii-casemap" :contains "subject" "RÉUNION"', false],
    ['header :contains "subject" "RéUNION"', true],
    // RFC 5322 §2.2.3: of a fold only the line end goes.
    ['header :is "x-fold" "one two   three  \tfour"', true],
    ['header :is "X-Caffeine" ""', true],
    ['header :contains "X-Caffeine" ""', true],
    ['header :contains "X-None" ""', false],
    ['header :matches "X-Caffeine" "c?h*"', true],
    ['header :matches :comparator "i;octet" "X-Caffeine" "c?h*"', false],
    ['header :is ["x-none", "x-caffeine"] ["a", "c8h10n4o2"]', true],
    ['header :contains "list-id" "<ietf-mta-filters."', true],
    ['exists ["subject", "from"]', true],
    ['exists ["subject", "x-none"]', false],
    ['address "from" "coyote+acme@desert.example.org"', true],
    ['address :all "from" "wile"', false],
    ['address :localpart "from" "coyote+acme"', true],
    ['address :domain "from" "DESERT.example.org"', true],
    ['address :domain "to" ["x", "example.com"]', true],
    ['address :contains "to" "staff"', false],
    ['address :user "from" "coyote"', true],
    ['address :detail "from" "acme"', true],
    ['address :detail "to" ""', false],
    ['address :contains "x-wrong" "nobody"', true],
    ['address :all "x-wrong" "@example.net"', true],
    ['address :localpart :contains "x-wrong" ""', false],
    ['address :domain :contains "x-wrong" ""', false],
    ['address :user :contains "x-wrong" ""', false],
    ['address :detail :contains "x-wrong" ""', false],
    ['address :count "eq" :domain "x-wrong" "0"', true],
    ['address :localpart "x-right" "a b+c"', true],
    ['address "x-right" "\\"a b+c\\"@example.org"', true],
    ['address :all "x-right" ["a b+c@example.org", "a.b@exämple.org "]', false],
    ['address :domain "x-right" "[192.0.2.1]"', true],
    ['address :domain "x-right" "exämple.org"', true],
    ['header :contains ["sub ject", "subject:", "", "é"] ""', false],
    ['header :contains ["sub ject", "subject"] ""', true],
    ['not exists "subject:"', true],
    ['address :contains "from:" ""', false],
    ['date :contains "da te" "year" ""', false],
    ['envelope "from" "sender@example.org"', true],
    ['envelope :localpart ["to"] "me"', true],
    ['envelope :domain "to" "example.com"', true],
    ['envelope "auth" "me"', false],
    ['size :over 100', true],
    ['size :over 1k', false],
    ['size :under 1M', true],
    ['header :count "eq" "x-caffeine" "2"', true],
    ['header :count "gt" :comparator "i;ascii-numeric" ["to", "x-caffeine"] "2"', true],
    ['address :count "ge" :comparator "i;ascii-numeric" "to" "2"', true],
    ['header :value "lt" :comparator "i;ascii-numeric" "x-caffeine" "5"', false],
    ['header :is :comparator "i;unicode-casemap" "subject" "RÉUNION DE L\'ÉQUIPE"', true],
    ['mailboxexists ["INBOX", "Junk"]', true],
    ['mailboxexists ["INBOX", "None"]', false],
    ['specialuse_exists "\\\\Junk"', true],
    ['specialuse_exists "INBOX" "\\\\Junk"', false],
    ['specialuse_exists ["\\\\Junk", "\\\\Archive"]', false],
  ])('%s is %s', async (test, expected) => {
    const source = `require ["envelope", "subaddress", "relational", "comparator-i;ascii-numeric",
      "comparator-i;unicode-casemap", "mailbox", "special-use", "date"]; if ${test} { discard; }`
    const outcome = await run(source, { header })
    expect(outcome.error).toBeUndefined()
    expect(outcome.actions.length === 1).toBe(expected)
  })

  it('the null reverse-path is the empty string', async () => {
    const source = 'require "envelope"; if envelope :all "from" "" { discard; }'
    expect(await actionsOf(source, { from: '' })).toHaveLength(1)
    expect(await actionsOf(source)).toHaveLength(0)
  })
})

describe('if, elsif, else', () => {
  it.each([
    ['if true { discard; } else { keep; }', 'discard'],
    ['if false { discard; } else { keep; }', 'keep'],
    ['if exists "x" { stop; } elsif exists "from" { keep; } else { discard; }', 'keep'],
    ['if false { } elsif false { } discard;', 'discard'],
    ['if exists "from" { if not exists "x" { discard; stop; } } keep;', 'discard'],
  ])('%s', async (source, kind) => {
    expect(await actionsOf(source, { header })).toMatchObject([{ kind }])
  })
})

describe('what is wrong is told where it is', () => {
  it.each([
    ['keep', '1:5 ";" is missing after "keep"'],
    ['keep\ndiscard;', '1:5 ";" is missing after "keep"'],
    ['if true { } else if true { }', '1:13 "else if" is written "elsif"'],
    ['if true { } else keep;', '1:17 "{" is missing after "else"'],
    ['  kep;', '1:3 unknown command "kep"'],
    ['if kep { }', '1:4 unknown test "kep"'],
    ['if true { keep;', '1:9 the block that begins here has no end: "}"'],
    ['keep; }', '1:7 "}" without a block to end'],
    ['fileinto "x";', '1:1 "fileinto" requires the capability "fileinto"'],
    ['keep;\nrequire "fileinto";', '2:1 "require" must stand before all other commands'],
    ['require ["fileinto", "nonsense"];', '1:22 unknown capability "nonsense"'],
    ['require "Fileinto";', '1:9 unknown capability "Fileinto": is it "fileinto"?'],
    ['require "imapflags";', '1:9 unknown capability "imapflags": is it "imap4flags"?'],
    ['redirect 5;', '1:10 the address of "redirect" must be a string'],
    ['redirect "nobody";', '1:10 "nobody" is no address'],
    ['redirect "b art@example.org";', '1:10 "b art@example.org" is no address'],
    ['redirect "bart@example .org";', '1:10 "bart@example .org" is no address'],
    ['redirect "<a@example.org>";', '1:10 "<a@example.org>" is no address'],
    ['redirect "A <@b:a@example.org>";', '1:10 "A <@b:a@example.org>" is no address'],
    ['redirect "A <a@example.org>, b@example.org";', '1:10 "A <a@example.org>, b@example.org" is no address'],
    ['redirect "G: A <a@example.org>;";', '1:10 "G: A <a@example.org>;" is no address'],
    ['redirect;', '1:1 "redirect" wants a string: the address'],
    ['redirect "a@example.org" "b@example.org";', '1:26 "redirect" has no argument in this place'],
    ['redirect :copy "a@example.org";', '1:10 :copy requires the capability "copy"'],
    ['redirect :kopy "a@example.org";', '1:10 "redirect" has no :kopy'],
    ['keep { }', '1:1 "keep" takes no block'],
    ['if true;', '1:1 "if" wants a block: "{ ... }"'],
    ['if true, false { }', '1:8 "{" is missing after "if"'],
    ['else { }', '1:1 "else" without an "if" before it'],
    ['if not (true) { }', '1:9 "not" takes one test, without parentheses around it'],
    ['if anyof true { }', '1:10 "anyof" takes tests in parentheses'],
    ['if anyof () { }', '1:11 ")" stands where a test should'],
    ['if header "a" :is "b" { }', '1:15 :is must stand before the other arguments of "header"'],
    ['if header :is :contains "a" "b" { }', `1:15 :contains can't stand together with :is`],
    ['if header :is :is "a" "b" { }', '1:15 :is stands twice'],
    ['if address "subject" "b" { }', '1:12 the field "subject" holds no addresses: use the test "header"'],
    ['if header :comparator "i;nonsense" "a" "b" { }', '1:23 there is no comparator "i;nonsense"'],
    [
      'if header :comparator "i;ascii-numeric" "a" "b" { }',
      '1:23 the comparator "i;ascii-numeric" requires the capability "comparator-i;ascii-numeric"',
    ],
    ['if size 5 { }', '1:4 "size" wants :over or :under'],
    ['if size :over 5T { }', '1:15 "5T" is no number: K, M or G may follow the digits'],
    ['if size :over 99999999999999999999 { }', '1:15 the number is too large'],
    ['if header ["a" "b"] "c" { }', '1:16 a string stands where "," or "]" should'],
    ['keep; "text";', '1:7 a string stands where a command should'],
    ['redirect "a@example.org', '1:10 the string that begins here has no end'],
    ['/* no end', '1:1 the comment that begins here has no end'],
    ['keep; %', '1:7 unexpected "%"'],
    ['keep; \u0007', '1:7 unexpected character U+0007'],
    ['# 😀\r\n/* 😀 */ kep;', '2:9 unknown command "kep"'],
    ['discard text:\nabc\n;', '1:9 the text that begins here has no end: a line with a dot alone'],
  ])('%j', (source, error) => {
    expect(errorsOf(source)).toEqual([error])
  })

  it('several at once', () => {
    expect(errorsOf('kep;\nif tru { discrd; }\nfileinto "a";')).toEqual([
      '1:1 unknown command "kep"',
      '2:4 unknown test "tru"',
      '2:10 unknown command "discrd"',
      '3:1 "fileinto" requires the capability "fileinto"',
    ])
  })
})

describe('strings', () => {
  it.each([
    ['"a\\"b\\\\c\\d"', 'a"b\\cd'],
    ['"a\nb"', 'a\r\nb'],
    ['text:\nab\r\n..c\n.\n', 'ab\r\n.c\r\n'],
    ['text: # comment\n.\n', ''],
  ])('%j is %j', async (literal, text) => {
    const source = `if header :is "x" ${literal} { discard; }`
    expect(await actionsOf(source, { fields: [{ name: 'X', value: text }] })).toHaveLength(text.endsWith('\n') ? 0 : 1)
  })

  it('of two dots that begin a line one is left out, a single one stays (RFC 5228 §2.4.2)', async () => {
    const source = 'require "reject"; reject text:\n.sig\n..sig\n...\n..\na..\n.\n;'
    expect(await actionsOf(source)).toMatchObject([{ reason: '.sig\r\n.sig\r\n..\r\n.\r\na..\r\n' }])
  })

  it('encoded characters (RFC 5228 §2.4.2.4)', async () => {
    const is = async (literal: string, text: string): Promise<boolean> =>
      (
        await actionsOf(`require ["encoded-character"]; if header :is "x" "${literal}" { discard; }`, {
          fields: [{ name: 'X', value: text }],
        })
      ).length === 1
    expect(await is('$${hex:40}', '$@')).toBe(true)
    expect(await is('${hex: 40 }', '@')).toBe(true)
    expect(await is('${HEX: 40}', '@')).toBe(true)
    expect(await is('${hex:40', '${hex:40')).toBe(true)
    expect(await is('${hex:400}', '${hex:400}')).toBe(true)
    expect(await is('${hex:4${hex:30}}', '${hex:40}')).toBe(true)
    expect(await is('${unicode:40}', '@')).toBe(true)
    expect(await is('${ unicode:40}', '${ unicode:40}')).toBe(true)
    expect(await is('${unicode: 1F600 41}', '😀A')).toBe(true)
    expect(await is('${hex:c3}${hex:a9}', 'é')).toBe(true)
    expect(errorsOf('require "encoded-character"; redirect "${unicode:d800}";')).toEqual([
      '1:39 there is no character ${unicode:d800}',
    ])
  })
})
