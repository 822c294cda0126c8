import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../ops/log.ts'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import type { Store } from '../../store/store.ts'
import type { AccountKind } from '../../store/types.ts'
import type { Actor } from '../actor.ts'
import type { MailSignIn, SignInOutcome } from '../authentication.ts'
import { createAuthenticator } from '../authenticator.ts'
import type { SecurityChange } from '../notices.ts'
import { hashPassword } from '../passwords.ts'
import { type SeenSignIn, SignInRecorder } from '../sign-ins/recorder.ts'
import { Throttle } from '../throttle.ts'
import { AppPasswords, type NewAppPassword } from './app-passwords.ts'
import { APP_PASSWORDS, NETWORKS } from './limits.ts'

const start = 1_800_000_000_000
let now: number
const clock = { now: () => now }
let store: Store
let appPasswords: AppPasswords
let recorder: SignInRecorder
let seen: SeenSignIn[]
let told: SecurityChange[]
let needsAppPasswords: boolean
let signIn: (attempt: Partial<MailSignIn>) => Promise<SignInOutcome>
let alice: Actor
let bob: Actor

beforeEach(async () => {
  now = start
  seen = []
  told = []
  needsAppPasswords = true
  store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('domain.add', { name: 'example.org', at: now })
  alice = await newMailbox('alice@example.org', 'correct horse')
  bob = await newMailbox('bob@example.org', 'battery staple')
  appPasswords = new AppPasswords({ store, clock, notices: { tell: async (_, change) => void told.push(change) } })
  recorder = new SignInRecorder({ store, clock, log: silentLog, after: () => {} })
  const authenticator = createAuthenticator({
    store,
    clock,
    throttle: new Throttle({ clock, limitLoopback: false }),
    defaultDomain: null,
    policy: { needsAppPasswords: async () => needsAppPasswords },
    sleep: async () => {},
    open: { follow: () => ({ over: null, end() {} }) },
    seen: {
      record: attempt => {
        seen.push(attempt)
        recorder.record(attempt)
      },
    },
    log: silentLog,
  })
  signIn = attempt =>
    authenticator.signIn({
      user: 'alice@example.org',
      password: 'correct horse',
      protocol: 'imap',
      remoteAddress: '192.0.2.1',
      ...attempt,
    })
})
afterEach(() => store.close())

async function newMailbox(address: string, password: string | null, kind: AccountKind = 'personal'): Promise<Actor> {
  const passwordHash = password && (await hashPassword(password, { memory: 64, passes: 1, parallelism: 1 }))
  const made = await store.write('account.add', {
    address,
    passwordHash,
    quotaBytes: null,
    mailboxes: [],
    kind,
    at: now,
  })
  return {
    via: 'panel',
    principalId: made.accountId,
    address,
    role: 'owner',
    domains: [],
    hasMailbox: true,
    remoteAddress: '192.0.2.1',
    sessionId: 'session',
  }
}

const wanted = (more: Partial<NewAppPassword> = {}): NewAppPassword => ({
  accountId: null,
  label: ' Phone ',
  protocols: ['imap', 'submission'],
  networks: [],
  expiresAt: null,
  ...more,
})
const idOf = ({ principalId }: Actor): number => principalId ?? 0

