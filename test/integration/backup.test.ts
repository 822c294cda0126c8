/** A service put back from a backup, as mail programs meet it. */
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withImap } from './fixtures/imap-client.ts'
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
    expect(stderr).toMatch(/^facteur: \d+ problems? found\n$/)
    expect(exitCode).toBe(1)
  },
)

it('is not made where there is none', async () => {
  const missing = path.join(folder, 'missing')
  const { exitCode, stderr } = await runCli(['store', 'restored', '--data', missing])
  expect(exitCode).toBe(1)
  expect(stderr).toContain(`there is no store at ${missing}`)
})
