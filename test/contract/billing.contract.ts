import { describe, expect, it } from 'vitest'
import type { PlanRow, PlanTerms } from '../../src/store/types/billing.ts'
import type { GetStore } from './store.contract.ts'
import { newAccount, newWebhook } from './store-fixtures.ts'

const GB = 1024 ** 3
const small: PlanRow = {
  planId: 'small',
  name: 'Small',
  description: 'For one person',
  storageBytes: 5 * GB,
  hourlyLimit: 200,
  monthlyPrice: 300,
  currency: 'EUR',
  isOffered: true,
  createdAt: 1,
  updatedAt: 1,
}
const large: PlanRow = {
  ...small,
  planId: 'large',
  name: 'Large',
  storageBytes: 50 * GB,
  hourlyLimit: null,
  monthlyPrice: 900,
}

const termsOf = ({ planId, name, storageBytes, hourlyLimit, monthlyPrice, currency }: PlanRow): PlanTerms => ({
  planId,
  planName: name,
  storageBytes,
  hourlyLimit,
  monthlyPrice,
  currency,
})

const address = 'ann@one.test'
const made = (day: string) => ({ at: Date.parse(day), day, madeBy: 'staff@one.test' })

export function billingContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)
  const everything = { domains: null, sinceAdded: false, address: null, before: null, limit: 100 }

  describe('plans', () => {
    it('are listed by price, changed, and never made twice', async () => {
      await write('plan.add', large)
      await write('plan.add', small)
      await expect(write('plan.add', small)).rejects.toMatchObject({ code: 'already-exists' })
      await write('plan.update', { ...large, isOffered: false, monthlyPrice: 950, updatedAt: 7 })
      await expect(write('plan.update', { ...large, planId: 'none' })).rejects.toMatchObject({ code: 'not-found' })
      const changed = { ...large, isOffered: false, monthlyPrice: 950, updatedAt: 7 }
      expect(await read('plan.list', {})).toEqual([small, changed])
      expect(await read('plan.byId', { planId: 'large' })).toEqual(changed)
      expect(await read('plan.byId', { planId: 'none' })).toBeNull()
    })

    it('are assigned with quota and entry at once, and taken off without touching the quota', async () => {
      const { accountId } = await newAccount(get().store, address, 1000)
      expect(await read('plan.ofMailbox', { address })).toMatchObject({ planId: null, terms: null, lastEntryId: null })
      await write('plan.assign', { ...made('2026-11-03'), address, terms: termsOf(small), kind: 'changed' })
      expect(await read('account.byId', { accountId })).toMatchObject({ quotaBytes: 5 * GB })
      expect(await read('plan.ofMailbox', { address })).toEqual({
        accountId,
        address,
        domain: 'one.test',
        planId: 'small',
        terms: termsOf(small),
        quotaBytes: 5 * GB,
        usedBytes: 0,
        lastEntryId: 1,
      })
      expect(await read('plan.counts', { domains: null })).toEqual([{ planId: 'small', mailboxes: 1 }])
      expect(await read('plan.counts', { domains: ['two.test'] })).toEqual([])
      await write('plan.assign', { ...made('2026-11-04'), address, terms: null, kind: 'changed' })
      expect(await read('plan.ofMailbox', { address })).toMatchObject({
        planId: null,
        terms: null,
        quotaBytes: 5 * GB,
        lastEntryId: 2,
      })
    })

    it('are refused where the domain has not so much left to sell', async () => {
      await newAccount(get().store, address, 1000)
      await write('domain.update', { name: 'one.test', quotaBytes: 10 * GB })
      const assign = (plan: PlanRow) =>
        write('plan.assign', { ...made('2026-11-03'), address, terms: termsOf(plan), kind: 'changed' })
      await expect(assign(large)).rejects.toMatchObject({ code: 'over-quota' })
      expect(await read('ledger.list', everything)).toEqual([])
      await assign(small)
      expect(await read('domain.byName', { name: 'one.test' })).toMatchObject({ soldBytes: 5 * GB })
    })

    it('refuse to be assigned on top of a change that was not seen', async () => {
      await newAccount(get().store, address)
      const assign = (plan: PlanRow, expectedEntryId: number | null): Promise<void> =>
        write('plan.assign', {
          ...made('2026-11-03'),
          address,
          terms: termsOf(plan),
          kind: 'changed',
          expectedEntryId,
        })
      const outcomes = await Promise.allSettled([assign(small, null), assign(large, null)])
      const refused = outcomes.filter(({ status }) => status === 'rejected')
      expect(refused).toMatchObject([{ reason: { code: 'conflict' } }])
      const first = outcomes[0]?.status === 'fulfilled' ? 'small' : 'large'
      expect(await read('plan.ofMailbox', { address })).toMatchObject({ planId: first, lastEntryId: 1 })
      await assign(large, 1)
      expect(await read('ledger.list', everything)).toMatchObject([
        { terms: { planId: 'large' } },
        { terms: { planId: first } },
      ])
    })

    it('keep what was agreed, whatever becomes of the catalogue', async () => {
      await newAccount(get().store, address)
      await write('plan.add', small)
      await write('plan.assign', { ...made('2026-11-03'), address, terms: termsOf(small), kind: 'created' })
      await write('plan.update', { ...small, monthlyPrice: 999, storageBytes: GB, updatedAt: 9 })
      expect(await read('plan.ofMailbox', { address })).toMatchObject({ terms: termsOf(small), quotaBytes: 5 * GB })
    })
  })

  describe('ledger', () => {
    it('tells of removal once, and restores under the terms there were', async () => {
      await newAccount(get().store, address)
      await write('plan.assign', { ...made('2026-11-03'), address, terms: termsOf(small), kind: 'created' })
      await write('ledger.record', { ...made('2026-11-05'), address, kind: 'removed' })
      await write('ledger.record', { ...made('2026-11-06'), address, kind: 'removed' })
      await write('ledger.record', { ...made('2026-11-07'), address, kind: 'restored' })
      const entries = await read('ledger.list', everything)
      expect(entries.map(({ kind, day, terms }) => [kind, day, terms?.planId])).toEqual([
        ['restored', '2026-11-07', 'small'],
        ['removed', '2026-11-05', undefined],
        ['created', '2026-11-03', 'small'],
      ])
      await expect(
        write('ledger.record', { ...made('2026-11-08'), address: 'no@one.test', kind: 'removed' }),
      ).rejects.toMatchObject({ code: 'not-found' })
    })

    it('lets no entry of a mailbox come before the one it followed', async () => {
      await newAccount(get().store, address)
      await write('ledger.record', { ...made('2026-12-01'), address, kind: 'created' })
      await write('plan.assign', { ...made('2026-11-30'), address, terms: termsOf(small), kind: 'changed' })
      expect((await read('ledger.list', everything)).map(({ day }) => day)).toEqual(['2026-12-01', '2026-12-01'])
    })

    it('is read by domain, by address and by page', async () => {
      for (const each of [address, 'bob@two.test']) {
        await newAccount(get().store, each)
        await write('ledger.record', { ...made('2026-11-05'), address: each, kind: 'created' })
      }
      const list = (over: object) => read('ledger.list', { ...everything, ...over })
      expect((await list({ domains: ['two.test'] })).map(entry => entry.address)).toEqual(['bob@two.test'])
      expect(await list({ domains: [] })).toEqual([])
      expect((await list({ address })).map(entry => entry.address)).toEqual([address])
      expect(await list({ address, domains: ['two.test'] })).toEqual([])
      expect((await list({ before: 2 })).map(entry => entry.entryId)).toEqual([1])
      expect(await read('ledger.domains', {})).toEqual(['one.test', 'two.test'])
    })

    it('keeps what was sold under a domain’s name before it was added from who has it now', async () => {
      await write('domain.add', { name: 'new.test', at: Date.parse('2026-11-05') })
      await newAccount(get().store, 'ann@new.test')
      await write('ledger.record', { ...made('2026-11-04'), address: 'ann@new.test', kind: 'created' })
      await write('ledger.record', { ...made('2026-11-05'), address: 'ann@new.test', kind: 'removed' })
      const kinds = async (over: object) =>
        (await read('ledger.list', { ...everything, domains: ['new.test'], ...over })).map(({ kind }) => kind)
      expect(await kinds({})).toEqual(['removed', 'created'])
      for (const address of [null, 'ann@new.test'])
        expect(await kinds({ address, sinceAdded: true })).toEqual(['removed'])
      const month = { domain: 'new.test', from: '2026-11-01', until: '2026-11-30', after: null, limit: 100 }
      const ofDays = async (sinceAdded: boolean) =>
        (await read('ledger.ofDays', { ...month, sinceAdded })).map(({ kind }) => kind)
      expect(await ofDays(false)).toEqual(['created', 'removed'])
      expect(await ofDays(true)).toEqual(['removed'])
    })

    it('gives a statement the entries of its days and the last before, by page', async () => {
      for (const each of [address, 'bob@one.test']) {
        await newAccount(get().store, each)
        for (const [day, plan] of [
          ['2026-09-30', small],
          ['2026-10-31', large],
          ['2026-11-01', small],
          ['2026-11-30', large],
          ['2026-12-01', small],
        ] as const)
          await write('plan.assign', { ...made(day), address: each, terms: termsOf(plan), kind: 'changed' })
      }
      const of = (from: string, until: string, after: { address: string; entryId: number } | null, limit: number) =>
        read('ledger.ofDays', { domain: 'one.test', sinceAdded: false, from, until, after, limit })
      const november = await of('2026-11-01', '2026-11-30', null, 100)
      const days = ['2026-10-31', '2026-11-01', '2026-11-30']
      expect(november.map(entry => [entry.address, entry.day])).toEqual(
        [address, 'bob@one.test'].flatMap(each => days.map(day => [each, day])),
      )
      const first = await of('2026-11-01', '2026-11-30', null, 4)
      const rest = await of('2026-11-01', '2026-11-30', first.at(-1)!, 4)
      expect([...first, ...rest]).toEqual(november)
      expect(await of('2026-01-01', '2026-08-31', null, 100)).toEqual([])
      expect((await of('2027-01-01', '2027-01-31', null, 100)).map(({ day }) => day)).toEqual([
        '2026-12-01',
        '2026-12-01',
      ])
    })

    it('remembers who managed a domain in a month, also when he does no longer', async () => {
      await write('domain.add', { name: 'one.test', at: 1 })
      const { principalId } = await write('principal.add', {
        address: 'boss@one.test',
        role: 'manager',
        name: '',
        passwordHash: null,
        language: null,
        domains: ['one.test'],
        at: 1,
      })
      await write('ledger.noteManagers', { month: '2026-11' })
      await write('ledger.noteManagers', { month: '2026-11' })
      await write('principal.setDomains', { principalId, domains: [] })
      await write('ledger.noteManagers', { month: '2026-12' })
      const of = (month: string) => read('ledger.managedDomains', { manager: 'boss@one.test', month })
      expect(await of('2026-11')).toEqual(['one.test'])
      expect(await of('2026-12')).toEqual([])
    })
  })

  const enqueue = (eventId: string, over: { event?: string; domain?: string | null; at?: number } = {}) =>
    write('webhook.enqueue', {
      eventId,
      event: 'plan.changed',
      domain: 'one.test',
      payload: '{}',
      at: 10,
      retryUntil: 1000,
      ...over,
    })
  const lease = (now: number, over: { owner?: string; limit?: number; perWebhook?: number } = {}) =>
    write('webhook.lease', { owner: 'a', now, leaseMs: 50, limit: 10, perWebhook: 5, ...over })
  const settle = (webhookId: string, eventId: string, over: object = {}) =>
    write('webhook.settle', {
      webhookId,
      eventId,
      owner: 'a',
      status: 'delivered',
      nextAttemptAt: null,
      httpStatus: 200,
      problem: null,
      at: 30,
      disable: null,
      disableSince: 0,
      ...over,
    })
  const failure = { status: 'failed', httpStatus: 500, problem: 'answered 500' }
  const log = (webhookId: string, limit = 100, after: { createdAt: number; eventId: string } | null = null) =>
    read('webhook.deliveries', { webhookId, after, limit })

  describe('webhooks', () => {
    it('are told what they asked for, of their domain or of all', async () => {
      await write('webhook.add', newWebhook('all'))
      await write('webhook.add', newWebhook('one', { domain: 'one.test', events: ['plan.changed', 'mailbox.created'] }))
      await write('webhook.add', newWebhook('two', { domain: 'two.test' }))
      await write('webhook.add', newWebhook('off', { isEnabled: false }))
      await enqueue('e1')
      await enqueue('e2', { event: 'mailbox.created' })
      await enqueue('e3', { domain: null })
      const told = async (id: string) => (await log(id)).map(({ eventId }) => eventId).toSorted()
      expect(await told('all')).toEqual(['e1', 'e3'])
      expect(await told('one')).toEqual(['e1', 'e2'])
      expect(await told('two')).toEqual([])
      expect(await told('off')).toEqual([])
      expect((await read('webhook.list', { domains: ['one.test'] })).map(({ webhookId }) => webhookId)).toEqual(['one'])
      expect(await read('webhook.byId', { webhookId: 'one' })).toEqual(
        newWebhook('one', {
          domain: 'one.test',
          events: ['plan.changed', 'mailbox.created'],
          secretEncrypted: new Uint8Array(Buffer.from('sealed')),
        }),
      )
    })

    it('are leased to one at a time, so many of each, the oldest first', async () => {
      await write('webhook.add', newWebhook('a'))
      await write('webhook.add', newWebhook('b'))
      for (const i of [1, 2, 3]) await enqueue(`e${i}`, { at: 10 + i })
      expect(await read('webhook.nextDue', {})).toBe(11)
      expect(await lease(10)).toEqual([])
      const first = await lease(20, { perWebhook: 2 })
      expect(first.map(d => `${d.webhookId}${d.eventId}`).toSorted()).toEqual(['ae1', 'ae2', 'be1', 'be2'])
      expect(first[0]).toMatchObject({ nextAttemptAt: 70, webhook: { url: 'https://hooks.example/' } })
      expect(await lease(20, { owner: 'b', perWebhook: 2 })).toEqual([])
      const second = await lease(21, { owner: 'b', perWebhook: 3 })
      expect(second.map(d => d.eventId)).toEqual(['e3', 'e3'])
      // The lease is over: the work is anyone's, and what the first says of it counts no more.
      const again = await lease(71, { owner: 'b', perWebhook: 9 })
      expect(again.map(d => `${d.webhookId}${d.eventId}`).toSorted()).toEqual([
        'ae1',
        'ae2',
        'ae3',
        'be1',
        'be2',
        'be3',
      ])
      await settle('a', 'e1')
      expect(await read('webhook.delivery', { webhookId: 'a', eventId: 'e1' })).toMatchObject({
        status: 'waiting',
        attempts: 0,
      })
      await settle('a', 'e1', { owner: 'b' })
      expect(await read('webhook.delivery', { webhookId: 'a', eventId: 'e1' })).toMatchObject({
        status: 'delivered',
        attempts: 1,
        lastStatus: 200,
        nextAttemptAt: null,
      })
    })

    it('are given back by who goes, uncounted', async () => {
      await write('webhook.add', newWebhook('a'))
      await enqueue('e1')
      await lease(20)
      await write('webhook.release', { owner: 'b', at: 22 })
      expect(await lease(23, { owner: 'b' })).toEqual([])
      await write('webhook.release', { owner: 'a', at: 22 })
      expect(await lease(23, { owner: 'b' })).toMatchObject([{ eventId: 'e1', attempts: 0 }])
    })

    it('are switched off where nothing was taken for too long; what waits is tried when they are on again', async () => {
      await write('webhook.add', newWebhook('a'))
      for (const id of ['e1', 'e2', 'e3']) await enqueue(id)
      await lease(20, { perWebhook: 2 })
      await settle('a', 'e1')
      // There was a success at 30, after 25.
      expect(await settle('a', 'e2', { ...failure, disable: 'failing', disableSince: 25, at: 40 })).toEqual({
        disabled: false,
      })
      expect(await read('webhook.byId', { webhookId: 'a' })).toMatchObject({ failingSince: 40, lastSuccessAt: 30 })
      await write('webhook.resend', { webhookId: 'a', eventId: 'e2', at: 45, retryUntil: 2000 })
      await lease(50)
      expect(await settle('a', 'e2', { ...failure, disable: 'failing', disableSince: 35, at: 60 })).toEqual({
        disabled: true,
      })
      expect(await read('webhook.byId', { webhookId: 'a' })).toMatchObject({
        isEnabled: false,
        disabledReason: 'failing',
        failingSince: 40,
      })
      expect(await read('webhook.nextDue', {})).toBeNull()
      await expect(
        write('webhook.resend', { webhookId: 'a', eventId: 'e2', at: 1, retryUntil: 1 }),
      ).rejects.toMatchObject({
        code: 'not-allowed',
      })
      await write('webhook.update', { webhookId: 'a', isEnabled: true, at: 100, retryUntil: 3000 })
      expect(await read('webhook.byId', { webhookId: 'a' })).toMatchObject({
        isEnabled: true,
        disabledReason: null,
        failingSince: null,
      })
      expect(await lease(100)).toMatchObject([{ eventId: 'e3', retryUntil: 3000 }])
    })

    it('that are gone are switched off at once', async () => {
      await write('webhook.add', newWebhook('a'))
      await enqueue('e1')
      await lease(20)
      expect(await settle('a', 'e1', { ...failure, httpStatus: 410, disable: 'gone' })).toEqual({ disabled: true })
      expect(await read('webhook.byId', { webhookId: 'a' })).toMatchObject({ isEnabled: false, disabledReason: 'gone' })
    })

    it('are changed in what is given, and removed with all that was sent', async () => {
      await write('webhook.add', newWebhook('a'))
      await enqueue('e1')
      await write('webhook.update', {
        webhookId: 'a',
        url: 'https://other.example/',
        events: ['link.revealed'],
        at: 5,
        retryUntil: 9,
      })
      expect(await read('webhook.byId', { webhookId: 'a' })).toMatchObject({
        url: 'https://other.example/',
        events: ['link.revealed'],
        description: '',
        isEnabled: true,
        updatedAt: 5,
      })
      await write('webhook.remove', { webhookId: 'a' })
      expect(await log('a')).toEqual([])
      await expect(write('webhook.remove', { webhookId: 'a' })).rejects.toMatchObject({ code: 'not-found' })
      await expect(write('webhook.update', { webhookId: 'a', at: 1, retryUntil: 1 })).rejects.toMatchObject({
        code: 'not-found',
      })
    })

    it('go with their domain', async () => {
      await write('domain.add', { name: 'one.test', at: 1 })
      await write('webhook.add', newWebhook('a', { domain: 'one.test' }))
      await write('webhook.add', newWebhook('b'))
      await enqueue('e1')
      await write('domain.remove', { name: 'one.test' })
      expect((await read('webhook.list', { domains: null })).map(({ webhookId }) => webhookId)).toEqual(['b'])
      expect(await log('a')).toEqual([])
      expect(await log('b')).toHaveLength(1)
    })

    it('have a log, by page, of which only what is settled is forgotten', async () => {
      await write('webhook.add', newWebhook('a'))
      for (const i of [1, 2, 3]) await enqueue(`e${i}`, { at: i })
      const page = await log('a', 2)
      expect(page.map(({ eventId }) => eventId)).toEqual(['e3', 'e2'])
      expect((await log('a', 2, page[1])).map(({ eventId }) => eventId)).toEqual(['e1'])
      await lease(20, { perWebhook: 1 })
      await settle('a', 'e1')
      expect(await write('webhook.sweep', { before: 100, limit: 10 })).toEqual({ removed: 1 })
      expect((await log('a')).map(({ eventId }) => eventId)).toEqual(['e3', 'e2'])
    })
  })

  describe('traffic', () => {
    const counts = { received: 1, receivedBytes: 10, sent: 2, sentBytes: 20, refused: 3 }

    it('is added up by mailbox, domain and service', async () => {
      const { accountId: ann } = await newAccount(get().store, address)
      const { accountId: bob } = await newAccount(get().store, 'bob@one.test')
      const { accountId: eve } = await newAccount(get().store, 'eve@two.test')
      const rows = [ann, bob, eve].map(accountId => ({ accountId, hour: 5, ...counts }))
      await write('traffic.add', { rows: [...rows, { accountId: 999, hour: 5, ...counts }] })
      await write('traffic.add', {
        rows: [
          { accountId: ann, hour: 5, ...counts },
          { accountId: ann, hour: 6, ...counts },
        ],
      })
      const hours = (of: 'service' | string[] | number) => read('traffic.hours', { of, from: 0, before: 10 })
      const times = (n: number, hour: number) => ({
        hour,
        received: n,
        receivedBytes: 10 * n,
        sent: 2 * n,
        sentBytes: 20 * n,
        refused: 3 * n,
      })
      expect(await hours(ann)).toEqual([times(2, 5), times(1, 6)])
      expect(await hours(['one.test'])).toEqual([times(3, 5), times(1, 6)])
      expect(await hours(['one.test', 'two.test'])).toEqual([times(4, 5), times(1, 6)])
      expect(await hours('service')).toEqual([times(4, 5), times(1, 6)])
      expect(await read('traffic.hours', { of: ann, from: 6, before: 7 })).toEqual([times(1, 6)])
      const top = (domains: string[] | null, limit = 9) =>
        read('traffic.top', { from: 0, before: 10, domains, by: 'sent', limit })
      expect((await top(null)).map(row => [row.address, row.sent])).toEqual([
        [address, 6],
        ['bob@one.test', 2],
        ['eve@two.test', 2],
      ])
      expect((await top(['one.test'], 1)).map(row => row.address)).toEqual([address])
      expect(await read('traffic.top', { from: 0, before: 5, domains: null, by: 'sent', limit: 9 })).toEqual([])
    })

    it('and space of each day: the last sample counts', async () => {
      await write('domain.add', { name: 'three.test', at: 1 })
      await newAccount(get().store, address, 1000)
      await write('space.sample', { day: '2026-11-01' })
      await newAccount(get().store, 'bob@one.test', 500)
      await write('space.sample', { day: '2026-11-01' })
      await newAccount(get().store, 'eve@two.test', null)
      await write('space.sample', { day: '2026-11-02' })
      const days = (domains: string[] | null) =>
        read('space.days', { domains, from: '2026-11-01', until: '2026-11-09' })
      expect(await days(null)).toEqual([
        { day: '2026-11-01', usedBytes: 0, quotaBytes: 1500, mailboxes: 2 },
        { day: '2026-11-02', usedBytes: 0, quotaBytes: 1500, mailboxes: 3 },
      ])
      expect(await days(['two.test'])).toEqual([{ day: '2026-11-02', usedBytes: 0, quotaBytes: 0, mailboxes: 1 }])
    })

    it('is forgotten by age, a little at a time', async () => {
      const { accountId } = await newAccount(get().store, address)
      const rows = [1, 2, 3, 9].map(hour => ({ accountId, hour, ...counts }))
      await write('traffic.add', { rows })
      await write('space.sample', { day: '2026-11-01' })
      const sweep = () => write('traffic.sweep', { beforeHour: 9, beforeDay: '2026-11-02', limit: 2 })
      const removed: number[] = []
      for (let i = 0; i < 4; i++) removed.push((await sweep()).removed)
      // Of three hours: three rows of the mailbox, six of its domain and the service; and one of space.
      expect(removed).toEqual([2 + 2 + 1, 1 + 2, 2, 0])
      expect((await read('traffic.hours', { of: accountId, from: 0, before: 99 })).map(({ hour }) => hour)).toEqual([9])
    })
  })
}
