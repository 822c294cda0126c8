import { beforeEach, describe, expect, it } from 'vitest'
import { SESSIONS_OF_PRINCIPAL } from '../../src/store/limits.ts'
import type { Store } from '../../src/store/store.ts'
import type { AppPasswordRow, PasskeyRow } from '../../src/store/types/sign-in.ts'
import type { GetStore } from './store.contract.ts'
import { newAccount } from './store-fixtures.ts'

export function signInContract(get: GetStore): void {
  const read: Store['read'] = (query, args) => get().store.read(query, args)
  const write: Store['write'] = (operation, args) => get().store.write(operation, args)
  const secondFactor = async (principalId: number) => (await read('principal.byId', { principalId }))?.hasSecondFactor
  let ann: number
  let bob: number

  beforeEach(async () => {
    ann = (await newAccount(get().store, 'ann@one.test')).accountId
    bob = (await newAccount(get().store, 'bob@one.test')).accountId
  })

  describe('codes', () => {
    it('count once the first was shown, and each step once', async () => {
      const secretEncrypted = new Uint8Array([1, 2, 3])
      await write('totp.begin', { principalId: ann, secretEncrypted: new Uint8Array([9]), at: 4 })
      await write('totp.begin', { principalId: ann, secretEncrypted, at: 5 })
      expect(await secondFactor(ann)).toBe(false)
      await write('totp.confirm', { principalId: ann, step: 100, at: 6 })
      expect(await secondFactor(ann)).toBe(true)
      const row = await read('totp.get', { principalId: ann })
      expect(row).toMatchObject({ confirmedAt: 6, lastStep: 100, createdAt: 5 })
      expect(Buffer.from(row!.secretEncrypted)).toEqual(Buffer.from(secretEncrypted))

      expect(await write('totp.spend', { principalId: ann, step: 100 })).toBe(false)
      expect(await write('totp.spend', { principalId: ann, step: 99 })).toBe(false)
      expect(await write('totp.spend', { principalId: ann, step: 101 })).toBe(true)
      expect(await write('totp.spend', { principalId: ann, step: 101 })).toBe(false)
      expect(await write('totp.spend', { principalId: bob, step: 101 })).toBe(false)
    })

    it('are not replaced while in use, and go when they are removed', async () => {
      const begin = { principalId: ann, secretEncrypted: new Uint8Array([1]), at: 4 }
      await write('totp.begin', begin)
      await write('totp.confirm', { principalId: ann, step: 1, at: 5 })
      await expect(write('totp.begin', begin)).rejects.toMatchObject({ code: 'already-exists' })
      await expect(write('totp.confirm', { principalId: ann, step: 2, at: 6 })).rejects.toMatchObject({
        code: 'not-found',
      })
      await write('totp.remove', { principalId: ann })
      expect(await secondFactor(ann)).toBe(false)
      await expect(write('totp.remove', { principalId: ann })).rejects.toMatchObject({ code: 'not-found' })
    })

    it('for recovery are good once, until there are new ones', async () => {
      await write('recoveryCode.replace', { principalId: ann, codeHashes: ['a', 'b'] })
      await write('recoveryCode.replace', { principalId: bob, codeHashes: ['a'] })
      expect(await write('recoveryCode.spend', { principalId: ann, codeHash: 'a', at: 7 })).toBe(true)
      expect(await write('recoveryCode.spend', { principalId: ann, codeHash: 'a', at: 8 })).toBe(false)
      expect(await write('recoveryCode.spend', { principalId: ann, codeHash: 'c', at: 8 })).toBe(false)
      expect(await read('recoveryCode.count', { principalId: ann })).toEqual({ left: 1, total: 2 })
      expect(await read('recoveryCode.count', { principalId: bob })).toEqual({ left: 1, total: 1 })
      await write('recoveryCode.replace', { principalId: ann, codeHashes: ['d'] })
      expect(await write('recoveryCode.spend', { principalId: ann, codeHash: 'b', at: 9 })).toBe(false)
    })
  })

  describe('passkeys', () => {
    const passkey = (more: Partial<PasskeyRow> = {}): PasskeyRow => ({
      credentialId: 'key-1',
      principalId: ann,
      rpId: 'mail.one.test',
      publicKey: new Uint8Array([165, 1, 2]),
      signCount: 3,
      transports: ['internal', 'hybrid'],
      label: 'Phone',
      createdAt: 5,
      lastUsedAt: null,
      ...more,
    })

    it('are kept with what they need, and found by their id', async () => {
      await write('passkey.add', passkey())
      await write('passkey.add', passkey({ credentialId: 'key-2', createdAt: 6 }))
      expect(await secondFactor(ann)).toBe(true)
      await expect(write('passkey.add', passkey({ principalId: bob }))).rejects.toMatchObject({
        code: 'already-exists',
      })
      await write('passkey.used', { credentialId: 'key-1', signCount: 4, at: 9 })
      await write('passkey.rename', { principalId: ann, credentialId: 'key-1', label: 'Old phone' })
      const { publicKey, ...rest } = (await read('passkey.byId', { credentialId: 'key-1' }))!
      const { publicKey: _, ...expected } = passkey({ signCount: 4, lastUsedAt: 9, label: 'Old phone' })
      expect(rest).toEqual(expected)
      expect([...publicKey]).toEqual([165, 1, 2])
      const ids = (await read('passkey.list', { principalId: ann })).map(({ credentialId }) => credentialId)
      expect(ids).toEqual(['key-1', 'key-2'])
    })

    it('are changed by whose they are alone', async () => {
      await write('passkey.add', passkey())
      const others = { principalId: bob, credentialId: 'key-1' }
      await expect(write('passkey.remove', others)).rejects.toMatchObject({ code: 'not-found' })
      await expect(write('passkey.rename', { ...others, label: 'x' })).rejects.toMatchObject({ code: 'not-found' })
      await write('passkey.remove', { principalId: ann, credentialId: 'key-1' })
      expect(await read('passkey.byId', { credentialId: 'key-1' })).toBeNull()
    })

    it('go with the codes at a reset', async () => {
      await write('passkey.add', passkey())
      await write('totp.begin', { principalId: ann, secretEncrypted: new Uint8Array([1]), at: 4 })
      await write('totp.confirm', { principalId: ann, step: 1, at: 5 })
      await write('recoveryCode.replace', { principalId: ann, codeHashes: ['a'] })
      await write('secondFactor.reset', { principalId: ann })
      expect(await secondFactor(ann)).toBe(false)
      expect(await read('recoveryCode.count', { principalId: ann })).toEqual({ left: 0, total: 0 })
    })
  })

  describe('app passwords', () => {
    const appPassword = (more: Partial<AppPasswordRow & { secretHash: string }> = {}) => ({
      appPasswordId: 'app-1',
      accountId: ann,
      principalId: ann,
      label: 'Phone',
      protocols: ['imap' as const, 'submission' as const],
      networks: ['192.0.2.0/24'],
      expiresAt: null,
      createdAt: 5,
      secretHash: 'hash-1',
      ...more,
    })

    it('are found by mailbox and secret, and remember their last use', async () => {
      await write('appPassword.add', appPassword())
      const used = { appPasswordId: 'app-1', at: 9, protocol: 'imap' as const, remoteAddress: '192.0.2.1' }
      await write('appPassword.used', { used: [used, { ...used, appPasswordId: 'gone' }] })
      const { secretHash, ...row } = appPassword()
      const expected = { ...row, lastUsedAt: 9, lastUsedProtocol: 'imap', lastUsedAddress: '192.0.2.1' }
      expect(await read('appPassword.bySecret', { accountId: ann, secretHash })).toEqual({ ...expected, maySend: true })
      expect(await read('appPassword.bySecret', { accountId: bob, secretHash })).toBeNull()
      expect(await read('appPassword.list', { principalId: ann })).toEqual([{ ...expected, address: 'ann@one.test' }])
    })

    it('are changed and removed by whose they are alone', async () => {
      await write('appPassword.add', appPassword())
      await write('appPassword.add', appPassword({ appPasswordId: 'app-2', secretHash: 'hash-2' }))
      const change = {
        appPasswordId: 'app-1',
        label: 'Tablet',
        networks: [],
        protocols: ['pop3' as const],
        expiresAt: 8,
      }
      await write('appPassword.update', { principalId: ann, ...change })
      expect(await read('appPassword.bySecret', { accountId: ann, secretHash: 'hash-1' })).toMatchObject(change)
      await expect(write('appPassword.update', { principalId: bob, ...change })).rejects.toMatchObject({
        code: 'not-found',
      })
      await expect(write('appPassword.remove', { principalId: bob, appPasswordId: 'app-1' })).rejects.toMatchObject({
        code: 'not-found',
      })
      await write('appPassword.remove', { principalId: ann, appPasswordId: 'app-1' })
      expect(await write('appPassword.removeAll', { principalId: ann })).toBe(1)
      expect(await read('appPassword.list', { principalId: ann })).toEqual([])
    })

    it('are for the own mailbox or one that is shared, and stop with either', async () => {
      await expect(write('appPassword.add', appPassword({ accountId: bob }))).rejects.toMatchObject({
        code: 'not-allowed',
      })
      await write('appPassword.add', appPassword())
      await write('principal.update', { principalId: ann, signInEnabled: false })
      expect(await read('appPassword.bySecret', { accountId: ann, secretHash: 'hash-1' })).toBeNull()
      await write('principal.update', { principalId: ann, signInEnabled: true })
      expect(await read('appPassword.bySecret', { accountId: ann, secretHash: 'hash-1' })).not.toBeNull()
      await write('account.remove', { accountId: ann, at: 9 })
      expect(await read('appPassword.list', { principalId: ann })).toEqual([])
    })
  })

  it('keeps somebody of the staff who can sign in, whatever comes at once', async () => {
    const rest = { name: '', passwordHash: null, language: null, domains: [], at: 1 }
    const staff = async (address: string): Promise<number> =>
      (await write('principal.add', { address, role: 'staff', ...rest })).principalId
    await write('principal.update', { principalId: ann, role: 'staff' })
    const [first, second] = [await staff('first@two.test'), await staff('second@two.test')]
    await write('account.toBin', { accountId: ann, at: 2 })
    const both = await Promise.allSettled([
      write('principal.update', { principalId: first, role: 'manager' }),
      write('principal.update', { principalId: second, signInEnabled: false }),
    ])
    const refused = both.filter(({ status }) => status === 'rejected')
    expect(refused).toEqual([{ status: 'rejected', reason: expect.objectContaining({ code: 'last-staff' }) }])
    const left = both[0].status === 'rejected' ? first : second
    await expect(write('principal.remove', { principalId: left })).rejects.toMatchObject({ code: 'last-staff' })
    await write('principal.update', { principalId: left, name: 'Left' })
    await write('account.fromBin', { accountId: ann })
    await write('principal.remove', { principalId: left })
    for (const taken of [
      write('account.toBin', { accountId: ann, at: 3 }),
      write('account.remove', { accountId: ann, at: 9 }),
      write('principal.update', { principalId: ann, signInEnabled: false }),
    ])
      await expect(taken).rejects.toMatchObject({ code: 'last-staff' })
  })

  it('ends the sessions of whoever may no longer sign in, for good', async () => {
    const session = { remembered: false, secondFactorAt: null, confirmedAt: 1, remoteAddress: '', userAgent: '' }
    const times = { createdAt: 1, lastSeenAt: 1, expiresAt: 100 }
    for (const [sessionId, principalId] of [
      ['s1', ann],
      ['s2', bob],
    ] as const)
      await write('session.add', { ...session, ...times, sessionId, principalId, tokenHash: sessionId })
    await write('principal.update', { principalId: ann, signInEnabled: false })
    await write('principal.update', { principalId: ann, signInEnabled: true })
    expect(await read('session.byToken', { tokenHash: 's1', at: 2 })).toBeNull()
    expect(await read('session.byToken', { tokenHash: 's2', at: 2 })).not.toBeNull()
  })

  it('ends the session used least lately where one opens that would be one too many', async () => {
    const session = { remembered: true, secondFactorAt: null, confirmedAt: 1, remoteAddress: '', userAgent: '' }
    const open = (sessionId: string, principalId: number, lastSeenAt: number): Promise<void> =>
      write('session.add', {
        ...{ ...session, sessionId, principalId, tokenHash: sessionId },
        ...{ createdAt: 1, lastSeenAt, expiresAt: 10_000 },
      })
    await open('of another', bob, 1)
    for (let at = 1; at <= SESSIONS_OF_PRINCIPAL; at++) await open(`s${at}`, ann, at)
    await write('session.touch', { sessionId: 's1', at: 1_000, expiresAt: 10_000 })
    // Of the clock of another node, perhaps.
    await open('new', ann, 1)
    const ids = (await read('session.list', { principalId: ann, at: 2_000 })).map(({ sessionId }) => sessionId)
    expect(ids).toHaveLength(SESSIONS_OF_PRINCIPAL)
    expect(ids).toEqual(expect.arrayContaining(['new', 's1', 's3']))
    expect(ids).not.toContain('s2')
    expect(await read('session.list', { principalId: bob, at: 2_000 })).toHaveLength(1)
  })
}
