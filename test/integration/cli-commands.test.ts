/**
 * Every command, right and wrong, on a running service and on a stopped one. The commands run in this process, which
 * saves their start; what an exit code and a stream are is held to in cli-start and cli-mail.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable, Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../src/cli/program.ts'
import { LineClient } from '../faults/line-client.ts'
import { makeStore } from './fixtures/empty-store.ts'
import { type Finished, runCli, type Service, startService } from './service.ts'

let service: Service
let folder: string
beforeAll(async () => {
  service = await startService({ FACTEUR_PLAIN_TEXT_SIGN_IN: 'loopback', FACTEUR_DNS_SERVERS: '127.0.0.1:9' })
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-cli-'))
})
afterAll(async () => {
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function command(args: string, stdin = '', environment: Record<string, string> = {}): Promise<Finished> {
  const finished: Finished = { exitCode: null, stdout: '', stderr: '' }
  const collect = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(chunk, _, done) {
        finished[name] += chunk
        done()
      },
    })
  finished.exitCode = await run(args.split(' '), {
    stdin: Readable.from([stdin]),
    stdout: collect('stdout'),
    stderr: collect('stderr'),
    environment: { ...service.environment, ...environment },
    folder,
  })
  return finished
}

async function ok(args: string, stdin?: string): Promise<string> {
  const { exitCode, stdout, stderr } = await command(args, stdin)
  expect({ args, exitCode, stderr }).toEqual({ args, exitCode: 0, stderr: '' })
  return stdout
}

const json = async (args: string) => JSON.parse(await ok(`${args} --json`))

async function refused(args: string, message: string | RegExp, stdin?: string): Promise<void> {
  const { exitCode, stdout, stderr } = await command(args, stdin)
  expect(stderr).toMatch(message)
  expect({ args, exitCode, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({
    args,
    exitCode: 1,
    stdout: '',
    lines: 1,
  })
}

async function signIn(user: string, password: string): Promise<string> {
  const client = await LineClient.open(service.ports.imap)
  try {
    await client.line()
    client.send(`a LOGIN ${user} "${password}"\r\n`)
    return await client.line()
  } finally {
    client.close()
  }
}

/** A mailbox as it was made, without mail. */
const plain = {
  name: '',
  kind: 'personal',
  usedBytes: 0,
  messages: 0,
  signInEnabled: true,
  sendingEnabled: true,
  receivingEnabled: true,
  forward: null,
  planId: null,
  hourlyLimit: null,
  createdAt: expect.any(String),
}

