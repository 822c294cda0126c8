// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve look like it
import { describe, expect, it } from 'vitest'
import { actionsOf, errorsOf, run } from '../../../test/support/sieve.ts'
import { capabilities } from './capabilities.ts'
import { applyHeaderEdits } from './header-edits.ts'
import { parseMailto } from './mailto.ts'

describe('capabilities', () => {
  it('may all be required', () => {
    expect(errorsOf(`require ${JSON.stringify([...capabilities, 'comparator-i;octet'])};`)).toEqual([])
  })
})

describe('duplicate (RFC 7352)', () => {
  const header = 'Message-ID: <1@example.org>\nX-Event: =?utf-8?q?caf=C3=A9?='
  const remember = {
    kind: 'rememberDuplicate',
    handle: '',
    id: '<1@example.org>',
    seconds: 7 * 86_400,
    prolongs: false,
  }
  const of = (test: string, isKnown = false) =>
    run(`require ["duplicate", "variables"]; if ${test} { discard; }`, {
      header,
      world: { isDuplicate: async () => isKnown },
    })

  it('remembers what is new, and tells what is known', async () => {
    expect(await of('duplicate')).toMatchObject({ actions: [remember], implicitKeep: true })
    expect(await of('duplicate', true)).toMatchObject({ actions: [{ kind: 'discard' }] })
    expect(await of('duplicate :last', true)).toMatchObject({
      actions: [{ ...remember, prolongs: true }, { kind: 'discard' }],
    })
  })

  it.each([
    ['duplicate :header "X-Event" :handle "h"', { handle: 'h', id: 'café' }],
    ['duplicate :uniqueid "x" :seconds 60', { id: 'x', seconds: 60 }],
    ['duplicate :seconds 999999999', { seconds: 90 * 86_400 }],
    ['anyof (duplicate, duplicate)', {}],
  ])('%s', async (test, expected) => {
    expect((await of(test)).actions).toMatchObject([{ ...remember, ...expected }])
  })

  it.each(['duplicate :header "x-none"', 'duplicate :seconds 0', 'duplicate :header "no name"'])(
    '%s is false, and nothing is remembered',
    async test => {
      expect((await of(test, true)).actions).toEqual([])
    },
  )

  it('nothing is remembered of a script that failed', async () => {
    const outcome = await run('require ["duplicate", "ihave"]; if not duplicate { error "x"; }', { header })
    expect(outcome).toMatchObject({ actions: [], error: { message: 'x' } })
  })

  it('has one id', () => {
    expect(errorsOf('require "duplicate"; if duplicate :header "a" :uniqueid "b" { }')).toEqual([
      `1:47 :uniqueid can't stand together with :header`,
    ])
  })
})

