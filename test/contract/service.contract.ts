import { expect, it } from 'vitest'
import type { GetStore } from './store.contract.ts'
import { newAccount } from './store-fixtures.ts'

export function serviceContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)
  const manager = async (address: string, domains: string[]): Promise<number> => {
    const rest = { role: 'manager' as const, name: '', passwordHash: null, language: null, at: 1 }
    return (await write('principal.add', { address, domains, ...rest })).principalId
  }
  const logo = { type: 'image/png' as const, bytes: Buffer.from([1, 2, 3]), hash: 'abc' }

  it('counts every row in what is verified, whatever its table', async () => {
    const verified = async (): Promise<number> => {
      let last = [0, 0]
      for await (const damage of get().store.verify((...now) => (last = now))) expect(damage).toBeNull()
      expect(last[0]).toBe(last[1])
      return last[0] ?? 0
    }
    const before = await verified()
    await newAccount(get().store)
    for (let n = 0; n < 1001; n++) await write('setting.set', { name: `service.${n}`, value: 'x' })
    expect(await verified()).toBeGreaterThan(before + 1003)
  })

  it('tells the oldest secret of each kind', async () => {
    expect(await read('secret.oldest', {})).toEqual({ totp: null, webhook: null })
    const rest = { domain: null, url: 'https://hooks.example/', description: '', events: [], isEnabled: true }
    const never = { disabledReason: null, failingSince: null, lastSuccessAt: null, createdBy: 'staff@one.test' }
    for (const [webhookId, createdAt] of [['a', 2] as const, ['b', 1] as const]) {
      const secretEncrypted = Buffer.from(webhookId)
      await write('webhook.add', { webhookId, secretEncrypted, ...rest, ...never, createdAt, updatedAt: createdAt })
    }
    const principalId = await manager('boss@two.test', [])
    await write('totp.begin', { principalId, secretEncrypted: Buffer.from('seed'), at: 3 })
    expect(await read('secret.oldest', {})).toEqual({
      totp: { principalId, secretEncrypted: new Uint8Array(Buffer.from('seed')) },
      webhook: { webhookId: 'b', secretEncrypted: new Uint8Array(Buffer.from('b')) },
    })
  })

  it('lists settings by the beginning of their names, and removes them', async () => {
    for (const name of ['service.b', 'service.a', 'servicf', 'service', 'serviceable'])
      await write('setting.set', { name, value: name })
    const listed = async () => (await read('setting.list', { prefix: 'service.' })).map(({ name }) => name)
    expect(await listed()).toEqual(['service.a', 'service.b'])
    await write('setting.remove', { name: 'service.a' })
    await write('setting.remove', { name: 'service.a' })
    expect(await listed()).toEqual(['service.b'])
  })

  it('keeps what was done under a name from who has it now: of a domain and of a mailbox', async () => {
    const entry = { actor: 'x', actorId: null, actorRole: 'staff', via: 'panel', remoteAddress: '' } as const
    const change = { action: 'mailbox.update', target: 'ann@one.test', domain: 'one.test', before: null, after: null }
    await write('domain.add', { name: 'one.test', at: 20 })
    const account = { address: 'ann@one.test', passwordHash: null, quotaBytes: null, mailboxes: [], at: 30 }
    const { accountId: principalId } = await write('account.add', account)
    for (const at of [19, 20, 29, 30]) await write('audit.add', { ...entry, ...change, at })
    const times = async (who: object) => {
      const everything = { domains: null, target: null, actorId: null, before: null, limit: 9 }
      return (await read('audit.list', { ...everything, ...who })).map(({ at }) => at)
    }
    expect(await times({})).toEqual([30, 29, 20, 19])
    expect(await times({ domains: ['one.test', 'two.test'] })).toEqual([30, 29, 20])
    expect(await times({ own: { principalId, address: 'ann@one.test' } })).toEqual([30])
  })

  it('forgets what was done long ago, a few entries at a time', async () => {
    const entry = { actor: 'x', actorId: null, actorRole: 'staff', via: 'panel', remoteAddress: '' } as const
    const change = { action: 'mailbox.update', target: 'ann@one.test', domain: null, before: null, after: null }
    for (const at of [10, 11, 12, 90, 13, 20]) await write('audit.add', { ...entry, ...change, at })
    const times = async () => {
      const everything = { domains: null, target: null, actorId: null, before: null, limit: 9 }
      return (await read('audit.list', everything)).map(({ at }) => at)
    }
    expect(await write('audit.sweep', { before: 20, limit: 2 })).toBe(true)
    expect(await times()).toEqual([20, 13, 90, 12])
    expect(await write('audit.sweep', { before: 20, limit: 3 })).toBe(false)
    expect(await times()).toEqual([20, 90])
    // Written by a clock that was ahead.
    expect(await write('audit.sweep', { before: 21, limit: 9 })).toBe(false)
    expect(await times()).toEqual([90])
  })

  it('keeps a brand, changes what is given, and finds it by host and domain', async () => {
    await newAccount(get().store, 'ann@one.test')
    const principalId = await manager('boss@two.test', ['one.test'])
    expect(await read('brand.byDomain', { domain: 'one.test' })).toBeNull()
    await write('brand.set', { principalId, name: 'One', hosts: ['panel.one.test', 'a.one.test'], logo, at: 5 })
    await write('brand.set', { principalId, primaryColour: '#123456', at: 6 })
    const brand = {
      principalId,
      name: 'One',
      primaryColour: '#123456',
      supportAddress: null,
      logo: { type: logo.type, hash: logo.hash },
      hosts: ['a.one.test', 'panel.one.test'],
      updatedAt: 6,
    }
    expect(await read('brand.byPrincipal', { principalId })).toEqual(brand)
    expect(await read('brand.byHost', { host: 'a.one.test' })).toEqual(brand)
    expect(await read('brand.byDomain', { domain: 'one.test' })).toEqual(brand)
    expect(await read('brand.byHost', { host: 'one.test' })).toBeNull()
    expect(await read('brand.byDomain', { domain: 'two.test' })).toBeNull()
    const kept = await read('brand.logo', { hash: 'abc' })
    expect({ ...kept, bytes: [...(kept?.bytes ?? [])] }).toEqual({ ...logo, bytes: [1, 2, 3] })
    await write('brand.set', { principalId, logo: null, name: null, hosts: [], at: 7 })
    expect(await read('brand.byPrincipal', { principalId })).toMatchObject({ name: null, logo: null, hosts: [] })
    expect(await read('brand.logo', { hash: 'abc' })).toBeNull()
  })

  it('gives a host to one brand alone, and changes nothing where it is taken', async () => {
    await write('brand.set', { principalId: 0, hosts: ['panel.one.test'], at: 1 })
    const principalId = await manager('boss@two.test', [])
    const taken = { principalId, name: 'Two', hosts: ['free.one.test', 'panel.one.test'], at: 2 }
    await expect(write('brand.set', taken)).rejects.toMatchObject({ code: 'already-exists' })
    expect(await read('brand.byPrincipal', { principalId })).toBeNull()
    expect(await read('brand.byHost', { host: 'free.one.test' })).toBeNull()
    await write('brand.set', { principalId: 0, hosts: ['panel.one.test'], at: 3 })
  })

  it('leaves no host in a domain that the manager has no longer, and all others', async () => {
    for (const name of ['left.test', 'kept.left.test', 'gone.test']) await write('domain.add', { name, at: 1 })
    const domains = ['left.test', 'kept.left.test', 'gone.test']
    const facts = { role: 'manager', name: '', passwordHash: null, language: null, at: 1 } as const
    const { principalId } = await write('principal.add', { address: 'leaves@test', ...facts, domains })
    const others = ['mail.elsewhere.test', 'notleft.test', 'panel.kept.left.test']
    const hosts = ['gone.test', 'left.test', 'mail.left.test', 'panel.gone.test', ...others]
    await write('brand.set', { principalId, name: 'Leaves', hosts, at: 5 })
    const ofBrand = async () => (await read('brand.byPrincipal', { principalId }))?.hosts
    await write('principal.setDomains', { principalId, domains: ['kept.left.test', 'gone.test'] })
    expect(await ofBrand()).toEqual([
      'gone.test',
      'mail.elsewhere.test',
      'notleft.test',
      'panel.gone.test',
      'panel.kept.left.test',
    ])
    await write('domain.remove', { name: 'gone.test' })
    expect(await ofBrand()).toEqual(others)
  })

  it('forgets a brand with its manager', async () => {
    const principalId = await manager('boss@two.test', [])
    await write('brand.set', { principalId, hosts: ['panel.one.test'], logo, at: 1 })
    await write('principal.remove', { principalId })
    expect(await read('brand.byHost', { host: 'panel.one.test' })).toBeNull()
    expect(await read('brand.logo', { hash: logo.hash })).toBeNull()
  })
}
