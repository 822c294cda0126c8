import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../ops/log.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store } from '../store/store.ts'
import { commandLine } from './actor.ts'
import type { Authenticator, SignInOutcome } from './authentication.ts'
import { createAuthenticator } from './authenticator.ts'
import { createDirectory, type Directory } from './directory/directory.ts'
import { REFUSED_AFTER_FAILURES } from './limits.ts'
import * as passwords from './passwords.ts'
import { ServiceSettings } from './service-settings/service-settings.ts'
import type { SeenSignIn } from './sign-ins/recorder.ts'
import { Throttle } from './throttle.ts'

const verify = vi.spyOn(passwords, 'verifyPassword')
const clock = { now: () => 1_800_000_000_000 }
let store: Store
let directory: Directory
let authenticator: Authenticator
let slept: number[]
let seen: SeenSignIn[]

beforeEach(async () => {
  store = await openSqliteStore({ path: ':memory:', clock })
  directory = createDirectory({ store, settings: new ServiceSettings(store, clock), clock })
  await directory.domains.add(commandLine, 'example.org')
  await directory.accounts.add(commandLine, { address: 'alice@example.org', password: 'correct horse' })
  slept = []
  seen = []
  authenticator = createAuthenticator({
    store,
    clock,
    throttle: new Throttle({ clock, limitLoopback: false }),
    defaultDomain: 'example.org',
    sleep: async ms => void slept.push(ms),
    policy: { needsAppPasswords: async () => false },
    open: { follow: () => ({ over: null, end() {} }) },
    seen: { record: attempt => void seen.push(attempt) },
    log: silentLog,
  })
  verify.mockClear()
})
afterEach(() => store.close())

const signIn = (user: string, password: string, remoteAddress = '192.0.2.1'): Promise<SignInOutcome> =>
  authenticator.signIn({ user, password, protocol: 'pop3', remoteAddress })
const wrong = { ok: false, reason: 'credentials' }

describe('signing in', () => {
  it.each(['alice@example.org', 'Alice@EXAMPLE.org', ' alice ', 'ALICE'])('takes the user name %j', async user => {
    expect(await signIn(user, 'correct horse')).toMatchObject({ ok: true, account: { address: 'alice@example.org' } })
  })

  it.each(['alice+tag@example.org', 'bob@example.org', 'alice@example.net', '', '@', 'a\0b'])(
    'takes no %j, with the same work as for a wrong password',
    async user => {
      expect(await signIn(user, 'correct horse')).toEqual(wrong)
      expect(verify).toHaveBeenCalledTimes(1)
      expect(await signIn('alice', 'wrong')).toEqual(wrong)
      expect(verify).toHaveBeenCalledTimes(2)
      const [[, decoy], [, real]] = verify.mock.calls as [[string, string], [string, string]]
      expect(decoy.slice(0, 30)).toBe(real.slice(0, 30))
    },
  )

  it('takes no account without a password', async () => {
    await directory.accounts.add(commandLine, { address: 'new@example.org', password: null })
    expect(await signIn('new', '')).toEqual(wrong)
    expect(verify).toHaveBeenCalledTimes(1)
  })
})

describe('a password that was verified', () => {
  it('is cheap to sign in with again', async () => {
    for (let i = 0; i < 3; i++) expect((await signIn('alice', 'correct horse')).ok).toBe(true)
    expect(verify).toHaveBeenCalledTimes(1)
  })

  it('ends with a change of it', async () => {
    await signIn('alice', 'correct horse')
    await directory.accounts.changePassword(commandLine, 'alice@example.org', 'battery staple')
    expect(await signIn('alice', 'correct horse')).toEqual(wrong)
    expect((await signIn('alice', 'battery staple')).ok).toBe(true)
    expect(verify).toHaveBeenCalledTimes(3)
  })

  it('does not make another one right', async () => {
    await signIn('alice', 'correct horse')
    expect(await signIn('alice', 'correct hors')).toEqual(wrong)
  })
})

