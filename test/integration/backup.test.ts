/** A service put back from a backup, as mail programs meet it. */
import { randomBytes } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withImap } from './fixtures/imap-client.ts'
import { isInstalled, run } from './fixtures/programs.ts'
import { runCli, type Service, startService } from './service.ts'

const password = 'correct horse battery'
let service: Service
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-backup-'))
  service = await startService({})
  await service.cli(['domain', 'add', 'example.org'])
  await service.cli(['mailbox', 'add', 'alice@example.org', '--password-stdin'], { stdin: `${password}\n` })
})
afterAll(async () => {
  await service?.stop()
  rmSync(folder, { recursive: true, force: true })
})

function append(subject: string): Promise<{ uid: number; uidValidity: bigint }> {
  return withImap({ port: service.ports.imaps, user: 'alice@example.org', pass: password }, async client => {
    const { uid = 0, uidValidity = 0n } = (await client.append('INBOX', `Subject: ${subject}\r\n\r\n`)) || {}
    return { uid, uidValidity }
  })
}

it('gives no UID of a mailbox twice under one UIDVALIDITY', async () => {
  const kept = await append('before the backup')
  await service.end()
  const backup = path.join(folder, 'data')
  cpSync(service.data, backup, { recursive: true })
  await service.start()
  const lost = await append('behind the backup')
  expect(lost).toEqual({ uid: kept.uid + 1, uidValidity: kept.uidValidity })
  const running = await service.cli(['store', 'restored'])
  expect(running).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('a service runs on it') })
  await service.end()
  rmSync(service.data, { recursive: true })
  cpSync(backup, service.data, { recursive: true })
  const restored = await service.cli(['store', 'restored'])
  expect(restored).toMatchObject({ exitCode: 0, stderr: '' })
  expect(restored.stdout).toMatch(/^gave \d mailboxes a new UIDVALIDITY: /)
  await service.start()
  const next = await append('another')
  expect(next.uidValidity).toBeGreaterThan(lost.uidValidity)
  await service.end()
  expect(await service.cli(['verify'])).toMatchObject({ exitCode: 0, stderr: '' })
  await service.start()
})

/** What docs/operate/backup.md says. */
const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/operate/backup.md'), 'utf8')
function documented(pattern: RegExp): string {
  const [found] = pattern.exec(page) ?? []
  if (found === undefined) throw new Error(`the page has no ${pattern}`)
  return found
}
const commandsIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, command]) => command!)