describe('an app password', () => {
  it('is shown once in groups of four, and kept as its hash', async () => {
    const { appPassword, secret } = await appPasswords.create(alice, wanted())
    expect(secret).toMatch(/^(?:[A-Z2-7]{4} ){4}[A-Z2-7]{4}$/)
    expect(appPassword).toMatchObject({ label: 'Phone', address: 'alice@example.org', lastUsedAt: null })
    expect(await appPasswords.list(idOf(alice))).toEqual([appPassword])
    expect(told).toEqual([{ kind: 'app-password-added', label: 'Phone', mailbox: 'alice@example.org' }])
    expect(JSON.stringify(await store.read('audit.list', auditOf('alice@example.org')))).not.toContain(secret)
  })

  it('opens the mailbox over its protocols, however it is typed, and remembers its last use', async () => {
    const { appPassword, secret } = await appPasswords.create(alice, wanted())
    const { appPasswordId } = appPassword
    for (const password of [secret, secret.replaceAll(' ', ''), secret.toLowerCase().replaceAll(' ', '-')])
      expect(await signIn({ password })).toMatchObject({
        ok: true,
        account: { address: 'alice@example.org' },
        principalId: alice.principalId,
        appPasswordId,
      })
    now += 1_000
    expect(await signIn({ password: secret, protocol: 'submission', remoteAddress: '198.51.100.7' })).toMatchObject({
      ok: true,
    })
    expect(seen.at(-1)).toMatchObject({ outcome: 'ok', credential: 'app-password', label: 'Phone' })
    await recorder.flush()
    expect(await appPasswords.list(idOf(alice))).toMatchObject([
      { lastUsedAt: now, lastUsedProtocol: 'submission', lastUsedAddress: '198.51.100.7' },
    ])
    expect(await store.read('signIn.latest', { principalId: idOf(alice), protocol: 'submission' })).toMatchObject({
      ok: { label: 'Phone' },
    })
  })

  it.each<[string, Partial<NewAppPassword>, Partial<MailSignIn>, string, string]>([
    ['another protocol', {}, { protocol: 'pop3' }, 'not-allowed', 'protocol-not-allowed'],
    ['another network', { networks: ['198.51.100.0/24'] }, {}, 'not-allowed', 'network-not-allowed'],
    ['another time', { expiresAt: start + 1 }, {}, 'expired', 'expired'],
  ])('does not open it for %s, and says why', async (_, more, attempt, reason, outcome) => {
    const { secret } = await appPasswords.create(alice, wanted(more))
    now += 1
    expect(await signIn({ ...attempt, password: secret })).toEqual({ ok: false, reason })
    expect(seen).toMatchObject([{ outcome, credential: 'app-password', label: 'Phone' }])
    expect((await appPasswords.list(idOf(alice)))[0]?.lastUsedAt).toBeNull()
  })

  it('opens no other mailbox, and none once it is removed or its owner may not sign in', async () => {
    const { appPassword, secret } = await appPasswords.create(alice, wanted())
    const refused = { ok: false, reason: 'credentials' }
    expect(await signIn({ user: 'bob@example.org', password: secret })).toEqual(refused)
    expect(await signIn({ user: 'nobody@example.org', password: secret })).toEqual(refused)
    await store.write('principal.update', { principalId: idOf(alice), signInEnabled: false })
    expect(await signIn({ password: secret })).toEqual(refused)
    expect(seen.at(-1)?.outcome).toBe('disabled')
    await store.write('principal.update', { principalId: idOf(alice), signInEnabled: true })
    expect(await signIn({ password: secret })).toMatchObject({ ok: true })
    await expect(appPasswords.remove(alice, idOf(bob), appPassword.appPasswordId)).rejects.toMatchObject({
      code: 'app-password-not-found',
    })
    await appPasswords.remove(alice, idOf(alice), appPassword.appPasswordId)
    expect(await signIn({ password: secret })).toEqual(refused)
  })

  it('is what mail programs need where there is a second factor, and the password is enough elsewhere', async () => {
    expect(await signIn({})).toEqual({ ok: false, reason: 'app-password-needed' })
    expect(seen.at(-1)).toMatchObject({ outcome: 'app-password-needed', credential: 'password' })
    expect(await signIn({ password: 'wrong' })).toEqual({ ok: false, reason: 'credentials' })
    const { secret } = await appPasswords.create(alice, wanted())
    expect(await signIn({ password: secret })).toMatchObject({ ok: true })
    needsAppPasswords = false
    expect(await signIn({})).toMatchObject({ ok: true, appPasswordId: null })
    expect(await signIn({ password: secret })).toMatchObject({ ok: true })
  })

  it('is not mistaken for a password that looks like one', async () => {
    needsAppPasswords = false
    const password = 'abcd efgh ijkl mnop qrst'
    await newMailbox('carol@example.org', password)
    expect(await signIn({ user: 'carol@example.org', password })).toMatchObject({ ok: true, appPasswordId: null })
    expect(await signIn({ user: 'carol@example.org', password: password.toUpperCase() })).toMatchObject({ ok: false })
  })

  it('is told of in the audit log, as made, changed and removed', async () => {
    const { appPassword } = await appPasswords.create(alice, wanted())
    const { appPasswordId } = appPassword
    await appPasswords.change(alice, appPasswordId, { label: 'Tablet', networks: ['192.0.2.0/24'] })
    await appPasswords.remove(alice, idOf(alice), appPasswordId)
    const rows = await store.read('audit.list', auditOf('alice@example.org'))
    expect(rows.map(({ action, before, after }) => [action, before?.label, after?.label])).toEqual([
      ['app-password.remove', 'Tablet', undefined],
      ['app-password.update', 'Phone', 'Tablet'],
      ['app-password.create', undefined, 'Phone'],
    ])
    expect(rows[0]).toMatchObject({ actor: 'alice@example.org', domain: 'example.org' })
  })

  it.each<[string, Partial<NewAppPassword>, string]>([
    ['a network that is none', { networks: ['192.0.2.0/33'] }, 'invalid-network'],
    ['too many networks', { networks: Array(NETWORKS + 1).fill('192.0.2.1') }, 'too-many-networks'],
    ['an end in the past', { expiresAt: start }, 'expiry-in-the-past'],
    ['a mailbox that is not there', { accountId: 99 }, 'mailbox-not-yours'],
  ])('is not made with %s', async (_, more, code) => {
    await expect(appPasswords.create(alice, wanted(more))).rejects.toMatchObject({ code })
  })

  it('is one of fifty at the most', async () => {
    for (let i = 0; i < APP_PASSWORDS; i++) await appPasswords.create(alice, wanted())
    await expect(appPasswords.create(alice, wanted())).rejects.toMatchObject({ code: 'too-many-app-passwords' })
    await appPasswords.create(bob, wanted())
  })
})