describe.each(['running', 'stopped'] as const)('on a service that is %s', state => {
  const domain = `${state}.test`
  const alice = `alice@${domain}`

  beforeAll(async () => {
    if (state === 'stopped') await service.end()
  })
  afterAll(async () => {
    if (state === 'stopped') await service.start()
  })

  it('domains are added, listed, given a catch-all and removed', async () => {
    expect(await ok(`domain add ${domain.toUpperCase()}`)).toBe(`added domain ${domain}\n`)
    await refused(`domain add ${domain}`, `facteur: the domain ${domain} exists already`)
    expect(await json('domain list')).toContainEqual({
      domain,
      mailboxes: 0,
      maxMailboxes: null,
      soldBytes: 0,
      quotaBytes: null,
      defaultPlanId: null,
      defaultQuotaBytes: null,
      mailboxHourlyLimit: null,
      domainHourlyLimit: null,
      catchAll: null,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    })
    await ok(`domain catch-all ${domain} ${alice}`)
    expect(await ok('domain list')).toMatch(new RegExp(`^${domain} +0 +- +0 B +- +${alice}$`, 'm'))
    await ok(`domain catch-all ${domain} --none`)
    await ok(`domain add second.${domain}`)
    await ok(`domain remove second.${domain}`)
    await refused(`domain remove second.${domain}`, `there is no domain second.${domain}`)
    await refused(`domain catch-all second.${domain} ${alice}`, `there is no domain second.${domain}`)
  })

  it('mailboxes are added, listed, given passwords and quotas, and removed', async () => {
    expect(await ok(`mailbox add ${alice} --password-stdin --quota 5GB`, 'first password\n')).toBe(
      `added mailbox ${alice}\n`,
    )
    await refused(`mailbox add ${alice}`, `${alice} exists already`)
    await refused('mailbox add bob@elsewhere.test', 'there is no domain elsewhere.test')
    await refused(`mailbox add bob@${domain} --password-stdin`, 'the password is empty', '')
    await refused(`mailbox add bob@${domain} --password-stdin`, 'the password is too short', 'short\n')
    const made = await ok(`mailbox add bob@${domain}`)
    expect(made).toMatch(/^added mailbox bob@\S+, password \w{5}-\w{5}-\w{5}-\w{5} \(shown this once\)\n$/)
    expect(await json(`mailbox list --domain ${domain}`)).toEqual([
      { ...plain, address: alice, quotaBytes: 5 * 1024 ** 3 },
      { ...plain, address: `bob@${domain}`, quotaBytes: null },
    ])
    expect(await ok('mailbox list')).toMatch(new RegExp(`^${alice} +0 +0 B +5\\.0 GB +0 % +-$`, 'm'))
    await refused('mailbox list --domain elsewhere.test', 'there is no domain elsewhere.test')
    await ok(`mailbox quota ${alice} none`)
    expect((await json('mailbox list')).find((row: { address: string }) => row.address === alice).quotaBytes).toBeNull()
    await ok(`mailbox passwd ${alice} --password-stdin`, 'second password\n')
    await refused(
      `mailbox passwd nobody@${domain} --password-stdin`,
      `there is no mailbox nobody@${domain}`,
      'some password\n',
    )
    await refused(`domain remove ${domain}`, 'has mailboxes; remove them first')
    expect(await ok(`mailbox remove bob@${domain}`)).toContain(`facteur mailbox restore bob@${domain}`)
    await refused(`mailbox remove bob@${domain}`, `there is no mailbox bob@${domain}`)
    await refused(`mailbox quota bob@${domain} 1GB`, `there is no mailbox bob@${domain}`)
    await refused(`mailbox add bob@${domain}`, 'is in the bin: restore it, or purge it first')
    expect(await json(`mailbox bin --domain ${domain}`)).toMatchObject([{ address: `bob@${domain}`, messages: 0 }])
    await ok(`mailbox restore bob@${domain}`)
    const now = await command(`mailbox remove bob@${domain}`, '', { FACTEUR_NOW: '1' })
    expect(now).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('FACTEUR_NOW: no such setting'),
    })
    await refused(`mailbox restore bob@${domain}`, `bob@${domain} is not in the bin`)
    await ok(`mailbox remove bob@${domain} --now`)
    expect(await json(`mailbox bin --domain ${domain}`)).toEqual([])
  })

  it('mailboxes are switched, forwarded and shared', async () => {
    expect(await command(`mailbox set ${alice}`)).toMatchObject({ exitCode: 2, stdout: '' })
    expect(await command(`mailbox set ${alice} --sending maybe`)).toMatchObject({ exitCode: 2, stdout: '' })
    expect(await ok(`mailbox set ${alice} --sign-in off --sending off`)).toBe(
      `${alice}: sign-in off, sending off, receiving on\n`,
    )
    expect(await ok('mailbox list')).toMatch(new RegExp(`^${alice} .* sign-in, sending off$`, 'm'))
    expect(await ok(`mailbox set ${alice} --sign-in on --sending on --name Alice --hourly-limit 200`)).toBe(
      `${alice}: sign-in on, sending on, receiving on, 200 recipients an hour, name Alice\n`,
    )
    expect(await json('mailbox list')).toContainEqual(expect.objectContaining({ address: alice, hourlyLimit: 200 }))
    expect(await ok(`mailbox set ${alice} --hourly-limit none`)).toContain('receiving on, no hourly limit of its own\n')
    expect(await ok(`mailbox forward ${alice} a@elsewhere.test --without-copy`)).toBe(
      `${alice} forwards to a@elsewhere.test, and keeps nothing\n`,
    )
    await refused(`mailbox forward ${alice} ${alice}`, `${alice} can't forward to itself`)
    expect(await ok(`mailbox forward ${alice} --none`)).toBe(`${alice} forwards nothing\n`)
    const shared = `support@${domain}`
    expect(await ok(`mailbox add ${shared} --shared`)).toBe(`added shared mailbox ${shared}\n`)
    await refused(`mailbox passwd ${shared} --password-stdin`, 'is shared', 'some password\n')
    expect(await ok(`mailbox member add ${shared} ${alice} --read-only`)).toBe(`${alice} reads ${shared}\n`)
    await ok(`mailbox member add ${shared} ${alice}`)
    expect(await json(`mailbox member list ${shared}`)).toEqual([{ member: alice, name: 'Alice', maySend: true }])
    await ok(`mailbox member remove ${shared} ${alice}`)
    await refused(`mailbox member remove ${shared} ${alice}`, `${alice} is no member`)
    await ok(`mailbox remove ${shared} --now`)
  })

  it('domains have limits and other names', async () => {
    expect(await ok(`domain set ${domain} --mailboxes 1 --space none`)).toBe(
      `${domain} may have 1 mailbox and any space\n`,
    )
    await refused(`mailbox add x@${domain}`, `facteur: the domain ${domain} has reached its limit of 1 mailbox`)
    expect(await ok(`domain set ${domain} --mailboxes none --default-quota 2GB --mailbox-limit 200`)).toBe(
      `${domain} may have any number of mailboxes and any space; a new mailbox has 2.0 GB; each mailbox has 200 recipients an hour\n`,
    )
    expect(await json('domain list')).toContainEqual(
      expect.objectContaining({ domain, defaultQuotaBytes: 2 * 1024 ** 3, mailboxHourlyLimit: 200 }),
    )
    expect(await ok(`domain set ${domain} --default-quota none --mailbox-limit none --domain-limit none`)).toBe(
      `${domain} may have any number of mailboxes and any space; a new mailbox has no quota; each mailbox has the limit of the service; the domain has the limit of the service\n`,
    )
    await ok(`domain set ${domain} --space 6GB`)
    await refused(`mailbox add x@${domain} --quota 7GB`, /^facteur: the domain \S+ has \d\.\d GB left to sell\n$/)
    await ok(`domain set ${domain} --space none`)
    await ok(`domain alias add ${domain} other.${domain}`)
    await refused(`domain add other.${domain}`, `other.${domain} is an alias of ${domain}`)
    await refused(`mailbox add x@other.${domain}`, `other.${domain} is an alias of ${domain}`)
    expect(await json(`domain alias list --domain ${domain}`)).toEqual([{ alias: `other.${domain}`, domain }])
    await ok(`domain alias remove other.${domain}`)
  })

  it('groups are added, listed and removed, and lead nowhere twice', async () => {
    await ok(`group add team@${domain} ${alice} bob@example.net --name Team`)
    expect(await json(`group list --domain ${domain}`)).toMatchObject([{ address: `team@${domain}`, name: 'Team' }])
    await ok(`group add all@${domain} team@${domain}`)
    await refused(`group add team@${domain} all@${domain}`, 'would lead back to itself')
    expect(await json(`alias list --domain ${domain}`)).toEqual([])
    await refused(`alias remove team@${domain}`, `facteur: team@${domain} is a group: `)
    await refused(`alias add team@${domain} ${alice}`, `facteur: team@${domain} is a group: `)
    await ok(`group remove all@${domain}`)
    await ok(`group remove team@${domain}`)
  })

  it('several mailboxes are added at once; those that fail are named, the others are there', async () => {
    const { exitCode, stdout, stderr } = await command(
      `mailbox add c1@${domain} c2@${domain} ${alice} c3@${domain} --password-stdin`,
      'same for all\n',
    )
    expect(exitCode).toBe(1)
    expect(stdout.trim().split('\n').sort()).toEqual([1, 2, 3].map(n => `added mailbox c${n}@${domain}`))
    expect(stderr).toContain(`${alice}: ${alice} exists already`)
    expect(stderr).toContain('facteur: 1 of 4 mailboxes were not added')
  })

  it('aliases are added, listed and removed', async () => {
    expect(await ok(`alias add info@${domain} ${alice} bob@example.net`)).toBe(
      `info@${domain} leads to ${alice}, bob@example.net\n`,
    )
    await refused(`alias add ${alice} bob@example.net`, `${alice} exists already`)
    await refused('alias add info@elsewhere.test a@b.test', 'there is no domain elsewhere.test')
    expect(await json(`alias list --domain ${domain}`)).toEqual([
      { address: `info@${domain}`, targets: [alice, 'bob@example.net'], createdAt: expect.any(String) },
    ])
    await ok(`alias remove info@${domain}`)
    await refused(`alias remove info@${domain}`, `there is no alias or group info@${domain}`)
  })

  it('lists as JSON have their times in ISO 8601', async () => {
    const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/)
    const manager = `manager@${domain}.example`
    const created = await json(`user create ${manager} --manager`)
    expect(created).toMatchObject({ user: { createdAt: iso }, link: { expiresAt: iso } })
    expect(await json('user list')).toContainEqual(expect.objectContaining({ address: manager, createdAt: iso }))
    expect(await json(`link ${manager}`)).toMatchObject({ expiresAt: iso })
    const token = await json(`token create ${manager} --scope directory:read --expires 90d`)
    expect(token).toMatchObject({ expiresAt: iso })
    expect(await json(`token list ${manager}`)).toMatchObject([{ createdAt: iso, expiresAt: iso, lastUsedAt: null }])
    expect(await json(`plan add small-${state} --space 5GB --price 3.00`)).toMatchObject({ createdAt: iso })
    expect(await json('plan list')).toContainEqual(expect.objectContaining({ updatedAt: iso }))
    expect(await json('webhook add https://hooks.example/ plan.changed')).toMatchObject({ createdAt: iso })
    await refused(
      'webhook add http://hooks.example/ plan.changed',
      "facteur: http://hooks.example/ can't receive events: only https is taken",
    )
    expect(await json('webhook list')).toContainEqual(expect.objectContaining({ createdAt: iso }))
    expect((await json('audit'))[0]).toMatchObject({ at: iso })
    await ok(`user remove ${manager}`)
  })

  it('tells by its exit code what was wrong: the call, or what the service makes of it', async () => {
    const codeOf = async (args: string): Promise<number | null> => (await command(args)).exitCode
    expect(await codeOf('service set linkExpiryDays 99')).toBe(2)
    expect(await codeOf(`alias add info@${domain} "a b"@`)).toBe(2)
    expect(await codeOf('trace 1042')).toBe(3)
    expect(await codeOf('trace nope')).toBe(3)
    await refused('statement --manager nobody@elsewhere.test', 'nobody@elsewhere.test is not a manager')
  })

  it('a script that is empty is none', async () => {
    await refused('script check missing.sieve', "facteur: missing.sieve can't be read: no such file")
    await refused('script check', 'facteur: the script is empty', '\n')
    await refused('script set', 'facteur: the script is empty', '')
    expect(await json('script list')).toEqual([])
  })

  it('the queue is empty and says so of unknown messages', async () => {
    expect(await json('queue list')).toEqual([])
    expect(await ok('queue list')).toMatch(/^ID +ARRIVED/)
    await refused('queue show 999', 'there is no message 999 in the queue')
    for (const action of ['retry', 'hold', 'release', 'remove']) await refused(`queue ${action} 999`, 'message 999')
  })

  it('the store is verified', async () => {
    expect(await ok('verify')).toMatch(/^verified \d+ rows: no damage\n$/)
    expect(await json('verify')).toMatchObject({ ok: true, damage: [] })
  })

  it('check looks at everything, and says what to do', async () => {
    const { exitCode, stdout } = await command('check')
    expect(exitCode).toBe(0)
    for (const line of [
      /^ok +store +.+: \d+ domains?, \d+ mailbox(?:es)?/m,
      /^warning +certificate +self-signed/m,
      /^warning +DNS +the MX record of .* could not be looked up/m,
    ])
      expect(stdout).toMatch(line)
    expect(stdout).toMatch(
      state === 'running' ? /^ok +service +running as process/m : /^warning +service +not running/m,
    )
  })
})