describe('failures', () => {
  const failures = async (times: number, password: (i: number) => string): Promise<SignInOutcome[]> => {
    const outcomes: SignInOutcome[] = []
    for (let i = 0; i < times; i++) outcomes.push(await signIn('alice', password(i)))
    return outcomes
  }

  it('slow down, then refuse without looking', async () => {
    await failures(REFUSED_AFTER_FAILURES, i => `guess ${i}`)
    expect(slept.slice(0, 3)).toEqual([500, 1000, 2000])
    verify.mockClear()
    expect(await signIn('alice', 'correct horse')).toEqual({ ok: false, reason: 'throttled' })
    expect(await signIn('nobody', 'correct horse')).toEqual({ ok: false, reason: 'throttled' })
    expect(verify).not.toHaveBeenCalled()
    expect((await signIn('alice', 'correct horse', '198.51.100.7')).ok).toBe(true)
  })

  it('of a program that repeats one old password do not shut its address out', async () => {
    await failures(2 * REFUSED_AFTER_FAILURES, () => 'last year')
    expect(verify).toHaveBeenCalledTimes(1)
    expect((await signIn('alice', 'correct horse')).ok).toBe(true)
    expect(slept).toEqual([])
  })

  it('of one that shows it on several connections at once count as one', async () => {
    await failures(3, i => `guess ${i}`)
    await Promise.all(Array.from({ length: 5 }, () => signIn('alice', 'last year')))
    slept = []
    await signIn('alice', 'guess 4')
    expect(slept).toEqual([1000])
  })

  it('with one password count anew from each address, and cost as much, so that nobody learns what the owner’s programs try', async () => {
    await signIn('alice', 'last year')
    expect(await signIn('alice', 'last year', '198.51.100.7')).toEqual(wrong)
    expect(verify).toHaveBeenCalledTimes(2)
  })

  it('are known of those who are nobody as well', async () => {
    for (let i = 0; i < 3; i++) expect(await signIn('bob', 'last year')).toEqual(wrong)
    expect(verify).toHaveBeenCalledTimes(1)
  })

  it('are forgotten when it becomes the password', async () => {
    for (let i = 0; i < 2; i++) expect(await signIn('alice', 'battery staple')).toEqual(wrong)
    await directory.accounts.changePassword(commandLine, 'alice@example.org', 'battery staple')
    expect((await signIn('alice', 'battery staple')).ok).toBe(true)
  })
})

describe('what is seen', () => {
  it('names who signed in or failed, and nobody who is unknown', async () => {
    const { accountId: principalId } = await directory.accounts.find(commandLine, 'alice@example.org')
    await signIn('alice', 'correct horse')
    await signIn('alice', 'wrong')
    await signIn('bob', 'wrong')
    const from = { principalId, protocol: 'pop3', remoteAddress: '192.0.2.1', credential: 'password', client: '' }
    expect(seen).toEqual([
      { ...from, outcome: 'ok' },
      { ...from, outcome: 'wrong-password' },
    ])
  })

  it('says that sign-in is disabled, or that there is no password', async () => {
    const { accountId: principalId } = await directory.accounts.find(commandLine, 'alice@example.org')
    await store.write('principal.update', { principalId, signInEnabled: false })
    await directory.accounts.add(commandLine, { address: 'new@example.org', password: null })
    await signIn('alice', 'correct horse')
    await signIn('new', 'correct horse')
    expect(seen.map(({ outcome }) => outcome)).toEqual(['disabled', 'no-password'])
  })

  it('names refusals once a minute', async () => {
    for (let i = 0; i < REFUSED_AFTER_FAILURES + 5; i++) await signIn('alice', `guess ${i}`)
    await expect.poll(() => seen.filter(({ outcome }) => outcome === 'throttled')).toHaveLength(1)
  })
})

it('says unavailable when the store does not answer', async () => {
  vi.spyOn(store, 'read').mockRejectedValueOnce(new Error('disk'))
  expect(await signIn('alice', 'correct horse')).toEqual({ ok: false, reason: 'unavailable' })
})

it('hashes anew at sign-in when the parameters were weaker', async () => {
  const account = await directory.accounts.find(commandLine, 'alice@example.org')
  const weak = await passwords.hashPassword('correct horse', { memory: 64, passes: 1, parallelism: 1 })
  await store.write('principal.setPassword', { principalId: account.accountId, passwordHash: weak, at: 1 })
  expect((await signIn('alice', 'correct horse')).ok).toBe(true)
  await expect
    .poll(async () => (await store.read('principal.byAddress', { address: 'alice@example.org' }))?.passwordHash)
    .toMatch(/^\$argon2id\$v=19\$m=19456/)
  expect((await signIn('alice', 'correct horse')).ok).toBe(true)
})