describe('for a shared mailbox', () => {
  let info: Actor
  beforeEach(async () => {
    info = await newMailbox('info@example.org', null, 'shared')
  })
  const share = (maySend: boolean) =>
    store.write('member.set', { accountId: idOf(info), principalId: idOf(alice), maySend, at: now })
  const shared = (more: Partial<NewAppPassword> = {}) => wanted({ accountId: idOf(info), ...more })

  it('an app password is made by a member, and stops with the membership', async () => {
    await expect(appPasswords.create(alice, shared())).rejects.toMatchObject({ code: 'mailbox-not-yours' })
    await share(true)
    const { appPassword, secret } = await appPasswords.create(alice, shared())
    expect(appPassword.address).toBe('info@example.org')
    const attempt = { user: 'info@example.org', password: secret }
    expect(await signIn(attempt)).toMatchObject({
      ok: true,
      account: { address: 'info@example.org' },
      principalId: alice.principalId,
    })
    expect(await signIn({ password: secret })).toMatchObject({ ok: false })
    await store.write('principal.update', { principalId: idOf(alice), signInEnabled: false })
    expect(await signIn(attempt)).toMatchObject({ ok: false, reason: 'credentials' })
    await store.write('principal.update', { principalId: idOf(alice), signInEnabled: true })
    await store.write('member.remove', { accountId: idOf(info), principalId: idOf(alice) })
    expect(await signIn(attempt)).toMatchObject({ ok: false, reason: 'credentials' })
    expect(await appPasswords.list(idOf(alice))).toEqual([])
  })

  it('those who may not send can not make one for it, and lose it', async () => {
    await share(false)
    await expect(appPasswords.create(alice, shared())).rejects.toMatchObject({ code: 'not-a-sender' })
    const { appPassword } = await appPasswords.create(alice, shared({ protocols: ['imap'] }))
    const change = appPasswords.change(alice, appPassword.appPasswordId, { protocols: ['submission'] })
    await expect(change).rejects.toMatchObject({ code: 'not-a-sender' })
    await share(true)
    const { secret } = await appPasswords.create(alice, shared())
    const attempt = { user: 'info@example.org', password: secret, protocol: 'submission' as const }
    expect(await signIn(attempt)).toMatchObject({ ok: true })
    await share(false)
    expect(await signIn(attempt)).toEqual({ ok: false, reason: 'not-allowed' })
  })
})

const auditOf = (target: string) => ({ domains: null, target, actorId: null, before: null, limit: 10 })
