/** What time does to links, and what each of them holds; the rest is test/integration/api-credential-links.test.ts and api-recovery.test.ts. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../ops/log.ts'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import type { Store } from '../../store/store.ts'
import { commandLine } from '../actor.ts'
import { generatedCode, generatedPassword } from '../generated-password.ts'
import { NewPasswords } from '../new-passwords.ts'
import type { NoticeKind, NoticeReader } from '../notices.ts'
import { maskedAddress } from '../recovery/masked-address.ts'
import { PasswordResets } from '../recovery/password-resets.ts'
import { RecoveryAddresses } from '../recovery/recovery-addresses.ts'
import { hashToken } from '../secrets.ts'
import { ServiceSettings } from '../service-settings/service-settings.ts'
import { CredentialLinks } from './credential-links.ts'
import { LinkReveal } from './link-reveal.ts'
import { openSecret, sealSecret } from './link-secret.ts'

const hour = 3_600_000
const day = 24 * hour
const address = 'alice@example.org'
let folder: string
let store: Store
let now: number
let sent: { kind: NoticeKind; to: string; url: string }[]
let links: CredentialLinks
let reveal: LinkReveal
let recovery: RecoveryAddresses
let resets: PasswordResets
let principalId: number
let factor: { on: boolean; right: string }

beforeEach(async () => {
  now = 1_700_000_000_000
  sent = []
  factor = { on: false, right: '123456' }
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-links-'))
  const clock = { now: () => now }
  store = await openSqliteStore({ path: path.join(folder, 'facteur.db'), clock })
  await store.write('domain.add', { name: 'example.org', at: now })
  const account = { address, passwordHash: 'none', quotaBytes: null, mailboxes: [], at: now }
  principalId = (await store.write('account.add', account)).accountId
  const settings = new ServiceSettings(store, clock)
  const notices = {
    async send(kind: NoticeKind, reader: NoticeReader, values: object) {
      sent.push({ kind, to: reader.address, url: 'url' in values ? String(values.url) : '' })
      return true
    },
  }
  const linkTo = (to: string): string => `https://mail.example.org${to}`
  const newPasswords = new NewPasswords(settings)
  links = new CredentialLinks({ store, clock, settings, notices, linkTo })
  reveal = new LinkReveal({ store, clock, newPasswords, log: silentLog })
  recovery = new RecoveryAddresses({ store, clock, notices, linkTo })
  const secondFactor = { isOn: async () => factor.on, check: async (_: number, code: string) => code === factor.right }
  const parts = { store, clock, notices, linkTo, newPasswords, secondFactor, limitLoopback: true, log: silentLog }
  resets = new PasswordResets(parts)
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const tokenOf = (url: string): string => url.slice(url.indexOf('#') + 1)
const plain = { codeDigits: null, sendTo: null }

describe('a single-use link', () => {
  it('is over after the days that the settings give it', async () => {
    const token = tokenOf((await links.issue(commandLine, address, plain)).url)
    now += 7 * day - 1
    await reveal.open(token, '192.0.2.1')
    now += 1
    await expect(reveal.open(token, '192.0.2.1')).rejects.toMatchObject({ code: 'link-over' })
    await expect(reveal.reveal(token, null, '192.0.2.1')).rejects.toMatchObject({ code: 'link-over' })
  })

  it('lets one choose a password for half an hour', async () => {
    const choose = async () =>
      (await reveal.reveal(tokenOf((await links.issue(commandLine, address, plain)).url), null, '')).chooseToken
    const [token] = [await choose()]
    now += 30 * 60_000
    await expect(reveal.choosePassword(token, 'long enough', '')).rejects.toMatchObject({ code: 'link-over' })
    const another = await choose()
    now += 30 * 60_000 - 1
    await reveal.choosePassword(another, 'long enough', '')
  })

  it('keeps its password from whoever has the store without the link', async () => {
    const { url, linkId } = await links.issue(commandLine, address, plain)
    const token = tokenOf(url)
    const sealed = sealSecret(token, linkId, { password: 'x' })
    expect(openSecret(token, linkId, sealed)).toEqual({ password: 'x' })
    expect(() => openSecret(hashToken(token), linkId, sealed)).toThrow()
    expect(() => openSecret(token, 'another', sealed)).toThrow()
  })

  it('makes passwords and codes that are read and told without mistakes', () => {
    for (let i = 0; i < 200; i++) {
      expect(generatedPassword()).toMatch(/^(?:[a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/)
      expect(generatedCode(4)).toMatch(/^\d{4}$/)
    }
  })
})

describe('a forgotten password', () => {
  const reset = { password: 'long enough', code: null, revokeOthers: true }
  const linkOf = async (): Promise<string> => {
    resets.ask(address, '192.0.2.1')
    await resets.settled()
    return tokenOf(sent.findLast(({ kind }) => kind === 'password-reset-link')?.url ?? '')
  }
  beforeEach(async () => {
    await recovery.ask(commandLine, principalId, 'Alice@example.com')
    await recovery.confirm(tokenOf(sent.at(-1)?.url ?? ''), '192.0.2.1')
  })

  it('is replaced within an hour', async () => {
    const token = await linkOf()
    expect(sent.at(-1)?.to).toBe('Alice@example.com')
    now += hour
    await expect(resets.complete({ ...reset, token }, '')).rejects.toMatchObject({ code: 'link-over' })
    const another = await linkOf()
    now += hour - 1
    await resets.complete({ ...reset, token: another }, '')
  })

  it('needs the second factor where one is on, and not many tries of it', async () => {
    factor.on = true
    const token = await linkOf()
    expect(await resets.open(token)).toMatchObject({ needsSecondFactor: true })
    await expect(resets.complete({ ...reset, token }, '')).rejects.toMatchObject({ code: 'second-factor-needed' })
    for (let i = 0; i < 5; i++)
      await expect(resets.complete({ ...reset, token, code: '000000' }, '')).rejects.toMatchObject({
        code: 'wrong-second-factor',
      })
    await expect(resets.complete({ ...reset, token, code: '123456' }, '')).rejects.toMatchObject({ code: 'link-over' })
    const another = await linkOf()
    await resets.complete({ ...reset, token: another, code: ' 123456 ' }, '')
  })

  it('is mailed to nobody for who may not sign in, or has no address that is confirmed', async () => {
    const before = sent.length
    await store.write('principal.update', { principalId, signInEnabled: false })
    await linkOf()
    await store.write('principal.update', { principalId, signInEnabled: true, recovery: null })
    await linkOf()
    expect(sent.length).toBe(before)
  })

  it('of a link sent to the former external address is no longer to be had', async () => {
    const token = await linkOf()
    await recovery.ask(commandLine, principalId, 'other@example.com')
    await recovery.confirm(tokenOf(sent.at(-1)?.url ?? ''), '192.0.2.1')
    await expect(resets.open(token)).rejects.toMatchObject({ code: 'link-over' })
    expect(sent.slice(-2).map(({ kind, to }) => [kind, to])).toEqual([
      ['recovery-address-changed', address],
      ['recovery-address-changed', 'Alice@example.com'],
    ])
  })

  it('is asked for so often by one client', () => {
    for (let i = 0; i < 20; i++) resets.ask(`x${i}@example.org`, '192.0.2.9')
    expect(() => resets.ask(address, '192.0.2.9')).toThrow(expect.objectContaining({ code: 'too-many-mails' }))
    resets.ask(address, '192.0.2.10')
  })

  it('of somebody without a mailbox here is mailed to the address that is signed in with', async () => {
    const staff = { address: 'root@example.net', role: 'staff' as const, name: '', passwordHash: null, language: null }
    await store.write('principal.add', { ...staff, domains: [], at: now })
    resets.ask('root@example.net', '192.0.2.1')
    await resets.settled()
    expect(sent.at(-1)).toMatchObject({ kind: 'password-reset-link', to: 'root@example.net' })
  })

  it('is not mailed to an address of ours that is no mailbox: its mail goes where the domain’s manager says', async () => {
    await store.write('domain.update', { name: 'example.org', catchAll: address })
    await store.write('domainAlias.add', { name: 'example.info', domain: 'example.org', at: now })
    for (const user of ['root@example.org', 'root@example.info']) {
      const staff = { address: user, role: 'staff' as const, name: '', passwordHash: null, language: null }
      const { principalId } = await store.write('principal.add', { ...staff, domains: [], at: now })
      const before = sent.length
      resets.ask(user, '192.0.2.1')
      await resets.settled()
      expect(sent.slice(before)).toEqual([])
      await store.write('principal.update', {
        principalId,
        recovery: { address: 'root@example.com', confirmedAt: now },
      })
      resets.ask(user, '192.0.2.1')
      await resets.settled()
      expect(sent.at(-1)).toMatchObject({ kind: 'password-reset-link', to: 'root@example.com' })
    }
  })
})

it.each([
  ['alice@example.com', 'a•••@example.com'],
  ['é@example.com', 'é•••@example.com'],
  ['👩‍💻x@example.com', '👩‍💻•••@example.com'],
])('%s is shown as %s', (address, masked) => {
  expect(maskedAddress(address)).toBe(masked)
})