describe('enotify (RFC 5435, RFC 5436)', () => {
  it('sends', async () => {
    const source = `require ["enotify", "variables"]; if header :matches "Subject" "*" { set "s" "\${1}"; }
      notify :importance "3" :from "me@example.com" :options ["a=b"] :message "[SIEVE] \${s}" "mailto:alm@example.com";`
    expect(await run(source)).toMatchObject({
      actions: [
        {
          kind: 'notify',
          method: 'mailto:alm@example.com',
          from: 'me@example.com',
          options: ['a=b'],
          message: '[SIEVE] Hello',
          importance: 3,
        },
      ],
      implicitKeep: true,
    })
  })

  it('knows whom it told before, whatever it tells them', async () => {
    const source = `require "enotify"; notify :message "a" "mailto:a@example.org?cc=B@example.org";
      notify :message "b" "mailto:b@example.org?subject=x"; notify "mailto:c@example.org?bcc=A@example.org";`
    expect(await actionsOf(source)).toMatchObject([
      { message: 'a', told: [] },
      { method: 'mailto:c@example.org?bcc=A@example.org', told: ['a@example.org', 'b@example.org'] },
    ])
  })

  it('sends once to an address, and no storm', async () => {
    const notify = (name: string): string => `notify "mailto:${name}@example.org"; `
    expect(await actionsOf(`require "enotify"; ${notify('a')}${notify('a')}`)).toMatchObject([
      { importance: 2, message: null, from: null },
    ])
    expect(await run(`require "enotify"; ${['a', 'b', 'c', 'd'].map(notify).join('')}`)).toMatchObject({
      error: { message: 'more than 3 notifications' },
    })
  })

  it.each([
    ['mailto:', null],
    ['tel:+33123456789', null],
    ['mailto:nobody', null],
    ['mailto:a@example.org?subject', null],
    ['mailto:a@example.org?subject=%zz', null],
    ['mailto:a@e.org,b@e.org,c@e.org,d@e.org,e@e.org', null],
    [
      'MAILTO:a%2Bb@example.org,c@example.org?cc=d@example.org&subject=h%C3%A9%20l%0D%0AX:%20y&body=x%0Ay&X-Tag=1&From=evil@example.org&Received=z',
      {
        to: ['a+b@example.org', 'c@example.org'],
        cc: ['d@example.org'],
        bcc: [],
        subject: 'hé l X: y',
        body: 'x\r\ny',
        fields: [{ name: 'X-Tag', value: '1' }],
      },
    ],
    ['mailto:a%2Cb@example.org', null],
    ['mailto:a@example.org,', null],
    ['mailto:%22a,b@example.org', null],
    ['mailto:a@example.org%00', null],
    // RFC 2368 §2: a comma between addresses may be encoded.
    ...['a@example.org%2C%20b@example.org', '?to=a@example.org%2cb@example.org', 'a@example.org?to=b@example.org'].map(
      (rest): [string, object] => [
        `mailto:${rest}`,
        { to: ['a@example.org', 'b@example.org'], cc: [], bcc: [], subject: null, body: null, fields: [] },
      ],
    ),
    [
      'mailto:Ann%20%3Ca@example.org%3E?cc=%22B%5C%22,%20C%22%20%3Cb@example.org%3E,c@example.org',
      { to: ['a@example.org'], cc: ['b@example.org', 'c@example.org'], bcc: [], subject: null, body: null, fields: [] },
    ],
    [
      'mailto:%22a%2Cb%22@example.org',
      { to: ['"a,b"@example.org'], cc: [], bcc: [], subject: null, body: null, fields: [] },
    ],
    ['mailto:?to=a@example.org', { to: ['a@example.org'], cc: [], bcc: [], subject: null, body: null, fields: [] }],
  ])('%s', async (uri, parsed) => {
    expect(parseMailto(uri)).toEqual(parsed)
    const test = `require "enotify"; if valid_notify_method "${uri}" { discard; }`
    expect(await actionsOf(test)).toHaveLength(parsed === null ? 0 : 1)
  })

  it.each([
    ['notify_method_capability "mailto:a@example.org" "Online" "maybe"', true],
    ['notify_method_capability "mailto:a@example.org" "online" "yes"', false],
    ['notify_method_capability :contains "mailto:a@example.org" "nonsense" ""', false],
    ['notify_method_capability :contains "xmpp:a@example.org" "online" ""', false],
  ])('%s is %s', async (test, isTrue) => {
    expect(await actionsOf(`require "enotify"; if ${test} { discard; }`)).toHaveLength(isTrue ? 1 : 0)
  })

  it.each([
    ['notify "xmpp:a@example.org";', '2:8 "xmpp:a@example.org" is no way to notify: "mailto:" is'],
    ['notify :importance "4" "mailto:a@example.org";', '2:20 the importance is "1", "2" or "3"'],
    ['notify :from "nobody" "mailto:a@example.org";', '2:14 "nobody" is no address'],
    ['notify :from "" "mailto:a@example.org";', '2:14 "" is no address'],
    ['notify :options "x" "mailto:a@example.org";', '2:17 an option is written as "name=value"'],
  ])('%s', (source, error) => {
    expect(errorsOf(`require "enotify";\n${source}`)).toEqual([error])
  })
})

