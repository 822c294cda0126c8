// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve look like it
import { describe, expect, it } from 'vitest'
import { actionsOf, errorsOf, run } from '../../../test/support/sieve.ts'

const from =
  (scripts: Record<string, string>) =>
  (location: string, name: string): string | null =>
    scripts[location === 'global' ? `global ${name}` : name] ?? null

describe('include (RFC 6609)', () => {
  it('runs scripts in their place, each with its own capabilities', async () => {
    const included = from({ a: 'require "fileinto"; fileinto "a";', 'global a': 'redirect "g@example.org";' })
    const source = 'require "include"; include "a"; include :global "a"; include :personal "a"; keep;'
    expect(await actionsOf(source, { included })).toMatchObject([
      { mailbox: 'a' },
      { address: 'g@example.org' },
      { kind: 'keep' },
    ])
  })

  it('tells of each action in which script and line it stands', async () => {
    const included = from({ a: 'require "fileinto";\nif true {\n  fileinto "a"; }' })
    const { origins } = await run('require "include"; include "a";\n\nredirect "g@example.org";\r\nkeep;', { included })
    expect(origins).toEqual([
      { script: 'a', line: 3 },
      { script: null, line: 3 },
      { script: null, line: 4 },
    ])
  })

  it('return ends one script, stop all', async () => {
    const included = from({ r: 'require "include"; if true { return; } discard;', s: 'stop;', top: '' })
    const source = (name: string): string => `require "include"; include "${name}"; keep;`
    expect(await actionsOf(source('r'), { included })).toMatchObject([{ kind: 'keep' }])
    expect(await actionsOf(source('s'), { included })).toEqual([])
    expect(await actionsOf('require "include"; return; keep;')).toEqual([])
  })

  it(':once and :optional', async () => {
    const included = from({ a: 'require ["variables", "include"]; set "global.n" "${global.n}x";' })
    const source = `require ["include", "variables"]; include :once "a"; include :once "a"; include :optional "none";
      redirect "\${global.n}@example.org"; include "a"; redirect "\${global.n}@example.org";`
    expect(await actionsOf(source, { included })).toMatchObject([
      { address: 'x@example.org' },
      { address: 'xx@example.org' },
    ])
  })

  it('variables are each script’s own, but for global ones', async () => {
    const included = from({
      a: 'require ["variables", "include"]; global ["shared"]; set "own" "2"; set "shared" "${shared}${own}3";',
    })
    const source = `require ["include", "variables"]; global "shared"; set "own" "1"; set "shared" "0"; include "a";
      redirect "\${own}-\${shared}-\${global.shared}@example.org";`
    expect(await actionsOf(source, { included })).toMatchObject([{ address: '1-023-023@example.org' }])
  })

  it('what is missing or wrong is told when it would run', async () => {
    const included = from({ bad: 'keep;\nfileinto "a";', late: 'require "variables";\n redirect "${1}";' })
    const source = 'require "include";\ninclude "none";'
    expect(await run(source, { included })).toMatchObject({
      implicitKeep: true,
      error: { line: 2, column: 9, message: 'there is no script "none"', script: null },
    })
    expect(await run('require "include"; include "bad";', { included })).toMatchObject({
      error: { message: `the script "bad" can't run: line 2, column 1: "fileinto" requires the capability "fileinto"` },
    })
    expect(await run('require "include"; include "late";', { included })).toMatchObject({
      error: { line: 2, column: 11, message: '"" is no address', script: 'late' },
    })
  })

  it('a script that includes itself is stopped', async () => {
    const included = from({
      a: 'require "include"; include "b";',
      b: 'require "include"; include "a";',
      self: 'require "include"; include "self";',
      once: 'require "include"; include :once "once"; include "c"; redirect "a@example.org";',
      c: 'require "include"; include :once "once"; redirect "c@example.org";',
    })
    expect(await run('require "include"; include "a";', { included })).toMatchObject({
      implicitKeep: true,
      error: { script: 'b', message: 'the script "a" includes itself' },
    })
    expect(await run('require "include"; include "self";', { included })).toMatchObject({ error: { script: 'self' } })
    // §3.2: ":once" passes over one that is running.
    expect(await actionsOf('require "include"; include "once";', { included })).toMatchObject([
      { address: 'c@example.org' },
      { address: 'a@example.org' },
    ])
  })

  it('a script that includes itself by its own name is stopped, with :once passed over (§3.2)', async () => {
    const included = from({
      own: 'this is not looked at',
      back: 'require "include"; include "own";',
      backOnce: 'require "include"; include :once "own"; redirect "b@example.org";',
      'global own': 'redirect "g@example.org";',
    })
    const own = (commands: string) => run(`require "include"; ${commands} keep;`, { name: 'own', included })
    expect(await own('include "own";')).toMatchObject({
      implicitKeep: true,
      error: { script: null, message: 'the script "own" includes itself' },
    })
    expect(await own('include "back";')).toMatchObject({
      error: { script: 'back', message: 'the script "own" includes itself' },
    })
    expect(await own('include :once "own";')).toMatchObject({ actions: [{ kind: 'keep' }] })
    expect(await own('include "backOnce";')).toMatchObject({
      actions: [{ address: 'b@example.org' }, { kind: 'keep' }],
    })
    expect(await own('include :global "own";')).toMatchObject({ actions: [{ address: 'g@example.org' }, {}] })
  })

  it('names are those of ManageSieve (RFC 5804 §1.6)', async () => {
    const included = from({ 'lists/é': 'redirect "a@example.org";' })
    for (const name of ['lists/é', 'lists/e\u0301'])
      expect(await actionsOf(`require "include"; include "${name}";`, { included })).toHaveLength(1)
    for (const name of ['', 'a\u0007', 'a\u007f', 'a\u0085', 'a\u2028', 'a\u2029'])
      expect(errorsOf(`require "include"; include "${name}";`)).toEqual(['1:28 this is no name of a script'])
  })

  it('a variable that was set is not declared global behind that (§3.4.1)', () => {
    const required = 'require ["include", "variables"];\n'
    expect(errorsOf(`${required}set "A" "1"; if true { global ["b", "a"]; }`)).toEqual([
      '2:37 "a" was set before: "global" must stand before that',
    ])
    expect(errorsOf(`${required}set "global.a" "1"; global "a"; set "a" "2"; global "a";`)).toEqual([])
  })

  it('a chain has its end, and so has a tree that fans out', async () => {
    const chain = (_: string, name: string): string => `require "include"; include "${Number(name) + 1}";`
    expect(await run('require "include"; include "1";', { included: chain })).toMatchObject({
      error: { script: '10', message: 'the script "11" can\'t run: scripts include each other more than 10 deep' },
    })
    const fan = (_: string, name: string): string | null =>
      name === '9' ? 'if header "a" "b" { }' : `require "include"; ${`include "${Number(name) + 1}";`.repeat(40)}`
    expect(await run('require "include"; include "1";', { included: fan })).toMatchObject({
      error: { message: 'the script takes too long for this message' },
    })
    const many = (): string => ''
    const source = `require "include"; ${Array.from({ length: 51 }, (_, i) => `include "s${i}";`).join(' ')}`
    expect(await run(source, { included: many })).toMatchObject({
      error: { message: 'the script "s50" can\'t run: more than 50 scripts are included' },
    })
  })

  it.each([
    ['include :global :personal "a";', `2:17 :personal can't stand together with :global`],
    ['global "x";', '2:1 "global" requires the capability "variables"'],
  ])('%s', (source, error) => {
    expect(errorsOf(`require "include";\n${source}`)).toEqual([error])
  })
})
