import { expect, it } from 'vitest'
import type { NewTrace, TraceFirstStep, TraceSearch } from '../../src/store/types/trace.ts'
import type { GetStore } from './store.contract.ts'
import { damagesOf, delivery, newAccount, newEmail, newQueueMessage } from './store-fixtures.ts'
import { everything, exactly, newTrace, to } from './trace-fixtures.ts'

export function traceContract(get: GetStore): void {
  const read: ReturnType<GetStore>['store']['read'] = (query, args) => get().store.read(query, args)
  const write: ReturnType<GetStore>['store']['write'] = (operation, args) => get().store.write(operation, args)
  const record = (...traces: NewTrace[]) => write('trace.record', { traces, events: [] })
  const whole = { size: 100, keys: 1_000, before: Number.MAX_SAFE_INTEGER, segmentIds: 5, segmentMs: 1_000 }
  const step = (over: Partial<typeof whole> = {}) => write('trace.index', { ...whole, ...over })
  const index = async () => {
    while ((await step()).indexed > 0);
  }
  const search = async (over: Partial<TraceSearch> = {}) =>
    (await read('trace.search', { ...everything, ...over })).rows
  const ids = async (over: Partial<TraceSearch> = {}) => (await search(over)).map(({ id }) => id)
  const eventsOf = (traceId: number) => read('trace.events', { traceIds: [traceId], recipients: null, limit: 100 })

  it('keeps a trace with the message, and the mailbox that took it rather than the one that was named', async () => {
    const { accountId } = await newAccount(get().store)
    const listed = { kind: 'rule', name: 'Lists', line: null, did: 'filed', what: 'Gone' } as const
    const first = { kind: 'stored' as const, mailboxes: ['Gone'], rules: [listed] } satisfies TraceFirstStep
    const trace = newTrace({ recipients: [to('ann@one.test', { via: 'info@one.test', accountId, first })] })
    const email = await newEmail(get().store)
    await write('message.accept', { deliveries: [delivery(accountId, email, 'Gone')], queue: [], trace, at: 100 })
    const stored = { ...first, mailboxes: ['INBOX'], rules: [{ ...listed, what: 'INBOX' }] }
    expect(await search()).toEqual([
      { ...trace, traceId: 1, queueIds: [], recipients: [{ ...trace.recipients[0], first: stored }] },
    ])
  })

  it('keeps none of a message that is not kept', async () => {
    const { accountId } = await newAccount(get().store, 'ann@one.test', 1)
    const deliveries = [delivery(accountId, await newEmail(get().store))]
    await write('message.accept', { deliveries, queue: [], trace: newTrace(), at: 100 })
    expect(await search()).toEqual([])
  })

  it('adds an event for each attempt, in the transaction that settles it', async () => {
    const queue = await newQueueMessage(get().store, [{ address: 'C@far.test' }, { address: 'd@far.test' }])
    await write('message.accept', { deliveries: [], queue: [queue], trace: newTrace(), at: 100 })
    const { traceId, queueIds } = (await search())[0]!
    const { recipients } = (await read('queue.show', { queueId: queueIds[0]! }))!
    const result = {
      at: 110,
      status: '4.2.0',
      text: '450 4.2.0 later',
      remoteHost: 'mx.far.test',
      remoteAddress: '192.0.2.1',
    }
    const settled = { result, delayNotified: false, countAttempt: true, tls: 'TLSv1.3 X' }
    const [c, d] = recipients.map(({ recipientId }) => recipientId)
    await write('queue.settle', {
      results: [
        { recipientId: c!, status: 'queued', nextAttemptAt: 500, ...settled },
        { recipientId: d!, status: 'failed', nextAttemptAt: 0, ...settled },
      ],
      reports: [],
      at: 111,
    })
    await write('queue.settle', {
      results: [{ recipientId: c!, status: 'queued', nextAttemptAt: 500, ...settled, countAttempt: false }],
      reports: [],
      at: 112,
    })
    await write('queue.control', { queueId: queueIds[0]!, recipientIds: null, action: 'hold', at: 120 })
    const attempt = {
      host: 'mx.far.test',
      remoteAddress: '192.0.2.1',
      tls: 'TLSv1.3 X',
      status: '4.2.0',
      answer: result.text,
    }
    expect(await eventsOf(traceId)).toMatchObject([
      { at: 110, recipient: 'c@far.test', kind: 'deferred', detail: { ...attempt, nextAttemptAt: 500 } },
      { at: 110, recipient: 'd@far.test', kind: 'bounced', detail: attempt },
      { at: 120, recipient: 'c@far.test', kind: 'held', detail: {} },
    ])
    expect(await read('trace.events', { traceIds: [traceId], recipients: ['d@far.test'], limit: 9 })).toHaveLength(1)
    expect(await read('trace.events', { traceIds: [traceId], recipients: null, limit: 1 })).toMatchObject([
      { kind: 'held' },
    ])
  })

  it('goes on with the trace of what the queue hands over, and finds it for who got it then', async () => {
    const { accountId } = await newAccount(get().store)
    const queue = await newQueueMessage(get().store, [{ address: 'info@one.test', destination: 'local' }])
    const own = newTrace({ id: 'report-of-it-1', recipients: [to('info@one.test')] })
    await write('message.accept', { deliveries: [], queue: [{ ...queue, trace: own }], at: 100 })
    await index()
    const { traceId, queueIds } = (await search())[0]!
    const { recipients } = (await read('queue.show', { queueId: queueIds[0]! }))!
    const result = { at: 150, status: '2.0.0', text: '250 2.0.0 delivered', remoteHost: null, remoteAddress: null }
    const first = { kind: 'stored' as const, mailboxes: ['INBOX'], rules: [] } satisfies TraceFirstStep
    await write('message.accept', {
      deliveries: [delivery(accountId, await newEmail(get().store))],
      queue: [],
      settles: { recipientId: recipients[0]!.recipientId, result },
      trace: newTrace({ at: 150, recipients: [to('ann@one.test', { via: 'info@one.test', accountId, first })] }),
      at: 150,
    })
    // The alias itself waits no longer.
    expect(await eventsOf(traceId)).toMatchObject([
      { at: 150, recipient: 'info@one.test', kind: 'delivered', detail: { answer: '250 2.0.0 delivered' } },
      { at: 150, recipient: 'ann@one.test', kind: 'stored', detail: { mailboxes: ['INBOX'] } },
    ])
    expect(await search()).toHaveLength(1)
    expect(await search({ scope: { accountId } })).toMatchObject([
      { traceId, recipients: [{ address: 'ann@one.test' }] },
    ])
    expect(await ids({ recipient: exactly('ann@one.test') })).toEqual(['report-of-it-1'])
  })

  it('tells that the queue handed over what only leads elsewhere, which is a trace of its own', async () => {
    const local = await newQueueMessage(get().store, [{ address: 'SRS0=x@one.test', destination: 'local' }])
    const own = newTrace({ id: 'report-of-it-1', recipients: [to('srs0=x@one.test')] })
    await write('message.accept', { deliveries: [], queue: [{ ...local, trace: own }], at: 100 })
    const { traceId, queueIds } = (await search())[0]!
    const { recipients } = (await read('queue.show', { queueId: queueIds[0]! }))!
    const result = { at: 150, status: '2.0.0', text: '250 2.0.0 delivered', remoteHost: null, remoteAddress: null }
    await write('message.accept', {
      deliveries: [],
      queue: [await newQueueMessage(get().store, [{ address: 'bob@far.test' }])],
      settles: { recipientId: recipients[0]!.recipientId, result },
      trace: newTrace({ id: 'sent-on-to-1', at: 150, recipients: [to('bob@far.test', { via: 'srs0=x@one.test' })] }),
      at: 150,
    })
    expect(await eventsOf(traceId)).toMatchObject([{ at: 150, recipient: 'srs0=x@one.test', kind: 'delivered' }])
    expect(await ids()).toEqual(['sent-on-to-1', 'report-of-it-1'])
  })

  it('keeps apart what a rule sends', async () => {
    const { accountId } = await newAccount(get().store)
    const queue = await newQueueMessage(get().store, [{ address: 'x@far.test' }])
    const sent = newTrace({ id: 'sent-by-rule', accountId, direction: 'out', recipients: [to('x@far.test')] })
    const deliveries = [delivery(accountId, await newEmail(get().store))]
    await write('message.accept', { deliveries, queue: [{ ...queue, trace: sent }], trace: newTrace(), at: 100 })
    expect((await search()).map(({ id, queueIds }) => ({ id, queueIds }))).toEqual([
      { id: 'sent-by-rule', queueIds: [1] },
      { id: 'abcdefghijkl-1', queueIds: [] },
    ])
  })

  for (const indexed of [false, true])
    it(`finds by address, domain, id and time, ${indexed ? 'in a segment' : 'before there is one'}`, async () => {
      await record(
        newTrace({ id: 'aaaaaaaaaaaa-1', at: 100, reversePath: 'bob@away.test', recipients: [to('ann@one.test')] }),
        newTrace({ id: 'bbbbbbbbbbbb-1', at: 200, messageId: 'other-message@x', recipients: [to('joe@two.test')] }),
        newTrace({ id: 'cccccccccccc-1', at: 300, recipients: [to('z@two.test', { via: 'all@one.test' })] }),
      )
      if (indexed) await index()
      expect(await ids()).toEqual(['cccccccccccc-1', 'bbbbbbbbbbbb-1', 'aaaaaaaaaaaa-1'])
      expect(await ids({ recipient: exactly('ann@one.test') })).toEqual(['aaaaaaaaaaaa-1'])
      expect(await ids({ recipient: exactly('all@one.test') })).toEqual(['cccccccccccc-1'])
      expect(await ids({ sender: exactly('bob@away.test') })).toEqual(['aaaaaaaaaaaa-1'])
      expect(await ids({ sender: exactly('ann@one.test') })).toEqual([])
      const two = { localPart: null, domain: 'two.test', exact: true }
      expect(await ids({ recipient: two })).toEqual(['cccccccccccc-1', 'bbbbbbbbbbbb-1'])
      expect(await ids({ recipient: { localPart: 'jo', domain: 'two.test', exact: false } })).toEqual([
        'bbbbbbbbbbbb-1',
      ])
      expect(await ids({ id: { text: 'bbbbbbbbbb', match: 'prefix' } })).toEqual(['bbbbbbbbbbbb-1'])
      expect(await ids({ id: { text: 'other-message@x', match: 'prefix' } })).toEqual(['bbbbbbbbbbbb-1'])
      expect(await ids({ id: { text: 'r-mess', match: 'part' } })).toEqual(['bbbbbbbbbbbb-1'])
      expect(await ids({ from: 200, before: 300 })).toEqual(['bbbbbbbbbbbb-1'])
      expect(await ids({ from: 150, recipient: two, before: 300 })).toEqual(['bbbbbbbbbbbb-1'])
    })

  it('shows to who got it only that, to who sent it all, to a manager what is of his domains', async () => {
    const local = (address: string, accountId: number) =>
      to(address, { accountId, first: { kind: 'stored', mailboxes: ['INBOX'], rules: [] } })
    const recipients = [local('ann@one.test', 11), local('joe@two.test', 12), to('z@far.test')]
    const origin = {
      via: 'submission',
      remoteAddress: null,
      helo: null,
      tls: null,
      credential: 'me@three.test',
      appPasswordId: null,
    } as const
    await record(newTrace({ accountId: 13, direction: 'out', reversePath: 'me@three.test', origin, recipients }))
    const seenBy = async (scope: TraceSearch['scope']) =>
      (await search({ scope })).flatMap(row => row.recipients.map(({ address }) => address))
    const every = ['ann@one.test', 'joe@two.test', 'z@far.test']
    const expected: [TraceSearch['scope'], string[]][] = [
      [null, every],
      [{ accountId: 13 }, every],
      [{ accountId: 11 }, ['ann@one.test']],
      [{ accountId: 14 }, []],
      [{ domains: ['three.test'] }, every],
      [{ domains: ['one.test', 'two.test'] }, ['ann@one.test', 'joe@two.test']],
      [{ domains: ['four.test'] }, []],
      [{ domains: [] }, []],
    ]
    for (const step of ['unindexed', 'indexed']) {
      for (const [scope, addresses] of expected)
        expect({ step, scope, seen: await seenBy(scope) }).toEqual({ step, scope, seen: addresses })
      await index()
    }
    // Nor may they be found by what is not seen.
    expect(await ids({ scope: { accountId: 11 }, recipient: exactly('z@far.test') })).toEqual([])
    expect(await read('trace.byId', { traceId: 1, scope: { accountId: 14 } })).toBeNull()
  })

  it('keeps what was before a domain was added from who manages it now', async () => {
    const stored = { kind: 'stored' as const, mailboxes: ['INBOX'], rules: [] }
    await write('domain.add', { name: 'new.test', at: 200 })
    for (const at of [199, 200])
      await record(
        newTrace({ id: `received-at-${at}`, at, recipients: [to('ann@new.test', { accountId: 11, first: stored })] }),
      )
    const since = await read('trace.domainsSince', { domains: ['new.test', 'old.test'] })
    expect([...since]).toEqual([['new.test', 200]])
    expect(await ids({ scope: { domains: ['new.test', 'old.test'], since } })).toEqual(['received-at-200'])
    expect(await ids({ scope: { domains: ['new.test'] } })).toHaveLength(2)
  })

  it('keeps what was added to what an account sent', async () => {
    const added = { sentCopy: 'Sent', copies: ['archive@one.test'] }
    await record(
      newTrace({ id: 'with-copies', added }),
      newTrace({ id: 'with-a-copy', added: { sentCopy: null, copies: ['x@y.test'] } }),
    )
    expect((await search()).map(row => row.added)).toEqual([{ sentCopy: null, copies: ['x@y.test'] }, added])
  })

  it('forgets the links of who is removed, and keeps the traces', async () => {
    const { accountId } = await newAccount(get().store, 'ann@one.test')
    await record(newTrace())
    const link = { traceId: 1, recipients: null, createdAt: 1, expiresAt: 50 }
    for (const [tokenHash, createdBy] of [
      ['a', 'ann@one.test'],
      ['b', 'bob@one.test'],
    ] as const)
      await write('trace.link', { tokenHash, createdBy, ...link })
    await write('account.remove', { accountId, at: 9 })
    expect(await read('trace.byLink', { tokenHash: 'a', at: 2 })).toBeNull()
    expect(await read('trace.byLink', { tokenHash: 'b', at: 2 })).not.toBeNull()
    expect(await search()).toHaveLength(1)
  })

  it('tells sent from received, and finds an address at either end', async () => {
    const stored = { kind: 'stored' as const, mailboxes: ['INBOX'], rules: [] }
    const sent = { accountId: 13, direction: 'out', reversePath: 'me@three.test' } as const
    await record(
      newTrace({ ...sent, id: 'sent-away', recipients: [to('far@away.test')] }),
      newTrace({ id: 'received', recipients: [to('me@three.test', { accountId: 13, first: stored })] }),
      newTrace({ id: 'of-others', recipients: [to('ann@one.test', { accountId: 11, first: stored })] }),
      newTrace({
        ...sent,
        id: 'to-myself',
        direction: 'local',
        recipients: [to('me@three.test', { accountId: 13, first: stored })],
      }),
    )
    for (const step of ['unindexed', 'indexed']) {
      for (const scope of [{ accountId: 13 }, { domains: ['three.test'] }] as const) {
        expect([step, await ids({ scope, way: 'sent' })]).toEqual([step, ['to-myself', 'sent-away']])
        expect([step, await ids({ scope, way: 'received' })]).toEqual([step, ['to-myself', 'received']])
        expect(await ids({ scope, address: exactly('far@away.test') })).toEqual(['received', 'sent-away'])
      }
      expect(await ids({ way: 'sent' })).toEqual(['to-myself', 'sent-away'])
      expect(await ids({ way: 'received' })).toEqual(['to-myself', 'of-others', 'received'])
      await index()
    }
  })

  it('finds by what became of a recipient that is seen', async () => {
    const queued = async (id: string, ...addresses: string[]) => {
      const queue = await newQueueMessage(
        get().store,
        addresses.map(address => ({ address })),
      )
      const trace = newTrace({ id, recipients: addresses.map(address => to(address)) })
      await write('message.accept', { deliveries: [], queue: [queue], trace, at: 100 })
      return (await ids({ id: { text: id, match: 'part' } })).length && (await search())[0]!
    }
    const refused = { kind: 'refused' as const, reason: 'x', answer: '550 5.1.1 no', count: 1, rules: [] }
    await record(newTrace({ id: 'refused-here', recipients: [to('no@one.test', { first: refused })] }))
    const { traceId, queueIds } = (await queued('two-recipients', 'a@far.test', 'b@two.test')) as {
      traceId: number
      queueIds: number[]
    }
    const held = (await queued('held-one', 'c@far.test')) as { traceId: number; queueIds: number[] }
    await queued('waits', 'd@far.test')
    await write('queue.control', { queueId: held.queueIds[0]!, recipientIds: null, action: 'hold', at: 110 })
    const [first] = (await read('queue.show', { queueId: queueIds[0]! }))!.recipients
    const result = { at: 120, status: '5.1.1', text: '550 5.1.1 no', remoteHost: null, remoteAddress: null }
    const failed = { recipientId: first!.recipientId, status: 'failed', nextAttemptAt: 120, result } as const
    await write('queue.settle', {
      results: [{ ...failed, delayNotified: false, countAttempt: true }],
      reports: [],
      at: 120,
    })
    expect(traceId).toBeGreaterThan(0)
    for (const step of ['unindexed', 'indexed']) {
      const found = async (status: TraceSearch['status'], scope: TraceSearch['scope'] = null) => [
        step,
        await ids({ status, scope }),
      ]
      expect(await found('refused')).toEqual([step, ['two-recipients', 'refused-here']])
      expect(await found('waiting')).toEqual([step, ['waits', 'two-recipients']])
      expect(await found('held')).toEqual([step, ['held-one']])
      expect(await found('delivered')).toEqual([step, []])
      // Not by what became of others.
      expect(await found('refused', { domains: ['two.test'] })).toEqual([step, []])
      expect(await found('waiting', { domains: ['two.test'] })).toEqual([step, ['two-recipients']])
      await index()
    }
  })

  it('takes nothing for sent from a domain that only claims it', async () => {
    await record(newTrace({ reversePath: 'boss@one.test', recipients: [to('joe@two.test')] }))
    expect(await ids({ scope: { domains: ['one.test'] } })).toEqual([])
    expect(await ids({ scope: { domains: ['two.test'] } })).toHaveLength(1)
  })

  it('goes on where the page or the budget ended, and meets each once', async () => {
    for (let n = 0; n < 30; n++) {
      await record(
        newTrace({ id: `message-number-${n}`, at: n, recipients: [to(n % 3 === 0 ? 'ann@one.test' : 'joe@two.test')] }),
      )
      if (n % 7 === 6) await index()
    }
    const wanted = Array.from({ length: 10 }, (_, n) => `message-number-${27 - 3 * n}`)
    for (const [limit, budget] of [
      [4, 1_000],
      [50, 5],
      [1, 1],
      [3, 2],
    ] as const) {
      const met: string[] = []
      let below: number | null = null
      for (let pages = 0; pages < 100; pages++) {
        const page: { rows: { id: string }[]; next: number | null } = await read('trace.search', {
          ...everything,
          recipient: exactly('ann@one.test'),
          below,
          limit,
          budget,
        })
        met.push(...page.rows.map(({ id }) => id))
        below = page.next
        if (below === null) break
      }
      expect({ limit, budget, met }).toEqual({ limit, budget, met: wanted })
    }
  })

  it('takes traces into the index when there are enough, or they have waited long', async () => {
    for (let n = 0; n < 5; n++) await record(newTrace({ at: 100 + n }))
    expect(await read('trace.unindexed', { limit: 3 })).toBe(3)
    expect(await step({ size: 2, before: 0 })).toEqual({ indexed: 2 })
    expect(await step({ size: 2, before: 0 })).toEqual({ indexed: 2 })
    expect(await step({ size: 2, before: 104 })).toEqual({ indexed: 0 })
    expect(await step({ size: 2, before: 105 })).toEqual({ indexed: 1 })
    expect(await read('trace.unindexed', { limit: 3 })).toBe(0)
  })

  it('takes fewer at once where they have many recipients, but always one', async () => {
    const recipients = Array.from({ length: 300 }, (_, n) => to(`r${n}@far${n}.test`))
    const crowded = () => newTrace({ recipients })
    await record(newTrace(), crowded(), newTrace(), crowded(), newTrace({ id: 'after-them-all' }))
    const taken: number[] = []
    for (let { indexed } = await step({ keys: 500 }); indexed > 0; { indexed } = await step({ keys: 500 }))
      taken.push(indexed)
    expect(taken).toEqual([2, 2, 1])
    expect(await ids({ recipient: exactly('r299@far299.test') })).toHaveLength(2)
    expect(await ids({ id: { text: 'after-them-all', match: 'prefix' } })).toHaveLength(1)
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('finds each once after every step, whole segments or half of one, and what is behind them', async () => {
    const { accountId } = await newAccount(get().store)
    const queue = await newQueueMessage(get().store, [{ address: 'info@one.test', destination: 'local' }])
    const count = 24
    for (let n = 0; n < count; n++) {
      const trace = newTrace({ id: `message-number-${n}`, at: n, recipients: [to(`r${n % 4}@one.test`)] })
      if (n === 6) await write('message.accept', { deliveries: [], queue: [{ ...queue, trace }], at: n })
      else await record(trace)
    }
    const wanted = (keep: (n: number) => boolean) =>
      Array.from({ length: count }, (_, n) => count - 1 - n)
        .filter(keep)
        .map(n => `message-number-${n}`)
    const check = async () => {
      expect(await ids()).toEqual(wanted(() => true))
      expect(await ids({ recipient: exactly('r2@one.test') })).toEqual(wanted(n => n % 4 === 2))
      expect(await ids({ recipient: exactly('r2@one.test'), from: 5, before: 19 })).toEqual(
        wanted(n => n % 4 === 2 && n >= 5 && n < 19),
      )
      expect(await ids({ id: { text: 'message-number-17', match: 'prefix' } })).toEqual(['message-number-17'])
      const found = await read('trace.ofMessage', { id: 'message-number-6', accountId, from: 0, before: 100 })
      expect(found?.id ?? null).toBe(continued ? 'message-number-6' : null)
      expect(await ids({ scope: { accountId } })).toEqual(continued ? ['message-number-6'] : [])
    }
    let continued = false
    await check()
    let steps = 0
    while ((await step({ size: 3, segmentIds: 10, segmentMs: 14 })).indexed > 0) {
      await check()
      // Into a segment that is still growing.
      if (++steps !== 3) continue
      const { recipients } = (await read('queue.show', { queueId: 1 }))!
      const result = { at: 7, status: '2.0.0', text: '250 2.0.0 delivered', remoteHost: null, remoteAddress: null }
      const first = { kind: 'stored' as const, mailboxes: ['INBOX'], rules: [] } satisfies TraceFirstStep
      await write('message.accept', {
        deliveries: [delivery(accountId, await newEmail(get().store))],
        queue: [],
        settles: { recipientId: recipients[0]!.recipientId, result },
        trace: newTrace({ at: 7, recipients: [to('ann@one.test', { via: 'info@one.test', accountId, first })] }),
        at: 7,
      })
      continued = true
      await check()
      expect(await damagesOf(get().store)).toEqual([])
    }
    expect(await damagesOf(get().store)).toEqual([])
    expect(steps).toBeGreaterThan(count / 3)
  })

  it('begins a segment where one is full or has lasted long, and none where one is being forgotten', async () => {
    const bounds = { size: 2, before: 1_000_000, segmentIds: 4, segmentMs: 50 }
    for (const at of [100, 101, 102, 103, 104, 160, 161]) await record(newTrace({ id: `made-at-the-time-${at}`, at }))
    const taken: number[] = []
    for (let { indexed } = await step(bounds); indexed > 0; { indexed } = await step(bounds)) taken.push(indexed)
    // 100 to 103 are full, 104 alone has lasted long.
    expect(taken).toEqual([2, 2, 1, 2])
    while ((await write('trace.sweep', { before: 104, at: 0, limit: 100 })).more);
    expect(await ids()).toEqual([161, 160, 104].map(at => `made-at-the-time-${at}`))
    // The others begin to be forgotten, and are in part while one comes that would have its place in the last one.
    while ((await write('trace.sweep', { before: 105, at: 0, limit: 100 })).more);
    await write('trace.sweep', { before: 162, at: 0, limit: 1 })
    await record(newTrace({ id: 'comes-meanwhile', at: 165 }))
    expect(await step(bounds)).toEqual({ indexed: 1 })
    while ((await write('trace.sweep', { before: 162, at: 0, limit: 1 })).more);
    expect(await ids()).toEqual(['comes-meanwhile'])
    expect(await ids({ recipient: exactly('ann@one.test') })).toEqual(['comes-meanwhile'])
    expect(await damagesOf(get().store)).toEqual([])
  })

  it('forgets by segments, a piece at a time', async () => {
    for (let n = 0; n < 5; n++) await record(newTrace({ at: 100 }))
    const wasRead = { traceId: 5, at: 130, recipient: 'ann@one.test', kind: 'read', detail: {} } as const
    await write('trace.record', {
      traces: [],
      events: [{ traceId: 5, at: 130, recipient: 'ann@one.test', kind: 'read', detail: {} }],
    })
    await index()
    await record(newTrace({ id: 'young', at: 200 }))
    await index()
    let turns = 0
    while ((await write('trace.sweep', { before: 150, at: 0, limit: 4 })).more) turns++
    expect(turns).toBeGreaterThan(1)
    expect(await ids()).toEqual(['young'])
    while ((await write('trace.sweep', { before: 250, at: 0, limit: 4 })).more);
    expect(await ids()).toEqual([])
    expect(await eventsOf(5)).toEqual([])
    // Of a trace that is gone nothing more is kept.
    await write('trace.record', { traces: [], events: [wasRead] })
    expect(await eventsOf(5)).toEqual([])
  })

  it('tells what is new, in order, each once', async () => {
    const { last } = await read('trace.tail', { after: null, limit: 2 })
    await record(newTrace({ id: 'one' }))
    await write('trace.record', {
      traces: [],
      events: [{ traceId: 1, at: 130, recipient: 'ann@one.test', kind: 'read', detail: {} }],
    })
    await record(newTrace({ id: 'two' }), newTrace({ id: 'three' }))
    const page = await read('trace.tail', { after: last, limit: 2 })
    expect(page).toMatchObject({ traces: [{ id: 'one' }], events: [{ kind: 'read', trace: { id: 'one' } }], last: 2 })
    expect(await read('trace.tail', { after: page.last, limit: 2 })).toMatchObject({
      traces: [{ id: 'two' }, { id: 'three' }],
      events: [],
      last: 4,
    })
    expect(await read('trace.tail', { after: 4, limit: 2 })).toEqual({ traces: [], events: [], last: 4 })
  })

  it('finds the trace of a message in a mailbox, for its account alone', async () => {
    await record(newTrace({ id: 'abcdefghijkl-1', recipients: [to('ann@one.test', { accountId: 11 })] }))
    const find = (accountId: number, id = 'abcdefghijkl-1') =>
      read('trace.ofMessage', { id, accountId, from: 0, before: 1_000 })
    for (const step of ['unindexed', 'indexed']) {
      expect({ step, found: (await find(11))?.traceId }).toEqual({ step, found: 1 })
      expect(await find(12)).toBeNull()
      expect(await find(11, 'abcdefghijkl-2')).toBeNull()
      await index()
    }
  })

  it('keeps links until they expire', async () => {
    const recipients = [
      { address: 'ann@one.test', sight: 'folder' as const },
      { address: 'joe@two.test', sight: 'arrival' as const },
    ]
    const link = { traceId: 1, recipients, createdBy: 'ann@one.test', createdAt: 1, expiresAt: 50 }
    await write('trace.link', { tokenHash: 'h', ...link })
    expect(await read('trace.byLink', { tokenHash: 'h', at: 49 })).toEqual(link)
    // As links named them before they kept what is seen of each.
    await write('trace.link', { tokenHash: 'old', ...link, recipients: ['ann@one.test'] as never[] })
    expect(await read('trace.byLink', { tokenHash: 'old', at: 49 })).toMatchObject({
      recipients: [{ address: 'ann@one.test', sight: 'arrival' }],
    })
    expect(await read('trace.byLink', { tokenHash: 'h', at: 50 })).toBeNull()
    expect(await read('trace.byLink', { tokenHash: 'g', at: 1 })).toBeNull()
    await write('trace.sweep', { before: 0, at: 50, limit: 10 })
    expect(await read('trace.byLink', { tokenHash: 'h', at: 1 })).toBeNull()
  })
}