it.skipIf(!isInstalled('sqlite3'))(
  'taken as documented of a service in use has all that was acknowledged before (skipped where sqlite3 is not installed)',
  async () => {
    const backup = path.join(folder, 'online')
    mkdirSync(backup)
    const [mask, copyDatabase, ...folders] = commandsIn(documented(/^- `umask[\s\S]*?(?=In this order)/m))
    const [verify] = commandsIn(documented(/`npx facteur verify --data .*?`/))
    const [restored] = commandsIn(documented(/`npx facteur store restored`/))
    const inBackup = (command: string): string => command.replaceAll('/backup', backup)
    const facteur = (command: string): string[] => inBackup(command).split(' ').slice(2)

    const account = { port: service.ports.imaps, user: 'alice@example.org', pass: password }
    /** By their subject. */
    const acknowledged = new Map<string, string>()
    let ended = false
    const write = (writer: string, sizes: number[]): Promise<void> =>
      withImap(account, async client => {
        for (let count = 0; !ended; count++) {
          const subject = `${writer} ${count}`
          const noise = randomBytes(sizes[count % sizes.length]!).toString('base64')
          const message = `Subject: ${subject}\r\n\r\n${noise}\r\n`
          await client.append('INBOX', message)
          acknowledged.set(subject, message)
        }
      })
    // In rows, in packs and in files.
    const writers = [write('small', [10, 900]), write('usual', [4000, 60_000]), write('large', [300_000])]
    let before: typeof acknowledged
    try {
      await expect.poll(() => acknowledged.size, { timeout: 60_000 }).toBeGreaterThan(60)
      before = new Map(acknowledged)
      const copied = await run('sh', ['-c', `cd ${service.data}; ${mask}; ${inBackup(copyDatabase!)}`])
      expect(copied.code, copied.output).toBe(0)
      const meanwhile = acknowledged.size
      await expect.poll(() => acknowledged.size).toBeGreaterThan(meanwhile)
      for (const name of folders) cpSync(path.join(service.data, name), path.join(backup, name), { recursive: true })
    } finally {
      ended = true
      await Promise.all(writers)
    }
    expect(folders).toEqual(['packs/', 'blobs/', 'tls/', 'secret.key'])
    expect(statSync(path.join(backup, 'facteur.db')).mode & 0o777).toBe(0o600)
    const clean = { exitCode: 0, stderr: '' }
    expect(await runCli(facteur(verify!))).toMatchObject(clean)

    const again = await startService({}, async data => {
      cpSync(backup, data, { recursive: true })
      expect(await runCli([...facteur(restored!), '--data', data])).toMatchObject(clean)
    })
    try {
      const found = await withImap({ ...account, port: again.ports.imaps }, async client => {
        await client.mailboxOpen('INBOX')
        const messages: [subject: string, message: string][] = []
        for await (const { envelope, source } of client.fetch('1:*', { envelope: true, source: true }))
          messages.push([envelope?.subject ?? '', source?.toString() ?? ''])
        return new Map(messages)
      })
      for (const [subject, message] of before) expect(found.get(subject) === message, subject).toBe(true)
      expect(await again.cli(['verify'])).toMatchObject(clean)
    } finally {
      await again.stop()
    }
  },
)

it('without its secret.key is told of at the start, and with open modes by check', async () => {
  await service.cli(['webhook', 'add', 'https://hooks.example/', 'plan.changed'])
  await service.end()
  const key = path.join(service.data, 'secret.key')
  const saved = path.join(folder, 'secret.key')
  const other = 'the store has secrets that this secret.key does not open: restore the one of its backup'
  const told = (): string[] => service.log.map(({ msg }) => msg).filter(msg => msg === other)
  cpSync(key, saved)
  rmSync(key)
  const before = told().length
  await service.start()
  expect(told()).toHaveLength(before + 1)
  await service.end()
  cpSync(saved, key)
  chmodSync(key, 0o644)
  const open = `warning  store        others may read secret.key: chmod -R go= ${service.data}`
  // Nobody else can enter the folder.
  expect((await service.cli(['check'])).stdout).not.toContain('others may read')
  chmodSync(service.data, 0o711)
  expect((await service.cli(['check'])).stdout).toContain(open)
  chmodSync(service.data, 0o700)
  chmodSync(key, 0o600)
  await service.start()
  expect(told()).toHaveLength(before + 1)
  expect((await service.cli(['check'])).stdout).not.toContain('others may read')
})

it.skipIf(process.geteuid?.() !== 0)(
  'that another user than the service’s looks at is told of as a finding among the others (skipped for users other than root)',
  async () => {
    const { exitCode, stdout, stderr } = await service.cli(['check'], { user: 65534 })
    expect(stdout).toMatch(/^ok {7}settings /)
    expect(stdout).toContain(`problem  store        ${service.data} can't be read: EACCES`)
    expect(stdout).toContain(
      `problem  service      permission denied: ${path.join(service.data, 'control.sock')} is for`,
    )
    expect(stdout).toMatch(/^problem {2}certificate .*EACCES/m)
    expect(stdout).not.toContain('the first start makes')
    expect(stderr).toMatch(/^facteur: \d+ problems? found\n$/)
    expect(exitCode).toBe(1)
    for (const command of [['verify'], ['mailbox', 'list']]) {
      const refused = await service.cli(command, { user: 65534 })
      expect(refused.stderr).toMatch(/^facteur: .*permission denied/)
      expect(refused.exitCode).toBe(1)
    }
  },
)

it('is not made where there is none', async () => {
  const missing = path.join(folder, 'missing')
  const { exitCode, stderr } = await runCli(['store', 'restored', '--data', missing])
  expect(exitCode).toBe(1)
  expect(stderr).toContain(`there is no store at ${missing}`)
})

it.each([['one process'], ['workers']])(
  'starts without its packs, which come later, and loses nothing: %s',
  async kind => {
    const other = await startService(kind === 'workers' ? { FACTEUR_WORKERS: '2' } : {})
    try {
      await other.cli(['domain', 'add', 'example.org'])
      await other.cli(['mailbox', 'add', 'bob@example.org', '--password-stdin'], { stdin: `${password}\n` })
      const messages = Array.from({ length: 3 }, () => `Subject: x\r\n\r\n${randomBytes(5_000).toString('hex')}\r\n`)
      const inInbox = <T>(work: (client: ImapFlow) => Promise<T>): Promise<T> =>
        withImap({ port: other.ports.imaps, user: 'bob@example.org', pass: password }, work)
      const add = (message: string) => inInbox(client => client.append('INBOX', message))
      await add(messages[0]!)
      await other.end()
      const pack = path.join(other.data, 'packs', '1')
      renameSync(pack, `${pack}.away`)
      await other.start()
      const told = other.log.find(({ msg }) => `${msg}`.startsWith('packs of the store are missing'))
      expect(told).toMatchObject({ level: 'error', packs: [1], count: 1 })
      await add(messages[1]!)
      renameSync(`${pack}.away`, pack)
      await add(messages[2]!)
      const found = await inInbox(async client => {
        await client.mailboxOpen('INBOX')
        return (await client.fetchAll('1:*', { source: true })).map(({ source }) => source?.toString())
      })
      expect(found).toEqual(messages)
      expect(await other.cli(['verify'])).toMatchObject({ exitCode: 0, stderr: '' })
    } finally {
      await other.stop()
    }
  },
)
