/** Usage, in process: what commands do is held to in test/integration/cli-*.test.ts. */
import { Readable, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { run } from './program.ts'

async function facteur(args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const printed = { stdout: '', stderr: '' }
  const collect = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(chunk, _, done) {
        printed[name] += chunk
        done()
      },
    })
  const exitCode = await run(args, {
    stdin: Readable.from([]),
    stdout: collect('stdout'),
    stderr: collect('stderr'),
    environment: {},
    folder: '/nonexistent',
  })
  return { exitCode, ...printed }
}

describe('usage', () => {
  it.each([
    ['', /Usage: facteur \[options\] \[command\]/],
    ['frobnicate', /^facteur: unknown command 'frobnicate'/],
    ['help nope', /^facteur: unknown command 'nope'/],
    ['help domain nope', /^facteur: unknown command 'nope'/],
    ['domain help nope', /^facteur: unknown command 'nope'/],
    ['domain', /Usage: facteur domain/],
    ['domain add', /missing required argument 'domain'/],
    ['domain add not_a_domain', /^facteur: not_a_domain: expected a domain such as example\.org\n/],
    ['domain add a.test b.test', /too many arguments/],
    ['domain catch-all a.test', /either an address or --none/],
    ['mailbox add alice', /^facteur: alice: expected an address such as alice@example\.org\n/],
    ['mailbox add alice@@example.org', /^facteur: alice@@example\.org: expected an address/],
    ['mailbox add a@b.test --quota much', /^facteur: --quota much: expected a size such as 5GB, or none\n/],
    ['mailbox quota a@b.test 10', /^facteur: 10: give a unit, such as 10GB\n/],
    ['mailbox quota a@b.test 0', /expected a size such as 5GB, or none/],
    ['domain set b.test --space 5', /^facteur: --space 5: give a unit, such as 5GB\n/],
    ['plan add small --space 5 --price 3.00', /give a unit, such as 5GB/],
    ['mailbox list --jsn', /unknown option '--jsn'/],
    ['alias add a@b.test', /missing required argument 'targets'/],
    ['queue show abc', /^facteur: abc: expected a number\n/],
    ['queue list --status lost', /expected one of queued, held/],
    ['user create a@b.test --language de', /^facteur: --language de: allowed choices are fr, en\n/],
    ['user create a@b.test', /--staff or --manager/],
    ['user create a@b.test --staff --domain b.test', /leave --domain out/],
    ['statement --month 2026-13', /^facteur: --month 2026-13: expected a month such as 2026-11\n/],
    ['import a@b.test', /either --mbox FILE or --maildir DIR/],
    ['import a@b.test --mbox x --maildir y', /either --mbox FILE or --maildir DIR/],
  ])('"%s" is bad: exit code 2, a word on standard error, nothing on standard output', async (args, message) => {
    const { exitCode, stdout, stderr } = await facteur(args ? args.split(' ') : [])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(message)
    expect(stdout).toBe('')
  })

  it('has help with an example on every level', async () => {
    const seen: string[] = []
    const visit = async (command: string[]): Promise<void> => {
      const { exitCode, stdout } = await facteur([...command, '--help'])
      expect({ command, exitCode }).toEqual({ command, exitCode: 0 })
      const inner = [
        ...(/^Commands:\n((?: {2}.*\n)+)/m.exec(stdout)?.[1]?.matchAll(/^ {2}([a-z][a-z-]*)/gm) ?? []),
      ].map(match => match[1] ?? '')
      if (inner.length === 0) {
        expect(stdout, command.join(' ')).toContain('Examples:\n  $ facteur ')
        seen.push(command.join(' '))
      }
      for (const name of inner) if (name !== 'help') await visit([...command, name])
    }
    await visit([])
    expect(seen.sort()).toEqual(
      [
        'serve, domain add, domain list, domain remove, domain catch-all',
        'mailbox add, mailbox list, mailbox passwd, mailbox quota, mailbox remove, alias add, alias list, alias remove',
        'domain set, domain alias add, domain alias list, domain alias remove, group add, group list, group remove',
        'mailbox set, mailbox forward, mailbox member add, mailbox member list, mailbox member remove, mailbox bin, mailbox restore',
        'user create, user list, user role, user domains, user remove, user second-factor reset, link, token create, token list, token revoke, audit',
        'plan list, plan add, plan change, plan assign, statement, webhook list, webhook add, webhook test, webhook remove',
        'queue list, queue show, queue retry, queue hold, queue release, queue remove, script list, script show, script check, script set, script activate, script deactivate, script remove, sending held, sending release, sending drop, sending unblock, trace, import, service settings, service set, service reset, cluster status, drain, check, verify, store copy, store restored, config print',
      ]
        .join(', ')
        .split(', ')
        .sort(),
    )
  })

  it.each([
    ['help domain add', 'domain add'],
    ['domain help add', 'domain add'],
    ['help user second-factor reset', 'user second-factor reset'],
    ['help domain', 'domain'],
    ['help', ''],
  ])('"%s" prints the help of "%s"', async (args, named) => {
    const { exitCode, stdout } = await facteur(args.split(' '))
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: (await facteur([...named.split(' ').filter(Boolean), '--help'])).stdout,
    })
  })

  it('has help of at most 80 columns, examples aside', async () => {
    for (const name of ['', 'domain', 'mailbox', 'user', 'script', 'queue', 'trace', 'store copy']) {
      const { stdout } = await facteur([...name.split(' ').filter(Boolean), '--help'])
      const long = stdout.split('\n').filter(line => line.length > 80 && !line.startsWith('  $ '))
      expect({ name, long }).toEqual({ name, long: [] })
    }
  })

  it('prints the version', async () => {
    expect((await facteur(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
