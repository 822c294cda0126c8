// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve look like it
import { describe, expect, it } from 'vitest'
import { errorsOf, run } from '../../../test/support/sieve.ts'

const required = 'require ["imap4flags", "fileinto", "variables", "relational"];\n'

describe('flags (RFC 5232)', () => {
  it.each([
    ['setflag "\\\\seen";', ['\\Seen']],
    ['setflag ["\\\\Deleted", "a"]; addflag "A b"; removeflag "a";', ['\\Deleted', 'b']],
    ['addflag ["\\\\Flagged \\\\FLAGGED", "\\\\flagged"];', ['\\Flagged']],
    ['addflag ["\\\\Recent", "\\\\Nonsense", "a(b", "", "$Label1"];', ['$Label1']],
    ['setflag "f" "x"; addflag "f" "y"; setflag "${f}";', ['x', 'y']],
    ['set "f" "x  y"; removeflag "f" "X"; addflag "${f}";', ['y']],
  ])('%s', async (source, flags) => {
    expect(await run(required + source)).toMatchObject({ implicitKeep: true, flags })
    expect(await run(`${required}${source} keep;`)).toMatchObject({ actions: [{ kind: 'keep', flags }], flags: [] })
  })

  it(':flags stands for one action alone', async () => {
    const source = 'setflag "a"; fileinto :flags "\\\\Seen" "x"; fileinto "y"; fileinto :flags "" "z"; keep;'
    expect(await run(required + source)).toMatchObject({
      actions: [{ flags: ['\\Seen'] }, { flags: ['a'] }, { flags: [] }, { flags: ['a'] }],
    })
  })

  it.each([
    ['fileinto :flags "a b" "x"; fileinto :flags "c" "x";', [['c']]],
    ['fileinto :flags "a" "x"; fileinto "x";', [[]]],
    ['keep :flags "a"; addflag "b"; keep;', [['b']]],
    ['fileinto :flags "a" "inbox"; keep :flags "b";', [['b'], ['b']]],
    ['keep :flags "a"; fileinto :flags "b" "INBOX"; keep :flags "c"; fileinto :flags "d" "x";', [['c'], ['c'], ['d']]],
  ])('of several actions for one mailbox the last one’s flags count (§3): %s', async (source, flags) => {
    expect(await run(required + source)).toMatchObject({ actions: flags.map(each => ({ flags: each })) })
  })

  it.each([
    ['hasflag "A"', true],
    ['hasflag ["x", "b"]', true],
    ['hasflag "x"', false],
    ['hasflag :is "b A"', true],
    ['hasflag "x  B"', true],
    ['hasflag "x y"', false],
    ['hasflag ["x y", "z \\\\seen"]', true],
    ['hasflag "${words}"', true],
    ['hasflag ["x", "y${words}"]', true],
    ['hasflag :contains "x see"', true],
    ['hasflag :contains "${words}"', true],
    ['hasflag :contains "x y"', false],
    ['hasflag :matches "x b"', false],
    ['hasflag ""', false],
    ['hasflag :contains ""', true],
    ['hasflag :contains "seen"', true],
    ['hasflag :count "ge" "3"', true],
    ['hasflag "f" "c"', true],
    ['hasflag ["none", "f"] ["x", "c"]', true],
    ['hasflag "none" ""', false],
  ])('%s is %s', async (test, isTrue) => {
    const { actions } = await run(
      `${required}setflag ["a b", "\\\\Seen"]; setflag "f" "c"; set "words" "x b"; if ${test} { discard; }`,
    )
    expect(actions.length === 1).toBe(isTrue)
  })

  it('tells which commands put flags on the message, and fields into its header', async () => {
    const source = `require "editheader";
      addflag "\\\\Seen"; removeflag "\\\\Seen"; addflag "f" "x"; setflag "";
      fileinto :flags "a b" "x"; addheader "X-A" "1"; deleteheader "subject"; deleteheader "none"; keep;`
    const { changes } = await run(required + source)
    expect(changes).toEqual([
      { kind: 'flags', names: ['\\Seen'], before: 0, line: 3, script: null },
      { kind: 'flags', names: ['a', 'b'], before: 0, line: 4, script: null },
      { kind: 'header', names: ['X-A'], before: 1, line: 4, script: null },
      { kind: 'header', names: ['subject'], before: 1, line: 4, script: null },
    ])
    expect((await run(`${required}${'addflag "a";'.repeat(50)}`)).changes).toHaveLength(10)
  })

  it('names of variables require variables', () => {
    expect(errorsOf('require "imap4flags"; addflag "f" "x";')).toEqual([
      '1:31 a name of a variable requires the capability "variables"',
    ])
    expect(errorsOf(`${required}addflag "1f" "x";`)).toEqual(['2:9 "1f" is no name of a variable'])
  })
})
