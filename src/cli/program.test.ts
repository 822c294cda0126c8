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
    ['frobnicate', /unknown command 'frobnicate'/],
    ['domain', /Usage: facteur domain/],
    ['domain add', /missing required argument 'domain'/],
    ['domain add not_a_domain', /Expected a domain such as example\.org/],
    ['domain add a.test b.test', /too many arguments/],
    ['domain catch-all a.test', /either an address or --none/],
    ['mailbox add alice', /Expected an address such as alice@example\.org/],
    ['mailbox add a@b.test --quota much', /Expected a size such as 5GB, or none/],
    ['mailbox quota a@b.test 10', /Give a unit, such as 10GB/],
    ['mailbox quota a@b.test 0', /Expected a size such as 5GB, or none/],
    ['domain set b.test --space 5', /Give a unit, such as 5GB/],
    ['plan add small --space 5 --price 3.00', /Give a unit, such as 5GB/],
    ['mailbox list --jsn', /unknown option '--jsn'/],
    ['alias add a@b.test', /missing required argument 'targets'/],
    ['queue show abc', /Expected a number/],
    ['queue list --status lost', /Expected one of queued, held/],
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
        'queue list, queue show, queue retry, queue hold, queue release, queue remove, script list, script show, script check, script set, script activate, script deactivate, script remove, sending held, sending release, sending drop, trace, import, service settings, service set, service reset, cluster status, drain, check, verify, store copy, store restored, config print',
      ]
        .join(', ')
        .split(', ')
        .sort(),
    )
  })

  it('prints the version', async () => {
    expect((await facteur(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
