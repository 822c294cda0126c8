import { expect, it } from 'vitest'
import type { RuleMemory } from '../../src/store/types/rules.ts'
import type { GetStore } from './store.contract.ts'
import { damagesOf, newAccount } from './store-fixtures.ts'

export function rulesContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)

  it('keeps scripts by name, at most one of them active', async () => {
    const { accountId } = await newAccount(get().store)
    const put = (name: string, source: string, activate = false) =>
      write('script.put', { accountId, name, source, maxScripts: 2, activate, at: 5 })
    await put('one', 'keep;')
    await put('two', 'discard; # é', true)
    expect(await read('script.list', { accountId })).toEqual([
      { name: 'one', isActive: false, sizeBytes: 5, updatedAt: 5 },
      { name: 'two', isActive: true, sizeBytes: 13, updatedAt: 5 },
    ])
    await expect(put('three', 'stop;')).rejects.toMatchObject({ code: 'too-many' })
    await put('one', 'stop;', true)
    expect(await read('script.sources', { accountId })).toEqual([
      { name: 'one', source: 'stop;', isActive: true },
      { name: 'two', source: 'discard; # é', isActive: false },
    ])
    await write('script.activate', { accountId, name: null, at: 6 })
    expect((await read('script.list', { accountId })).map(({ isActive }) => isActive)).toEqual([false, false])
    await expect(write('script.activate', { accountId, name: 'none', at: 6 })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('renames and removes scripts, not onto another nor while they run', async () => {
    const { accountId } = await newAccount(get().store)
    for (const name of ['a', 'b'])
      await write('script.put', { accountId, name, source: 'keep;', maxScripts: 9, activate: name === 'a', at: 1 })
    const rename = (name: string, newName: string) => write('script.rename', { accountId, name, newName, at: 2 })
    await expect(rename('a', 'b')).rejects.toMatchObject({ code: 'already-exists' })
    await expect(rename('none', 'c')).rejects.toMatchObject({ code: 'not-found' })
    await rename('a', 'c')
    expect(await read('script.get', { accountId, name: 'c' })).toMatchObject({ isActive: true, source: 'keep;' })
    expect(await read('script.get', { accountId, name: 'a' })).toBeNull()
    const remove = (name: string) => write('script.remove', { accountId, name, at: 3 })
    await expect(remove('c')).rejects.toMatchObject({ code: 'not-allowed' })
    await expect(remove('a')).rejects.toMatchObject({ code: 'not-found' })
    await remove('b')
    expect((await read('script.list', { accountId })).map(({ name }) => name)).toEqual(['c'])
  })

  it('puts a script in the place of the rules that were seen, and of no others', async () => {
    const { accountId } = await newAccount(get().store)
    const put = (source: string, replaces: number) =>
      write('script.put', { accountId, name: 'a', source, maxScripts: 9, activate: true, replaces, at: 1 })
    await put('keep;', 0)
    await expect(put('discard;', 0)).rejects.toMatchObject({ code: 'conflict' })
    expect((await read('script.get', { accountId, name: 'a' }))?.source).toBe('keep;')
    const both = await Promise.allSettled([put('stop;', 1), put('stop;', 1)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await read('account.byId', { accountId }))?.rulesRevision).toBe(2)
  })

  it('gives an account another revision with each change of its rules, and none before the first', async () => {
    const { accountId } = await newAccount(get().store)
    const revision = async () => (await read('account.byId', { accountId }))?.rulesRevision
    expect(await revision()).toBe(0)
    await write('script.put', { accountId, name: 'a', source: 'keep;', maxScripts: 9, activate: true, at: 1 })
    expect(await revision()).toBe(1)
    await write('script.activate', { accountId, name: null, at: 2 })
    expect(await revision()).toBe(2)
    const autoReply = { fromDay: null, untilDay: null, timeZone: 'UTC', subject: '', text: 'x', intervalDays: 1 }
    await write('autoReply.set', { accountId, enabled: true, audience: 'everyone', updatedAt: 3, ...autoReply })
    expect(await revision()).toBe(3)
  })

  it('keeps a script of a domain and one of the service', async () => {
    await newAccount(get().store, 'ann@one.test')
    const set = (domain: string, source: string, isActive = true) =>
      write('commonScript.set', { domain, source, isActive, at: 4 })
    await set('one.test', 'keep;')
    await set('one.test', 'stop;', false)
    await set('', 'discard;')
    const row = { isActive: false, revision: 5, updatedAt: 4 }
    expect(await read('commonScript.get', { domain: 'one.test' })).toEqual({ source: 'stop;', ...row })
    expect(await read('commonScript.get', { domain: '' })).toMatchObject({ source: 'discard;', isActive: true })
    expect(await read('commonScript.list', {})).toEqual([
      { domain: '', sizeBytes: 8, ...row, isActive: true, revision: 4 },
      { domain: 'one.test', sizeBytes: 5, ...row },
    ])
    await write('commonScript.remove', { domain: 'one.test', at: 5 })
    expect(await read('commonScript.get', { domain: 'one.test' })).toBeNull()
    await expect(set('no.test', 'keep;')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('sets a script for all only in the place of the one that was seen', async () => {
    await newAccount(get().store, 'ann@one.test')
    const set = (replaces: number | null, at: number) =>
      write('commonScript.set', { domain: 'one.test', source: 'keep;', isActive: true, replaces, at })
    const remove = (replaces: number) => write('commonScript.remove', { domain: 'one.test', replaces, at: 9 })
    await set(null, 1_000)
    const conflict = { code: 'conflict' }
    await expect(set(null, 1_001)).rejects.toMatchObject(conflict)
    const outcomes = await Promise.allSettled([set(1_000, 1_002), set(1_000, 1_002)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(remove(1_000)).rejects.toMatchObject(conflict)
    await remove(1_001)
    await expect(remove(1_001)).rejects.toMatchObject(conflict)
    // One that is made anew is none that anybody saw before.
    await set(null, 1_003)
    await expect(set(1_000, 1_004)).rejects.toMatchObject(conflict)
  })

  it('remembers for a while, of two at once the first alone', async () => {
    const { accountId } = await newAccount(get().store)
    const hash = Buffer.from('who')
    const memories: RuleMemory[] = [{ kind: 'reply', hash, until: 100 }]
    const add = (at: number, until = 100) =>
      write('ruleMemory.add', { accountId, memories: [{ ...memories[0]!, until }], at })
    const has = (at: number) => read('ruleMemory.has', { accountId, kind: 'reply', hash, at })
    const outcomes = await Promise.allSettled([add(1), add(1)])
    // Which of them comes first is left open.
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect([await has(99), await has(100)]).toEqual([true, false])
    expect(await read('ruleMemory.has', { accountId, kind: 'duplicate', hash, at: 1 })).toBe(false)
    await add(100, 200)
    expect(await read('ruleMemory.count', { accountId, kind: 'reply', at: 150, limit: 5 })).toBe(1)
    expect(await has(150)).toBe(true)
    expect(await write('ruleMemory.sweep', { at: 199, limit: 1 })).toBe(false)
    expect(await write('ruleMemory.sweep', { at: 200, limit: 1 })).toBe(true)
    expect(await has(1)).toBe(false)
  })

  it('remembers for longer what is to be prolonged, known or not, and never for less', async () => {
    const { accountId } = await newAccount(get().store)
    const hash = Buffer.from('which')
    const prolong = (at: number, until: number) =>
      write('ruleMemory.add', { accountId, memories: [{ kind: 'duplicate', hash, until, prolongs: true }], at })
    const has = (at: number) => read('ruleMemory.has', { accountId, kind: 'duplicate', hash, at })
    await prolong(1, 100)
    await prolong(50, 150)
    await prolong(51, 120)
    expect([await has(149), await has(150)]).toEqual([true, false])
    const memories: RuleMemory[] = [{ kind: 'duplicate', hash, until: 200 }]
    await expect(write('ruleMemory.add', { accountId, memories, at: 149 })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('keeps what is added to what an account sends', async () => {
    const { accountId } = await newAccount(get().store)
    expect(await read('sendingRules.get', { accountId })).toBeNull()
    const row = { accountId, copiesCc: ['a@one.test'], copiesBcc: [], filesSentCopy: true, updatedAt: 7 }
    await write('sendingRules.set', row)
    expect(await read('sendingRules.get', { accountId })).toEqual(row)
    await write('sendingRules.set', { ...row, copiesBcc: ['b@far.test'], filesSentCopy: false })
    expect(await read('sendingRules.get', { accountId })).toMatchObject({
      copiesBcc: ['b@far.test'],
      filesSentCopy: false,
    })
    await expect(write('sendingRules.set', { ...row, accountId: 99 })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('keeps the last error of a script until it is changed, and is to tell of it once in a while', async () => {
    const { accountId } = await newAccount(get().store)
    const put = () =>
      write('script.put', { accountId, name: 'a', source: 'keep;', maxScripts: 9, activate: true, at: 1 })
    await put()
    const subject = { kind: 'mailbox', accountId } as const
    const facts = { script: 'a', rule: null, line: 2, column: 3, problem: 'é', address: 'a@x.test', sender: '' }
    const failed = (at: number, revision = 1) =>
      write('script.failed', { subject, revision, failure: { ...facts, at, messages: 2 }, quietMs: 100 })
    const news = async () => (await read('script.failureNews', { limit: 9 })).map(({ failure }) => failure.at)
    await failed(5, 7)
    expect(await read('script.failure', { subject })).toBeNull()
    await failed(5)
    await failed(6)
    const [told] = await read('script.failureNews', { limit: 9 })
    const { address } = (await read('account.byId', { accountId }))!
    expect(told).toMatchObject({ subject, name: address, failure: { ...facts, at: 6, messages: 4 } })
    expect(await read('script.failure', { subject })).toEqual(told!.failure)
    await write('script.failureTold', { subject, at: 10 })
    await failed(109)
    expect(await news()).toEqual([])
    await failed(110)
    expect(await news()).toEqual([110])
    await put()
    expect(await read('script.failure', { subject })).toBeNull()
    const ofService = { kind: 'domain', domain: '' } as const
    await write('commonScript.set', { domain: '', source: 'keep;', isActive: true, at: 3 })
    await write('script.failed', {
      subject: ofService,
      revision: 3,
      failure: { ...facts, at: 4, messages: 1 },
      quietMs: 100,
    })
    expect(await read('script.failureNews', { limit: 9 })).toMatchObject([
      { subject: ofService, name: '', domain: null },
    ])
    await write('commonScript.remove', { domain: '', at: 5 })
    expect(await news()).toEqual([])
    await failed(120, 2)
    await write('account.remove', { accountId, at: 9 })
    expect(await news()).toEqual([])
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('forgets all of it with the account', async () => {
    const { accountId } = await newAccount(get().store)
    await write('script.put', { accountId, name: 'a', source: 'keep;', maxScripts: 9, activate: true, at: 1 })
    await write('ruleMemory.add', { accountId, memories: [{ kind: 'reply', hash: Buffer.from('x'), until: 9 }], at: 1 })
    await write('sendingRules.set', { accountId, copiesCc: [], copiesBcc: [], filesSentCopy: true, updatedAt: 1 })
    await write('account.remove', { accountId, at: 9 })
    expect(await read('script.list', { accountId })).toEqual([])
    expect(await read('sendingRules.get', { accountId })).toBeNull()
    expect(await read('ruleMemory.has', { accountId, kind: 'reply', hash: Buffer.from('x'), at: 1 })).toBe(false)
  })
}