describe('a password that is changed', () => {
  it('holds at once on the running service, and the old one ends', async () => {
    await ok('domain add password.test')
    await ok('mailbox add eve@password.test --password-stdin', 'the old password\n')
    expect(await signIn('eve@password.test', 'the old password')).toMatch(/^a OK/)
    await ok('mailbox passwd eve@password.test --password-stdin', 'the new password\n')
    expect(await signIn('eve@password.test', 'the old password')).toMatch(/^a NO/)
    expect(await signIn('eve@password.test', 'the new password')).toMatch(/^a OK/)
  })
})

describe('check', () => {
  it('finds problems, each with what to do, and ends with exit code 1', async () => {
    const { exitCode, stdout, stderr } = await command('check', '', {
      FACTEUR_DATA: path.join(folder, 'none'),
      FACTEUR_HOSTNAME: 'mail',
    })
    expect(exitCode).toBe(1)
    // The running service of another data folder has the port.
    expect(stdout).toMatch(/^problem +ports +smtp: port \d+ can't be bound \(EADDRINUSE\): free it/m)
    expect(stdout).toMatch(/^problem +DNS +"mail" is not a fully qualified host name: set hostname/m)
    expect(stdout).toMatch(/^warning +store +none yet/m)
    expect(stderr).toMatch(/^facteur: \d+ problems found\n$/)
  })

  it('judges a running service by the settings it was started with, also where it is told the data folder alone', async () => {
    const { stdout } = await runCli(['check', '--data', service.data], { folder })
    expect(stdout).toMatch(/^ok +settings +those the service was started with$/m)
    expect(stdout).not.toContain('could not be bound')
    expect(stdout).toMatch(new RegExp(`^ok +ports +imaps on 127\\.0\\.0\\.1 port ${service.ports.imaps}$`, 'm'))
    expect(stdout).toMatch(/^warning +DNS +the A record of mail\.facteur\.test could not be looked up/m)
    expect(stdout).toMatch(/^ok +store +.+: \d+ domains?, \d+ mailbox(?:es)?/m)
  })

  it('holds certificate and DNS to the names that staff gave the service, not to the node’s behind a load balancer', async () => {
    await ok('service set mxHost mx.facteur.test')
    try {
      const { stdout } = await command('check')
      expect(stdout).toMatch(
        /^problem +certificate +is for mail\.facteur\.test, .*, not for mx\.facteur\.test: programs/m,
      )
    } finally {
      await ok('service reset mxHost')
    }
  })

  it('tells settings that are wrong instead of stopping at them, also as JSON', async () => {
    const { exitCode, stdout } = await command('check --json', '', { FACTEUR_LOG_LEVEL: 'chatty' })
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toEqual([
      { area: 'settings', level: 'problem', text: expect.stringContaining('log.level is "chatty"') },
    ])
  })
})

describe('settings', () => {
  it('are printed with where each came from, as TOML and as JSON', async () => {
    const stdout = await ok('config print')
    expect(stdout).toMatch(new RegExp(`^data += "${service.data}" +# environment FACTEUR_DATA$`, 'm'))
    expect(stdout).toMatch(/^message-size-limit += "20MB" +# default$/m)
    const settings: { key: string; value: unknown; origin: object }[] = await json('config print')
    expect(settings).toContainEqual({ key: 'queue.port', value: 25, origin: { from: 'default' } })
    expect(settings).toContainEqual({
      key: 'data',
      value: service.data,
      origin: { from: 'environment', variable: 'FACTEUR_DATA' },
    })
  })
})

describe('without a service', () => {
  it('nothing is made by a command that mistook the folder', async () => {
    const wrong = path.join(folder, 'wrong')
    const stderr = `facteur: there is no store in ${wrong}; name another data folder with --data, or start the service once: facteur serve\n`
    for (const args of [
      'mailbox list',
      'domain add early.test',
      'plan add small --space 5GB --price 3.00',
      'user create alice@example.net --staff',
      'webhook add https://hooks.example/ plan.changed',
    ])
      expect(await command(`${args} --data ${wrong}`)).toEqual({ exitCode: 1, stdout: '', stderr })
    expect(existsSync(wrong)).toBe(false)
    mkdirSync(wrong)
    expect(await command(`domain list --data ${wrong}`)).toMatchObject({ exitCode: 1, stderr })
    expect(readdirSync(wrong)).toEqual([])
    expect(await runCli(['verify', '--data', wrong])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('there is no store at'),
    })
  })

  it('certificate and DNS are held to the names that staff gave it, as those of a load balancer', async () => {
    const stopped = path.join(folder, 'stopped')
    await makeStore(stopped)
    cpSync(path.join(service.data, 'tls'), path.join(stopped, 'tls'), { recursive: true })
    await ok(`service set mxHost mx.facteur.test --data ${stopped}`)
    const { stdout } = await command(`check --data ${stopped}`)
    expect(stdout).toMatch(/^warning +service +not running/m)
    expect(stdout).toMatch(/^problem +certificate +is for .*, not for mx\.facteur\.test: programs/m)
  })

  it('a store is copied into a new folder, and nowhere else', async () => {
    const from = path.join(folder, 'from')
    await makeStore(from)
    await ok(`domain add copied.test --data ${from}`)
    const file = path.join(folder, 'file')
    writeFileSync(file, '')
    symlinkSync(from, path.join(folder, 'link'))
    const targets: [to: string, message: string][] = [
      ['file', `the folder ${file} can't be made: EEXIST`],
      ['file/x', `the folder ${file}/x can't be made: EEXIST`],
      ['/proc/x1', "the folder /proc/x1 can't be made: ENOENT"],
      [from, `source and target are the same: ${from}`],
      ['link', `source and target are the same: ${from}`],
      ['from/sub', 'one lies in the other: copy into a folder beside it'],
      ['link/sub', 'one lies in the other: copy into a folder beside it'],
      ['.', 'one lies in the other: copy into a folder beside it'],
    ]
    for (const [to, message] of targets) await refused(`store copy --from ${from} --to ${to}`, message)
    expect(existsSync(path.join(from, 'sub'))).toBe(false)
    expect(await ok(`store copy --from ${from} --to from-copied`)).toContain('the two are the same')
    expect(await ok(`domain list --data ${folder}/from-copied`)).toContain('copied.test')
  })
})