describe('ihave (RFC 5463)', () => {
  it('keeps what is not here from being looked at', async () => {
    const source = `require ["ihave", "fileinto"];
      if ihave "nonsense" { frobnicate :hard "x" { } } elsif ihave ["copy", "editheader"] { fileinto :copy "a"; }
      else { frobnicate; }
      if allof (ihave "nonsense", frobnicated "x") { frobnicate; }
      if anyof (not ihave "nonsense", frobnicated) { fileinto :copy "b"; } else { frobnicate; }`
    expect(await actionsOf(source)).toMatchObject([{ mailbox: 'a' }, { mailbox: 'b' }])
  })

  it('enables what it found, from there on', () => {
    const use = 'redirect :copy "a@example.org";'
    expect(errorsOf(`require "ihave"; if ihave "copy" { } ${use}`)).toEqual([])
    expect(errorsOf(`require "ihave"; ${use} if ihave "copy" { }`)).toHaveLength(1)
    expect(errorsOf('require ["ihave", "variables"]; if ihave "${a}" { }')).toEqual([
      '1:42 variables are not allowed in this string',
    ])
  })

  it('is false for what changes how strings are read, unless it is required (§4)', async () => {
    const tell = (required: string, names: string): string =>
      `require ["ihave"${required}]; if ihave ${names} { redirect "yes@example.org"; } else { redirect "no@example.org"; }`
    for (const name of ['variables', 'encoded-character']) {
      expect(await actionsOf(tell('', `"${name}"`))).toMatchObject([{ address: 'no@example.org' }])
      expect(await actionsOf(tell('', `["copy", "${name}"]`))).toMatchObject([{ address: 'no@example.org' }])
      expect(await actionsOf(tell(`, "${name}"`, `"${name}"`))).toMatchObject([{ address: 'yes@example.org' }])
    }
  })

  it('error ends the script', async () => {
    expect(await run('require "ihave"; discard;\n error "not today";')).toEqual({
      actions: [],
      origins: [],
      changes: [],
      headerEdits: [],
      implicitKeep: true,
      flags: [],
      error: { line: 2, column: 2, message: 'not today', script: null },
    })
  })
})

describe('environment, spamtest, virustest (RFC 5183, RFC 5235)', () => {
  const world = { environment: (name: string) => (name === 'domain' ? 'example.com' : name === 'host' ? '' : null) }
  it.each([
    ['environment "Domain" "example.com"', {}, true],
    ['environment :contains "host" ""', {}, true],
    ['environment :contains "item" ""', {}, false],
    ['environment :count "eq" "host" "0"', {}, true],
    ['spamtest :value "eq" :comparator "i;ascii-numeric" "0"', {}, true],
    ['spamtest :count "eq" "0"', {}, true],
    ['spamtest :value "eq" :comparator "i;ascii-numeric" "1"', { spamPercent: 0 }, true],
    ['spamtest :value "ge" :comparator "i;ascii-numeric" "9"', { spamPercent: 99 }, true],
    ['spamtest "10"', { spamPercent: 99 }, false],
    ['spamtest "10"', { spamPercent: 100 }, true],
    ['spamtest :percent :value "lt" :comparator "i;ascii-numeric" "37"', { spamPercent: 36 }, true],
    ['virustest :value "ge" :comparator "i;ascii-numeric" "4"', { virusLevel: 5 }, true],
    ['virustest "0"', {}, true],
  ])('%s with %j is %s', async (test, more, isTrue) => {
    const source = `require ["environment", "spamtestplus", "virustest", "relational", "comparator-i;ascii-numeric"]; if ${test} { discard; }`
    expect(await actionsOf(source, { world: { ...world, ...more } })).toHaveLength(isTrue ? 1 : 0)
  })

  it(':percent wants spamtestplus', () => {
    expect(errorsOf('require "spamtest"; if spamtest :percent "1" { }')).toEqual([
      '1:33 :percent requires the capability "spamtestplus"',
    ])
  })
})

describe('mailboxes', () => {
  it.each([
    ['fileinto :create "New"', { mailbox: 'New', create: true }],
    ['fileinto :specialuse "\\\\Junk" "Spam"', { mailbox: 'Junk', specialUse: null }],
    ['fileinto :specialuse "\\\\Archive" :create "Old"', { mailbox: 'Old', specialUse: '\\Archive', create: true }],
  ])('%s', async (command, action) => {
    expect(await actionsOf(`require ["fileinto", "mailbox", "special-use"]; ${command};`)).toMatchObject([action])
  })

  it('have a name', async () => {
    expect(errorsOf('require "fileinto"; fileinto "";')).toEqual(['1:30 this is no name of a mailbox'])
    expect(await run('require ["fileinto", "variables"]; fileinto "${none}";')).toMatchObject({
      error: { column: 45, message: 'a name of a mailbox is empty or has control characters' },
    })
  })
})

