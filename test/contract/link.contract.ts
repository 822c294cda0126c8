/** Single-use links and tokens: what waits, what ends, and that each gives its secret out once. */
import { beforeEach, expect, it } from 'vitest'
import { type Store, writeAll } from '../../src/store/store.ts'
import type { GetStore } from './store.contract.ts'

const at = 1_000_000
const day = 86_400_000
const secret = Buffer.from('sealed')

export function linkContract(get: GetStore): void {
  let store: Store
  let alice: number
  beforeEach(async () => {
    store = get().store
    await store.write('domain.add', { name: 'one.test', at })
    alice = await addMailbox('alice@one.test')
  })

  async function addMailbox(address: string): Promise<number> {
    const account = { address, passwordHash: 'hash', quotaBytes: null, mailboxes: [], at }
    return (await store.write('account.add', account)).accountId
  }

  function link(linkId: string, more: { address?: string; at?: number; expiresAt?: number; codeHash?: string } = {}) {
    return {
      linkId,
      tokenHash: `hash of ${linkId}`,
      address: 'alice@one.test',
      domain: 'one.test',
      secretEncrypted: secret,
      codeHash: null,
      createdBy: 'staff@one.test',
      at,
      expiresAt: at + 7 * day,
      ...more,
    }
  }
  const reveal = (linkId: string, when = at + 1) =>
    store.write('credentialLink.reveal', { linkId, at: when, remoteAddress: '192.0.2.1' })
  const byId = (linkId: string) => store.read('credentialLink.byId', { linkId })
  const purposes = ['password-reset', 'recovery-address', 'choose-password', 'device-profile'] as const
  async function addTokens(): Promise<void> {
    const token = { principalId: alice, data: {}, createdAt: at, expiresAt: at + day, only: false }
    for (const purpose of purposes)
      await store.write('oneTimeToken.add', { ...token, tokenHash: `for ${purpose}`, purpose })
  }
  async function waiting(): Promise<string[]> {
    const found = purposes.map(purpose =>
      store.read('oneTimeToken.find', { tokenHash: `for ${purpose}`, purpose, at: at + 1 }),
    )
    return (await Promise.all(found)).flatMap(token => token?.purpose ?? [])
  }
  const lists = { domains: null, principalId: null, state: null, search: '', before: null, limit: 10, at }

  it('a link is found by its token, and counts who opens it', async () => {
    await store.write('credentialLink.add', link('a'))
    expect(await store.read('credentialLink.byToken', { tokenHash: 'a' })).toBeNull()
    await store.write('credentialLink.opened', { linkId: 'a', at: at + 1, remoteAddress: '192.0.2.1' })
    await store.write('credentialLink.opened', { linkId: 'a', at: at + 2, remoteAddress: '192.0.2.2' })
    await store.write('credentialLink.sent', { linkId: 'a', sentTo: 'a@elsewhere.test', at: at + 3 })
    expect(await store.read('credentialLink.byToken', { tokenHash: 'hash of a' })).toEqual({
      linkId: 'a',
      principalId: alice,
      address: 'alice@one.test',
      domain: 'one.test',
      codeHash: null,
      codeAttempts: 0,
      sentTo: 'a@elsewhere.test',
      sentAt: at + 3,
      createdBy: 'staff@one.test',
      createdAt: at,
      expiresAt: at + 7 * day,
      openedAt: at + 2,
      openedAddress: '192.0.2.2',
      openedCount: 2,
      revealedAt: null,
      revealedAddress: null,
      revokedAt: null,
    })
  })

  it('gives its secret out once, whoever asks at the same time', async () => {
    await store.write('credentialLink.add', link('a'))
    const outcomes = await Promise.allSettled([reveal('a'), reveal('a'), reveal('a')])
    const given = outcomes.filter(outcome => outcome.status === 'fulfilled')
    expect(given.map(({ value }) => Buffer.from(value.secretEncrypted))).toEqual([secret])
    expect(await byId('a')).toMatchObject({ revealedAt: at + 1, revealedAddress: '192.0.2.1' })
  })

  it('gives nothing out once it is revoked, has expired, or another was made', async () => {
    await store.write('credentialLink.add', link('a'))
    await store.write('credentialLink.add', link('b', { at: at + 1 }))
    await expect(reveal('a')).rejects.toMatchObject({ code: 'not-found' })
    expect(await byId('a')).toMatchObject({ revokedAt: at + 1 })
    await store.write('credentialLink.revoke', { linkId: 'b', at: at + 2 })
    await expect(reveal('b')).rejects.toMatchObject({ code: 'not-found' })
    await expect(store.write('credentialLink.revoke', { linkId: 'b', at: at + 3 })).rejects.toMatchObject({
      code: 'not-found',
    })
    await store.write('credentialLink.add', link('c', { expiresAt: at + 5 }))
    await expect(reveal('c', at + 5)).rejects.toMatchObject({ code: 'not-found' })
    await store.write('credentialLink.opened', { linkId: 'c', at: at + 5, remoteAddress: '' })
    expect(await byId('c')).toMatchObject({ openedCount: 0 })
  })

  it('is for somebody who signs in', async () => {
    const nobody = link('a', { address: 'nobody@one.test' })
    await expect(store.write('credentialLink.add', nobody)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('counts tries of the code up to a limit, at once or one by one', async () => {
    await store.write('credentialLink.add', link('a', { codeHash: 'code' }))
    const tries = Array.from({ length: 9 }, () => store.write('credentialLink.attempt', { linkId: 'a', max: 5 }))
    const counted = (await Promise.allSettled(tries)).map(one =>
      one.status === 'fulfilled' ? one.value.attempts : null,
    )
    expect(counted.filter(count => count !== null).sort()).toEqual([1, 2, 3, 4, 5])
  })

  it('ends with the password it would reveal, but not where the same is hashed anew', async () => {
    await store.write('credentialLink.add', link('a'))
    await addTokens()
    const set = (when: number) =>
      store.write('principal.setPassword', { principalId: alice, passwordHash: 'other', at: when })
    await set(at)
    expect(await byId('a')).toMatchObject({ revokedAt: null })
    expect(await waiting()).toEqual(purposes)
    await set(at + 1)
    expect(await byId('a')).toMatchObject({ revokedAt: at + 1 })
    expect(await waiting()).toEqual([])
  })

  it('ends without another password too, with tokens of every purpose, and nobody else’s', async () => {
    const bob = await addMailbox('bob@one.test')
    await store.write('credentialLink.add', link('a'))
    await addTokens()
    await store.write('principal.forgetLinks', { principalId: bob, at: at + 1 })
    expect(await byId('a')).toMatchObject({ revokedAt: null })
    expect(await waiting()).toEqual(purposes)
    await store.write('principal.forgetLinks', { principalId: alice, at: at + 1 })
    expect(await byId('a')).toMatchObject({ revokedAt: at + 1 })
    expect(await waiting()).toEqual([])
  })

  it('can be made together with its mailbox', async () => {
    await writeAll(store, [
      {
        operation: 'account.add',
        args: { address: 'bob@one.test', passwordHash: 'hash', quotaBytes: null, mailboxes: [], at },
      },
      { operation: 'credentialLink.add', args: link('b', { address: 'bob@one.test' }) },
    ])
    expect(await byId('b')).toMatchObject({ address: 'bob@one.test', revokedAt: null })
  })

  it('is listed latest first, by domain, principal, state and address', async () => {
    const bob = await addMailbox('bob@one.test')
    await store.write('domain.add', { name: 'two.test', at })
    await addMailbox('carol@two.test')
    await store.write('credentialLink.add', link('a', { expiresAt: at + 10 }))
    await store.write('credentialLink.add', link('b', { address: 'bob@one.test', at: at + 1 }))
    await store.write('credentialLink.add', {
      ...link('c', { address: 'carol@two.test', at: at + 2 }),
      domain: 'two.test',
    })
    await reveal('b', at + 3)
    const ids = async (more: object) =>
      (await store.read('credentialLink.list', { ...lists, at: at + 20, ...more })).map(({ linkId }) => linkId)
    expect(await ids({})).toEqual(['c', 'b', 'a'])
    expect(await ids({ limit: 1, before: { createdAt: at + 2, linkId: 'c' } })).toEqual(['b'])
    expect(await ids({ domains: ['one.test'] })).toEqual(['b', 'a'])
    expect(await ids({ domains: [] })).toEqual([])
    expect(await ids({ principalId: bob })).toEqual(['b'])
    expect(await ids({ principalId: bob, domains: ['two.test'] })).toEqual([])
    expect(await ids({ state: 'waiting' })).toEqual(['c'])
    expect(await ids({ state: 'expired' })).toEqual(['a'])
    expect(await ids({ state: 'revealed', domains: ['one.test'] })).toEqual(['b'])
    expect(await ids({ search: 'bob@' })).toEqual(['b'])
    expect(await ids({ search: '%' })).toEqual([])
    await store.write('principal.update', { principalId: bob, role: 'staff' })
    expect(await ids({ domains: ['one.test'] })).toEqual(['a'])
  })

  it('is forgotten in time, its secret when it expires', async () => {
    await store.write('credentialLink.add', link('a', { expiresAt: at + 5 }))
    expect(await store.write('credentialLink.sweep', { at: at + 5, before: at, limit: 10 })).toBe(false)
    expect(await byId('a')).toMatchObject({ linkId: 'a' })
    expect(await store.write('credentialLink.sweep', { at: at + 5, before: at + 1, limit: 1 })).toBe(true)
    expect(await byId('a')).toBeNull()
  })

  it('a token is spent once, for its purpose, in its time', async () => {
    const token = { principalId: alice, data: { address: 'x' }, createdAt: at, expiresAt: at + day, only: true }
    const take = (tokenHash: string, when = at + 1) =>
      store.write('oneTimeToken.take', { tokenHash, purpose: 'password-reset', at: when })
    await store.write('oneTimeToken.add', { ...token, tokenHash: 'a', purpose: 'password-reset' })
    await expect(
      store.write('oneTimeToken.take', { tokenHash: 'a', purpose: 'first-staff', at }),
    ).rejects.toMatchObject({ code: 'not-found' })
    await expect(take('a', at + day)).rejects.toMatchObject({ code: 'not-found' })
    const outcomes = await Promise.allSettled([take('a'), take('a')])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes).toContainEqual(
      expect.objectContaining({ value: expect.objectContaining({ principalId: alice, data: { address: 'x' } }) }),
    )
    const latest = { principalId: alice, purpose: 'password-reset' as const, at }
    expect(await store.read('oneTimeToken.latest', latest)).toBeNull()
    await store.write('oneTimeToken.add', { ...token, tokenHash: 'b', purpose: 'password-reset' })
    await store.write('oneTimeToken.add', { ...token, tokenHash: 'c', purpose: 'password-reset', createdAt: at + 1 })
    expect(await store.read('oneTimeToken.latest', latest)).toMatchObject({ tokenHash: 'c' })
    await expect(take('b')).rejects.toMatchObject({ code: 'not-found' })
    await store.write('oneTimeToken.removeAll', { principalId: alice, purpose: 'password-reset' })
    await expect(take('c')).rejects.toMatchObject({ code: 'not-found' })
    await store.write('oneTimeToken.add', { ...token, tokenHash: 'd', purpose: 'password-reset' })
    expect(await store.write('oneTimeToken.sweep', { at: at + day, limit: 10 })).toBe(false)
    expect(await store.read('oneTimeToken.find', { tokenHash: 'd', purpose: 'password-reset', at })).toBeNull()
  })

  it('goes with its principal', async () => {
    await store.write('credentialLink.add', link('a'))
    await store.write('account.remove', { accountId: alice, at: 9 })
    expect(await byId('a')).toBeNull()
  })
}
