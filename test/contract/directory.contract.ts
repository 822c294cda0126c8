import { expect, it } from 'vitest'
import type { GetStore } from './store.contract.ts'
import { all, append, delivery, mailboxAt, newAccount, newEmail, noFlags } from './store-fixtures.ts'

const bareDomain = {
  catchAll: null,
  soldBytes: 0,
  defaultPlanId: null,
  defaultQuotaBytes: null,
  quotaBytes: null,
  maxMailboxes: null,
  mailboxHourlyLimit: null,
  domainHourlyLimit: null,
}

export function directoryContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)

  it('lists domains by name, with their accounts counted', async () => {
    await write('domain.add', { name: 'two.test', at: 7 })
    await newAccount(get().store, 'ann@one.test')
    await newAccount(get().store, 'bob@one.test')
    expect(await read('domain.list', {})).toEqual([
      { ...bareDomain, name: 'one.test', createdAt: 1, accounts: 2 },
      { ...bareDomain, name: 'two.test', createdAt: 7, accounts: 0 },
    ])
  })

  it('refuses a domain twice, and one it does not know', async () => {
    await write('domain.add', { name: 'one.test', at: 1 })
    await expect(write('domain.add', { name: 'one.test', at: 2 })).rejects.toMatchObject({ code: 'already-exists' })
    await expect(write('domain.remove', { name: 'no.test' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(write('domain.update', { name: 'no.test', catchAll: null })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('gives a mailbox to somebody who signs in already, once, with role and password kept', async () => {
    await write('domain.add', { name: 'one.test', at: 1 })
    const address = 'sam@one.test'
    const rest = { role: 'staff' as const, name: 'Sam', passwordHash: 'kept', language: null, domains: [], at: 2 }
    const { principalId } = await write('principal.add', { address, ...rest })
    const account = { address, passwordHash: null, quotaBytes: null, mailboxes: [], at: 3 }
    await expect(write('account.add', account)).rejects.toMatchObject({ code: 'already-exists' })
    await expect(write('account.add', { ...account, address: 'other@one.test', principalId })).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(await write('account.add', { ...account, principalId })).toEqual({ accountId: principalId })
    await expect(write('account.add', { ...account, principalId })).rejects.toMatchObject({ code: 'already-exists' })
    expect(await read('principal.byAddress', { address })).toMatchObject({
      principalId,
      role: 'staff',
      name: 'Sam',
      passwordHash: 'kept',
      hasMailbox: true,
    })
    expect((await read('mailbox.byName', { accountId: principalId, name: 'INBOX' }))?.name).toBe('INBOX')
    expect(await read('domain.byName', { name: 'one.test' })).toMatchObject({ accounts: 1 })
  })

  it('removes a domain with its aliases, once it has no accounts', async () => {
    const { accountId } = await newAccount(get().store, 'ann@one.test')
    await write('alias.set', { address: 'info@one.test', targets: ['ann@one.test'], at: 1 })
    await expect(write('domain.remove', { name: 'one.test' })).rejects.toMatchObject({ code: 'not-empty' })
    await write('account.remove', { accountId, at: 9 })
    await write('domain.remove', { name: 'one.test' })
    expect(await read('domain.list', {})).toEqual([])
    expect(await read('alias.list', { domain: null, after: null, limit: 10 })).toEqual([])
  })

  it('makes an account with INBOX and the mailboxes asked for, subscribed to', async () => {
    await write('domain.add', { name: 'one.test', at: 1 })
    const { accountId } = await write('account.add', {
      address: 'ann@one.test',
      passwordHash: '$argon2id$x',
      quotaBytes: 5000,
      mailboxes: [{ name: 'Sent', specialUse: 'sent' }],
      at: 3_000,
    })
    const account = {
      accountId,
      address: 'ann@one.test',
      domain: 'one.test',
      quotaBytes: 5000,
      usedBytes: 0,
      messages: 0,
      createdAt: 3000,
    }
    expect(await read('account.byId', { accountId })).toMatchObject(account)
    expect(await read('account.byAddress', { address: 'ann@one.test' })).toMatchObject(account)
    const mailboxes = await read('mailbox.list', { accountId })
    expect(mailboxes).toMatchObject([
      { name: 'INBOX', specialUse: null, subscribed: true, uidNext: 1, messages: 0 },
      { name: 'Sent', specialUse: 'sent', subscribed: true, uidNext: 1, messages: 0 },
    ])
    expect(mailboxes.every(({ highestModseq }) => highestModseq >= 1)).toBe(true)
    expect(await read('mailbox.subscriptions', { accountId })).toEqual(['INBOX', 'Sent'])
  })

  it('keeps an address for one account or alias alone', async () => {
    await newAccount(get().store, 'ann@one.test')
    await write('alias.set', { address: 'info@one.test', targets: ['ann@one.test'], at: 1 })
    const account = { passwordHash: null, quotaBytes: null, mailboxes: [], at: 1 }
    await expect(write('account.add', { ...account, address: 'ann@one.test' })).rejects.toMatchObject({
      code: 'already-exists',
    })
    await expect(write('account.add', { ...account, address: 'info@one.test' })).rejects.toMatchObject({
      code: 'already-exists',
    })
    await expect(write('account.add', { ...account, address: 'ann@no.test' })).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(write('alias.set', { address: 'ann@one.test', targets: [], at: 1 })).rejects.toMatchObject({
      code: 'already-exists',
    })
    await expect(write('alias.set', { address: 'x@no.test', targets: [], at: 1 })).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(await read('domain.list', {})).toMatchObject([{ accounts: 1 }])
  })

  it('pages accounts and aliases by address, of one domain or of all', async () => {
    for (const address of ['c@one.test', 'a@one.test', 'b@two.test', 'b@one.test'])
      await newAccount(get().store, address)
    for (const address of ['z@one.test', 'y@two.test', 'x@one.test'])
      await write('alias.set', { address, targets: ['a@one.test'], at: 4 })
    const accounts = async (domain: string | null, after: string | null, limit: number): Promise<string[]> =>
      (await read('account.list', { domain, after, limit })).map(({ address }) => address)
    expect(await accounts(null, null, 3)).toEqual(['a@one.test', 'b@one.test', 'b@two.test'])
    expect(await accounts(null, 'b@two.test', 3)).toEqual(['c@one.test'])
    expect(await accounts('one.test', 'a@one.test', 9)).toEqual(['b@one.test', 'c@one.test'])
    const aliases = async (domain: string | null, after: string | null): Promise<string[]> =>
      (await read('alias.list', { domain, after, limit: 9 })).map(({ address }) => address)
    expect(await aliases(null, 'x@one.test')).toEqual(['y@two.test', 'z@one.test'])
    expect(await aliases('one.test', null)).toEqual(['x@one.test', 'z@one.test'])
  })

  it('replaces the targets of an alias and removes it', async () => {
    await write('domain.add', { name: 'one.test', at: 1 })
    await write('alias.set', { address: 'i@one.test', targets: ['a@one.test'], at: 5 })
    await write('alias.set', { address: 'i@one.test', targets: ['b@x.test', 'c@y.test'], at: 6 })
    expect(await read('alias.list', { domain: null, after: null, limit: 9 })).toEqual([
      { address: 'i@one.test', kind: 'alias', name: '', targets: ['b@x.test', 'c@y.test'], createdAt: 5 },
    ])
    await write('alias.remove', { address: 'i@one.test' })
    await expect(write('alias.remove', { address: 'i@one.test' })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('looks an address up in one read', async () => {
    const { accountId } = await newAccount(get().store, 'ann@one.test')
    await write('alias.set', { address: 'i@one.test', targets: ['ann@one.test'], at: 5 })
    await write('domain.update', { name: 'one.test', catchAll: 'ann@one.test' })
    const lookUp = (local: string, domain = 'one.test'): Promise<unknown> =>
      read('address.lookup', { address: `${local}@${domain}`, domain })
    const domain = { ...bareDomain, name: 'one.test', catchAll: 'ann@one.test', createdAt: 1, accounts: 1 }
    const alias = { address: 'i@one.test', kind: 'alias', name: '', targets: ['ann@one.test'], createdAt: 5 }
    expect(await lookUp('ann')).toMatchObject({ domain, address: 'ann@one.test', account: { accountId }, alias: null })
    expect(await lookUp('i')).toEqual({ domain, address: 'i@one.test', account: null, alias })
    expect(await lookUp('nobody')).toEqual({ domain, address: 'nobody@one.test', account: null, alias: null })
    const elsewhere = { domain: null, address: 'ann@no.test', account: null, alias: null }
    expect(await lookUp('ann', 'no.test')).toEqual(elsewhere)
  })

  it('changes password and quota of an account that is there', async () => {
    const { accountId } = await newAccount(get().store)
    await write('principal.setPassword', { principalId: accountId, passwordHash: 'new', at: 5 })
    await write('account.setQuota', { accountId, quotaBytes: 77 })
    expect(await read('account.byId', { accountId })).toMatchObject({ quotaBytes: 77 })
    expect(await read('principal.byId', { principalId: accountId })).toMatchObject({
      passwordHash: 'new',
      passwordChangedAt: 5,
    })
    const gone = { accountId: 99 }
    const attempts = [
      write('principal.setPassword', { principalId: 99, passwordHash: 'x', at: 1 }),
      write('account.setQuota', { ...gone, quotaBytes: null }),
      write('account.remove', { ...gone, at: 9 }),
      write('mailbox.subscribe', { ...gone, name: 'x', subscribed: true }),
      write('mailbox.create', { ...gone, name: 'x', specialUse: null, at: 1 }),
    ]
    await Promise.all(attempts.map(attempt => expect(attempt).rejects.toMatchObject({ code: 'not-found' })))
  })

  it('removes an account with all it had, and never gives its id or UIDVALIDITY again', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const { emailIds } = await append(get().store, { accountId, mailboxId: inbox }, [noFlags, noFlags])
    await write('message.expunge', {
      accountId,
      mailboxId: inbox,
      uids: [{ from: 1, to: 1 }],
      onlyDeleted: false,
      at: 1,
    })
    const before = await mailboxAt(get().store, { accountId, mailboxId: inbox })
    await write('account.remove', { accountId, at: 9 })
    expect(await read('account.byId', { accountId })).toBeNull()
    expect(await read('mailbox.list', { accountId })).toEqual([])
    expect(await read('message.rows', { accountId, mailboxId: inbox, ...all[0]!, limit: 9 })).toEqual([])

    const again = await newAccount(get().store)
    expect(again.accountId).not.toBe(accountId)
    const after = await mailboxAt(get().store, { accountId: again.accountId, mailboxId: again.inbox })
    expect(after!.uidValidity).toBeGreaterThan(before!.uidValidity)
    const appended = await append(get().store, { accountId: again.accountId, mailboxId: again.inbox }, [noFlags])
    expect(emailIds).not.toContain(appended.emailIds[0])
  })

  it('counts what a domain sells, and refuses what goes over its limits', async () => {
    await write('domain.add', { name: 'one.test', at: 1 })
    await write('domain.update', { name: 'one.test', quotaBytes: 100, maxMailboxes: 2 })
    const add = (local: string, quotaBytes: number | null) =>
      write('account.add', { address: `${local}@one.test`, passwordHash: null, quotaBytes, mailboxes: [], at: 1 })
    await expect(add('a', null)).rejects.toMatchObject({ code: 'over-quota' })
    await expect(add('a', 101)).rejects.toMatchObject({ code: 'over-quota' })
    const { accountId } = await add('a', 60)
    await add('b', 40)
    await expect(add('c', 1)).rejects.toMatchObject({ code: 'too-many' })
    await expect(write('account.setQuota', { accountId, quotaBytes: 61 })).rejects.toMatchObject({ code: 'over-quota' })
    await write('account.setQuota', { accountId, quotaBytes: 50, planId: 'small' })
    expect(await read('account.byId', { accountId })).toMatchObject({ quotaBytes: 50, planId: 'small' })
    expect(await read('domain.byName', { name: 'one.test' })).toMatchObject({ accounts: 2, soldBytes: 90 })
    await write('account.remove', { accountId, at: 9 })
    expect(await read('domain.byName', { name: 'one.test' })).toMatchObject({ accounts: 1, soldBytes: 40 })
  })

  it('keeps an account in the bin out of everything but its address', async () => {
    const { accountId, inbox } = await newAccount(get().store, 'ann@one.test', 5000)
    const place = { accountId, mailboxId: inbox }
    await append(get().store, place, [noFlags])
    await write('account.toBin', { accountId, at: 7 })
    expect(await read('account.byId', { accountId })).toBeNull()
    expect(await read('account.byAddress', { address: 'ann@one.test' })).toBeNull()
    expect(await read('account.list', { domain: null, after: null, limit: 9 })).toEqual([])
    expect(await read('account.page', { domain: 'one.test', after: null, limit: 9 })).toEqual([])
    const lookUp = { address: 'ann@one.test', domain: 'one.test' }
    expect(await read('address.lookup', lookUp)).toMatchObject({ account: null })
    expect(await read('principal.byId', { principalId: accountId })).toMatchObject({ signInEnabled: false })
    expect(await read('domain.byName', { name: 'one.test' })).toMatchObject({ accounts: 0, soldBytes: 0 })
    for (const attempt of [
      write('account.toBin', { accountId, at: 8 }),
      write('account.setQuota', { accountId, quotaBytes: 1 }),
      write('account.update', { accountId, sendingEnabled: false }),
    ])
      await expect(attempt).rejects.toMatchObject({ code: 'not-found' })
    await expect(newAccount(get().store, 'ann@one.test')).rejects.toMatchObject({ code: 'already-exists' })
    await expect(write('domain.remove', { name: 'one.test' })).rejects.toMatchObject({ code: 'not-empty' })
    const binned = { before: null, limit: 9 }
    expect(await read('bin.list', { ...binned, domains: ['two.test'] })).toEqual([])
    expect(await read('bin.list', { ...binned, domains: null })).toMatchObject([{ accountId, removedAt: 7 }])
    expect(await read('bin.due', { before: 7, limit: 9 })).toEqual([])
    expect(await read('bin.due', { before: 8, limit: 9 })).toMatchObject([{ accountId }])

    const before = await mailboxAt(get().store, place)
    await write('account.fromBin', { accountId })
    expect(await mailboxAt(get().store, place)).toEqual(before)
    expect(await read('message.rows', { ...place, ...all[0]!, limit: 9 })).toHaveLength(1)
    await expect(write('account.fromBin', { accountId })).rejects.toMatchObject({ code: 'not-found' })
    await write('account.toBin', { accountId, at: 9 })
    await write('account.remove', { accountId, at: 9 })
    expect(await read('domain.byName', { name: 'one.test' })).toMatchObject({ accounts: 0, soldBytes: 0 })
  })

  it('ends what was begun for an account that goes into the bin', async () => {
    const { accountId: principalId } = await newAccount(get().store, 'ann@one.test')
    const session = { sessionId: 's', principalId, tokenHash: 'h', remembered: false, secondFactorAt: null }
    const times = { confirmedAt: 1, createdAt: 1, lastSeenAt: 1, expiresAt: 100 }
    await write('session.add', { ...session, ...times, remoteAddress: '', userAgent: '' })
    await write('account.toBin', { accountId: principalId, at: 7 })
    expect(await read('session.list', { principalId, at: 8 })).toEqual([])
  })

  it('ends the sessions of a password that is replaced, but for one, and none where the same is hashed anew', async () => {
    const { accountId: principalId } = await newAccount(get().store, 'ann@one.test')
    const { accountId: neighbour } = await newAccount(get().store, 'bob@one.test')
    const times = { confirmedAt: 1, createdAt: 1, lastSeenAt: 1, expiresAt: 100 }
    const session = { ...times, remembered: false, secondFactorAt: null, remoteAddress: '', userAgent: '' }
    for (const sessionId of ['a', 'b', 'c'])
      await write('session.add', { ...session, principalId, sessionId, tokenHash: sessionId })
    await write('session.add', { ...session, principalId: neighbour, sessionId: 'd', tokenHash: 'd' })
    const open = async (of: number) =>
      (await read('session.list', { principalId: of, at: 8 })).map(one => one.sessionId)
    const set = (at: number, exceptSession?: string) =>
      write('principal.setPassword', {
        principalId,
        passwordHash: `of ${at}`,
        at,
        ...(exceptSession && { exceptSession }),
      })
    await set(5, 'b')
    expect(await open(principalId)).toEqual(['b'])
    await set(5)
    expect(await open(principalId)).toEqual(['b'])
    await set(6)
    expect(await open(principalId)).toEqual([])
    expect(await open(neighbour)).toEqual(['d'])
  })

  it('restores an account into a domain that has room for it alone', async () => {
    const { accountId } = await newAccount(get().store, 'ann@one.test', 50)
    await write('account.toBin', { accountId, at: 7 })
    await write('domain.update', { name: 'one.test', maxMailboxes: 0 })
    await expect(write('account.fromBin', { accountId })).rejects.toMatchObject({ code: 'too-many' })
    await write('domain.update', { name: 'one.test', maxMailboxes: null, quotaBytes: 49 })
    await expect(write('account.fromBin', { accountId })).rejects.toMatchObject({ code: 'over-quota' })
    await write('domain.update', { name: 'one.test', quotaBytes: 50 })
    await write('account.fromBin', { accountId })
  })

  it('finds the addresses of a domain by its aliases', async () => {
    const { accountId } = await newAccount(get().store, 'ann@one.test')
    await write('domainAlias.add', { name: 'uno.test', domain: 'one.test', at: 2 })
    await write('alias.set', { address: 'i@one.test', targets: ['ann@one.test'], at: 5 })
    expect(await read('address.lookup', { address: 'ann@uno.test', domain: 'uno.test' })).toMatchObject({
      domain: { name: 'one.test' },
      address: 'ann@one.test',
      account: { accountId },
    })
    expect(await read('address.lookup', { address: 'i@uno.test', domain: 'uno.test' })).toMatchObject({
      alias: { address: 'i@one.test' },
    })
    for (const [name, domain, code] of [
      ['uno.test', 'one.test', 'already-exists'],
      ['one.test', 'one.test', 'already-exists'],
      ['x.test', 'no.test', 'not-found'],
    ] as const)
      await expect(write('domainAlias.add', { name, domain, at: 3 })).rejects.toMatchObject({ code })
    await expect(write('domain.add', { name: 'uno.test', at: 3 })).rejects.toMatchObject({ code: 'already-exists' })
    expect(await read('domainAlias.list', { domain: 'one.test' })).toEqual([
      { name: 'uno.test', domain: 'one.test', createdAt: 2 },
    ])
    await write('account.remove', { accountId, at: 9 })
    await write('domain.remove', { name: 'one.test' })
    expect(await read('domainAlias.list', { domain: null })).toEqual([])
  })

  it('keeps switches, a forward and a limit of an account', async () => {
    const { accountId } = await newAccount(get().store)
    const forward = { targets: ['Bob@x.test', 'ÿ@y.test'], keepCopy: false }
    const change = { sendingEnabled: false, receivingEnabled: false, hourlyLimit: 7, forward }
    await write('account.update', { accountId, ...change })
    expect(await read('account.byId', { accountId })).toMatchObject(change)
    await write('account.update', { accountId, forward: null })
    expect(await read('account.byId', { accountId })).toMatchObject({ ...change, forward: null })
  })

  it('knows the members of shared accounts alone', async () => {
    const { accountId: ann } = await newAccount(get().store, 'ann@one.test')
    const shared = {
      address: 's@one.test',
      passwordHash: null,
      quotaBytes: null,
      mailboxes: [],
      kind: 'shared' as const,
    }
    const { accountId } = await write('account.add', { ...shared, name: 'Support', at: 1 })
    const member = { principalId: ann, maySend: true, at: 3 }
    await write('member.set', { accountId, ...member })
    const membership = { accountId, address: 's@one.test', name: 'Support', maySend: true }
    expect(await read('member.of', { accountId, principalId: ann })).toEqual(membership)
    expect(await read('member.mailboxes', { principalId: ann })).toEqual([membership])
    const attempts = [
      [write('member.set', { ...member, accountId: ann, principalId: accountId }), 'not-allowed'],
      [write('member.set', { ...member, accountId, principalId: accountId }), 'not-allowed'],
      [write('member.set', { ...member, accountId, principalId: 99 }), 'not-found'],
      [write('member.remove', { accountId, principalId: 99 }), 'not-found'],
    ] as const
    await Promise.all(attempts.map(([attempt, code]) => expect(attempt).rejects.toMatchObject({ code })))
    await write('account.toBin', { accountId, at: 5 })
    expect(await read('member.of', { accountId, principalId: ann })).toBeNull()
    await write('account.remove', { accountId: ann, at: 9 })
    await write('account.fromBin', { accountId })
    expect(await read('member.list', { accountId })).toEqual([])
  })

  it('sums what is used in a domain, page by page', async () => {
    for (const local of ['a', 'b', 'c']) {
      const { accountId, inbox } = await newAccount(get().store, `${local}@one.test`, local === 'c' ? 9000 : null)
      await append(get().store, { accountId, mailboxId: inbox }, [noFlags])
    }
    const first = await read('domain.usage', { domain: 'one.test', after: null, limit: 2 })
    expect(first).toMatchObject({ withoutQuota: 2, next: 'b@one.test' })
    const second = await read('domain.usage', { domain: 'one.test', after: first.next, limit: 2 })
    expect(second).toEqual({ usedBytes: first.usedBytes / 2, withoutQuota: 0, next: null })
    expect(await read('domain.usage', { domain: 'no.test', after: null, limit: 2 })).toEqual({
      usedBytes: 0,
      withoutQuota: 0,
      next: null,
    })
  })

  it('keeps settings', async () => {
    expect(await read('setting.get', { name: 'a' })).toBeNull()
    await write('setting.set', { name: 'a', value: '1' })
    await write('setting.set', { name: 'a', value: 'two ☃' })
    expect(await read('setting.get', { name: 'a' })).toBe('two ☃')
  })

  it('runs what is written at once as one, and an operation that fails leaves the others alone', async () => {
    const { accountId, inbox } = await newAccount(get().store)
    const email = await newEmail(get().store)
    const accept = { deliveries: [delivery(accountId, email)], queue: [], at: 1 }
    const outcomes = await Promise.allSettled([
      write('message.accept', accept),
      // Fails after its first changes: they must be undone.
      write('message.accept', { ...accept, deliveries: [...accept.deliveries, delivery(99, email)] }),
      write('domain.add', { name: 'one.test', at: 1 }),
      write('message.accept', accept),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(await mailboxAt(get().store, { accountId, mailboxId: inbox })).toMatchObject({ messages: 2, uidNext: 3 })
  })
}