describe('editheader (RFC 5293)', () => {
  const header = 'Received: from x\nX-Hello: one\nSubject: Hello\nX-Hello: two\nX-Hello: three'
  async function edited(commands: string): Promise<string> {
    const { headerEdits, error } = await run(`require ["editheader", "variables", "fileinto"];${commands}`, { header })
    if (error) throw new Error(error.message)
    const bytes = Buffer.from(`${header}\n\nbody\n`.replaceAll('\n', '\r\n'))
    return Buffer.from(applyHeaderEdits(bytes, headerEdits)).toString().replaceAll('\r\n', '\n')
  }

  it.each([
    ['', `${header}\n\nbody\n`],
    ['addheader "X-A" "b";', `X-A: b\n${header}\n\nbody\n`],
    ['addheader :last "X-A" "été";', `${header}\nX-A: =?UTF-8?B?w6l0w6k=?=\n\nbody\n`],
    ['addheader "X-Hello" "World"; deleteheader :index 1 "X-Hello";', `${header}\n\nbody\n`],
    [
      'deleteheader :index 1 "X-Hello"; deleteheader :index 2 "x-hello";',
      'Received: from x\nSubject: Hello\nX-Hello: two\n\nbody\n',
    ],
    ['deleteheader "x-hello";', 'Received: from x\nSubject: Hello\n\nbody\n'],
    [
      'deleteheader :contains "x-hello" ["w", "q"];',
      'Received: from x\nX-Hello: one\nSubject: Hello\nX-Hello: three\n\nbody\n',
    ],
    [
      'deleteheader :index 1 :last :matches "x-hello" "t*";',
      'Received: from x\nX-Hello: one\nSubject: Hello\nX-Hello: two\n\nbody\n',
    ],
    ['deleteheader "received"; deleteheader "x-none"; addheader "Received" "y";', `${header}\n\nbody\n`],
    [
      'deleteheader "subject"; addheader :last "Subject" "a\r\nBcc: x@example.org";',
      'Received: from x\nX-Hello: one\nX-Hello: two\nX-Hello: three\nSubject: a Bcc: x@example.org\n\nbody\n',
    ],
    ['if header "x-hello" "new" { deleteheader "subject"; }', `${header}\n\nbody\n`],
    [
      'addheader "X-Hello" "new"; if header "x-hello" "new" { deleteheader "subject"; }',
      'X-Hello: new\nReceived: from x\nX-Hello: one\nX-Hello: two\nX-Hello: three\n\nbody\n',
    ],
  ])('%s', async (commands, message) => {
    expect(await edited(commands)).toBe(message)
  })

  it('an action is about the message as it was then', async () => {
    const source =
      'require ["editheader", "fileinto"]; fileinto "a"; addheader "X-A" "b"; redirect "a@example.org"; keep;'
    expect(await actionsOf(source)).toMatchObject([{ edits: 0 }, { edits: 1 }, { edits: 1 }])
  })

  it('leaves a message without a header one with it', () => {
    const edits = [{ kind: 'add', name: 'X-A', value: 'b', last: false }] as const
    expect(Buffer.from(applyHeaderEdits(Buffer.from('\r\nbody'), edits)).toString()).toBe('X-A: b\r\n\r\nbody')
    expect(Buffer.from(applyHeaderEdits(Buffer.from('no header at all'), edits)).toString()).toBe(
      'X-A: b\r\n\r\nno header at all',
    )
    expect(Buffer.from(applyHeaderEdits(Buffer.from('A: b\r\n'), edits)).toString()).toBe('X-A: b\r\nA: b\r\n\r\n')
  })

  it.each([
    ['addheader "a b" "c";', '2:11 this is no name of a header field'],
    ['deleteheader "a:";', '2:14 this is no name of a header field'],
    ['deleteheader :last "a";', '2:14 :last wants an :index'],
    ['addheader "a" "b\u0007";', '2:15 the value has control characters'],
    [`addheader "a" "${'x'.repeat(2049)}";`, '2:15 the value is longer than 2048 characters'],
  ])('%s', (source, error) => {
    expect(errorsOf(`require "editheader";\n${source}`)).toEqual([error])
  })
})
