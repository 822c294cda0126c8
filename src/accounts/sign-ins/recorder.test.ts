import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../../ops/log.ts'
import { openSqliteStore } from '../../store/sqlite/open.ts'
import { type Store, StoreError } from '../../store/store.ts'
import { commandLine } from '../actor.ts'
import { createDirectory } from '../directory/directory.ts'
import { ServiceSettings } from '../service-settings/service-settings.ts'
import { SignInHistory, signInCursor } from './history.ts'
import { FAILURES_A_DAY, WAITING_SIGN_INS, WRITTEN_EVERY_MS } from './limits.ts'
import { type SeenSignIn, SignInRecorder } from './recorder.ts'

const start = Date.UTC(2027, 0, 15, 23, 59, 50)
let now: number
let store: Store
let recorder: SignInRecorder
let history: SignInHistory
let principalId: number
let timers: { ms: number; run(): void }[]

beforeEach(async () => {
  now = start
  const clock = { now: () => now }
  store = await openSqliteStore({ path: ':memory:', clock })
  const { domains, accounts } = createDirectory({ store, settings: new ServiceSettings(store, clock), clock })
  await domains.add(commandLine, 'example.org')
  const alice = await accounts.add(commandLine, { address: 'alice@example.org', password: 'correct horse' })
  principalId = alice.accountId
  timers = []
  recorder = new SignInRecorder({ store, clock, log: silentLog, after: (ms, run) => void timers.push({ ms, run }) })
  history = new SignInHistory(store)
})
afterEach(() => store.close())

const seen = (more: Partial<SeenSignIn> = {}): SeenSignIn => ({
  principalId,
  protocol: 'imap',
  remoteAddress: '192.0.2.1',
  outcome: 'ok',
  credential: 'password',
  ...more,
})
const page = { after: null, limit: 10_000 }

describe('recording', () => {
  it('writes nothing before its time, and what is alike in one row a day', async () => {
    const write = vi.spyOn(store, 'write')
    recorder.record(seen())
    now += 1_000
    recorder.record(seen())
    recorder.record(seen({ outcome: 'wrong-password' }))
    expect(write).not.toHaveBeenCalled()
    expect(timers.map(({ ms }) => ms)).toEqual([WRITTEN_EVERY_MS])
    timers[0]?.run()
    await recorder.flush()
    expect(write).toHaveBeenCalledTimes(1)
    expect(await history.list(principalId, page)).toMatchObject([
      { outcome: 'wrong-password', firstAt: start + 1_000, lastAt: start + 1_000, count: 1 },
      { outcome: 'ok', firstAt: start, lastAt: start + 1_000, count: 2, remoteAddress: '192.0.2.1', client: '' },
    ])

    now += 5_000
    recorder.record(seen())
    now += 5_000
    recorder.record(seen())
    expect(timers).toHaveLength(2)
    await recorder.stop()
    expect(await history.list(principalId, page)).toMatchObject([
      { outcome: 'ok', firstAt: start + 11_000, count: 1 },
      { outcome: 'ok', firstAt: start, lastAt: start + 6_000, count: 3 },
      { outcome: 'wrong-password' },
    ])
  })

  it('keeps what could not be written for the next time', async () => {
    recorder.record(seen())
    vi.spyOn(store, 'write').mockRejectedValueOnce(new StoreError('unavailable', 'disk full'))
    await recorder.flush()
    expect(await history.list(principalId, page)).toEqual([])
    recorder.record(seen())
    await recorder.flush()
    expect(await history.list(principalId, page)).toMatchObject([{ count: 2 }])
  })

  it('forgets what is new once too much waits', async () => {
    for (let i = 0; i < WAITING_SIGN_INS + 5; i++) recorder.record(seen({ client: `program ${i}` }))
    recorder.record(seen({ client: 'program 7' }))
    await recorder.flush()
    const rows = await history.list(principalId, { after: null, limit: 20_000 })
    expect(rows).toHaveLength(WAITING_SIGN_INS)
    expect(rows.find(({ client }) => client === 'program 7')?.count).toBe(2)
  })

  it('puts the failures of a day from very many addresses into one row, and never a success', async () => {
    for (let i = 0; i < FAILURES_A_DAY + 50; i++)
      recorder.record(seen({ outcome: 'wrong-password', remoteAddress: `10.0.${i >> 8}.${i & 255}` }))
    recorder.record(seen({ remoteAddress: '198.51.100.7' }))
    await recorder.flush()
    const rows = await history.list(principalId, page)
    expect(rows).toHaveLength(FAILURES_A_DAY + 2)
    expect(rows.find(({ remoteAddress }) => remoteAddress === '')?.count).toBe(50)
    expect(rows.some(({ remoteAddress }) => remoteAddress === '198.51.100.7')).toBe(true)
  })

  it('keeps the name of a program on one line', async () => {
    recorder.record(seen({ client: ' Mail\r\n1.0\u0007' }))
    await recorder.flush()
    expect((await history.list(principalId, page))[0]?.client).toBe('Mail 1.0')
  })

  it('leaves out who was removed meanwhile', async () => {
    recorder.record(seen({ principalId: principalId + 1 }))
    recorder.record(seen())
    await recorder.flush()
    expect(await history.list(principalId, page)).toHaveLength(1)
    expect(await history.list(principalId + 1, page)).toEqual([])
  })
})

describe('the history', () => {
  it('tells the latest of each protocol, and the latest that was let in', async () => {
    recorder.record(seen())
    now += 1_000
    recorder.record(seen({ outcome: 'app-password-needed' }))
    recorder.record(seen({ protocol: 'submission', credential: 'app-password', label: 'Phone' }))
    await recorder.flush()
    const latest = Object.fromEntries((await history.latest(principalId)).map(row => [row.protocol, row]))
    expect(latest.imap).toMatchObject({ any: { outcome: 'app-password-needed' }, ok: { lastAt: start } })
    expect(latest.submission).toMatchObject({ any: { label: 'Phone' }, ok: { label: 'Phone' } })
    expect(latest.pop3).toEqual({ protocol: 'pop3', any: null, ok: null })
  })

  it('is read page by page, also where times are equal', async () => {
    for (let i = 0; i < 7; i++) recorder.record(seen({ client: `program ${i}` }))
    await recorder.flush()
    const found: string[] = []
    for (let after: string | null = null; ; ) {
      const rows = await history.list(principalId, { after, limit: 3 })
      found.push(...rows.map(({ client }) => client))
      const last = rows.at(-1)
      if (!last || rows.length < 3) break
      after = signInCursor(last)
    }
    expect(found.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6].map(i => `program ${i}`))
  })

  it('is swept by its age, a little at a time', async () => {
    for (let i = 0; i < 3; i++) {
      recorder.record(seen({ client: `program ${i}` }))
      now += 24 * 60 * 60_000
    }
    await recorder.flush()
    const before = start + 2 * 24 * 60 * 60_000
    expect(await store.write('signIn.sweep', { before, limit: 1 })).toBe(true)
    expect(await store.write('signIn.sweep', { before, limit: 5 })).toBe(false)
    expect((await history.list(principalId, page)).map(({ client }) => client)).toEqual(['program 2'])
  })
})
