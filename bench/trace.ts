/**
 * The trace: fills a store with the events of many messages, then times each kind of look-up, and what the trace costs a
 * delivery. Usage: node bench/trace.ts [events in millions, 10] [folder]. The folder is removed at the end.
 *
 * An event is a step of the trace: what is known at once (accepted; stored or queued) stands in the message's row, what comes
 * later (an attempt) is a row of its own. Messages are spread over thirty days, 200,000 addresses elsewhere, 20,000 mailboxes
 * of 500 domains.
 */
import { rmSync, statSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { INDEX_STEP, SEARCH_BUDGET, SEARCH_TURNS, SWEPT_ROWS } from '../src/mail/trace/limits.ts'
import { systemClock } from '../src/ops/clock.ts'
import { openSqliteStore } from '../src/store/sqlite/open.ts'
import type { NewTrace, TraceSearch } from '../src/store/types/trace.ts'

const wanted = Number(process.argv[2] ?? 10) * 1e6
const folder = await mkdtemp(path.join(process.argv[3] ?? tmpdir(), 'facteur-bench-'))
const file = path.join(folder, 'facteur.db')
const store = await openSqliteStore({ path: file, clock: systemClock })

let seed = 1
/** A small generator of its own, so that every run writes the same. */
function random(below: number): number {
  seed = (seed * 48271) % 0x7fffffff
  return seed % below
}

const DAY_MS = 24 * 60 * 60_000
const start = Date.UTC(2026, 9, 1)
/** Of the messages, as many in a hundred are sent from here. */
const SENT_PERCENT = 40
/** Of those, as many in a hundred are refused by the other side. */
const REFUSED_PERCENT = 3
/** Wait in the queue at the end. */
const QUEUED = 2_000
const messages = Math.round(wanted / (2 + SENT_PERCENT / 100))

const mailbox = (): { address: string; accountId: number } => {
  const accountId = 1 + random(20_000)
  return { address: `user${accountId}@domain${accountId % 500}.example.org`, accountId }
}
const stranger = (): string => `person${random(200_000)}@${random(3) === 0 ? 'large.test' : `far${random(5_000)}.test`}`

function newTrace(number: number): NewTrace {
  const own = mailbox()
  const isSent = random(100) < SENT_PERCENT
  const other = stranger()
  const id = (number * 7919 + 10_000_019).toString(36).padStart(12, 'a')
  return {
    id: `${id}-1`,
    at: start + Math.floor((number / messages) * 30 * DAY_MS),
    direction: isSent ? 'out' : 'in',
    accountId: isSent ? own.accountId : null,
    reversePath: isSent ? own.address : other,
    sizeBytes: 2_000 + random(60_000),
    messageId: `${(number * 104_729).toString(36).padStart(14, '0')}.${random(1e6)}@mail.far.test`,
    subject: `About the meeting of Tuesday, number ${number}`,
    origin: {
      via: isSent ? 'submission' : 'smtp',
      remoteAddress: `192.0.2.${random(256)}`,
      helo: 'mx.far.test',
      tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384',
      credential: isSent ? own.address : null,
      appPasswordId: null,
    },
    recipients: [
      isSent
        ? { address: other, via: null, accountId: null, first: { kind: 'queued' } }
        : { ...own, via: null, first: { kind: 'stored', mailboxes: ['INBOX'], rules: [] } },
    ],
  }
}

function report(what: string, value: string): void {
  console.log(`${what.padEnd(66)} ${value}`)
}

/** What the writer is held for: the calls come one at a time, so each is a transaction of its own with its flush. */
function reportSteps(what: string, ms: number[]): void {
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1)
  const over = sorted.filter(each => each > 10).length
  report(
    what,
    `middle ${at(0.5)} ms, 99 % ${at(0.99)} ms, 99.9 % ${at(0.999)} ms, longest ${at(1)} ms; over 10 ms ${over} of ${ms.length}`,
  )
}

// Filling

const filledFrom = performance.now()
let traceId = 0
let unindexed = 0
const stepsMs: number[] = []
let stepsCpu = 0
for (let number = 0; number < messages; ) {
  const traces = Array.from({ length: Math.min(1_000, messages - number) }, () => newTrace(number++))
  const events = traces.flatMap((trace, index) =>
    trace.direction === 'out'
      ? [
          {
            traceId: traceId + 1 + index,
            at: trace.at + 1_000,
            recipient: trace.recipients[0]!.address,
            kind: random(100) < REFUSED_PERCENT ? ('bounced' as const) : ('delivered' as const),
            detail: {
              host: 'mx1.far.test',
              remoteAddress: '198.51.100.7',
              tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384',
              status: '2.0.0',
              answer: '250 2.0.0 OK 1764200000 a1b2c3d4e5f6-1234567890abcdef.123 - gsmtp',
            },
          },
        ]
      : [],
  )
  await store.write('trace.record', { traces, events })
  // Traces and events take their ids of one row of numbers.
  traceId += traces.length + events.length
  unindexed += traces.length
  while (unindexed >= INDEX_STEP.size) {
    const before = performance.now()
    const cpu = process.cpuUsage()
    unindexed -= (await store.write('trace.index', { ...INDEX_STEP, before: 0 })).indexed
    stepsMs.push(performance.now() - before)
    const { user, system } = process.cpuUsage(cpu)
    stepsCpu += user + system
  }
}
report(
  `filled: ${messages} messages, ${(wanted / 1e6).toFixed(1)} million events`,
  `${((performance.now() - filledFrom) / 1000).toFixed(0)} s`,
)
reportSteps(`indexing, a step of ${INDEX_STEP.size} with its commit`, stepsMs)
report(
  'indexing, each message',
  `${((stepsMs.reduce((a, b) => a + b, 0) / messages) * 1000).toFixed(1)} µs, of it CPU ${(stepsCpu / messages).toFixed(1)} µs`,
)
const diskBytes = [file, `${file}-wal`].reduce((sum, name) => sum + statSync(name).size, 0)
report('disk, each message', `${Math.round(diskBytes / messages)} bytes (${(diskBytes / 1e9).toFixed(2)} GB)`)

for (let n = 0; n < QUEUED; n++) {
  const blob = await store.blobs.stage(Buffer.from(`Subject: ${n}\r\n\r\nx\r\n`))
  const recipient = { address: `late${n}@far.test`, destination: 'far.test', notify: null, originalRecipient: null }
  const queued = {
    ...{ reversePath: 'user1@domain1.example.org', blob, sizeBytes: 20, accountId: 1, ret: null, envelopeId: null },
    ...{ smtpUtf8: false, eightBit: false, recipients: [{ ...recipient, nextAttemptAt: start + 31 * DAY_MS }] },
  }
  const first = { kind: 'queued' as const }
  const trace: NewTrace = {
    ...newTrace(messages + n),
    ...{ accountId: 1, recipients: [{ address: recipient.address, via: null, accountId: null, first }] },
  }
  await store.write('message.accept', { deliveries: [], queue: [queued], trace, at: trace.at })
}

while ((await store.write('trace.index', { ...INDEX_STEP, before: 0 })).indexed > 0);

// Look-ups, as the service asks: some questions in turn until there is a page

const all: Omit<TraceSearch, 'budget'> = {
  scope: null,
  sender: null,
  recipient: null,
  address: null,
  way: null,
  status: null,
  id: null,
  from: null,
  before: null,
  below: null,
  limit: 50,
}

async function page(search: Partial<TraceSearch>): Promise<{ found: number; over: boolean; longest: number }> {
  let below: number | null = null
  let found = 0
  let longest = 0
  for (let turn = 0; turn < SEARCH_TURNS; turn++) {
    const before = performance.now()
    const limit = all.limit - found
    const result: { rows: unknown[]; next: number | null } = await store.read('trace.search', {
      ...all,
      ...search,
      below,
      limit,
      budget: SEARCH_BUDGET,
    })
    longest = Math.max(longest, performance.now() - before)
    found += result.rows.length
    below = result.next
    if (below === null || found >= all.limit) break
  }
  return { found, over: below === null, longest }
}

async function timed(what: string, search: () => Partial<TraceSearch>): Promise<void> {
  const times: number[] = []
  const cpuMs: number[] = []
  let longest = 0
  let found = 0
  let complete = 0
  const ROUNDS = 20
  for (let round = 0; round < ROUNDS; round++) {
    const wish = search()
    const before = performance.now()
    const cpu = process.cpuUsage()
    const result = await page(wish)
    times.push(performance.now() - before)
    const { user, system } = process.cpuUsage(cpu)
    cpuMs.push((user + system) / 1_000)
    longest = Math.max(longest, result.longest)
    found += result.found
    if (result.over) complete++
  }
  const [first = 0] = times
  times.sort((a, b) => a - b)
  cpuMs.sort((a, b) => a - b)
  report(
    what,
    `first ${first.toFixed(0)} ms, middle ${times[ROUNDS / 2]!.toFixed(1)} ms, longest ${times.at(-1)!.toFixed(0)} ms; CPU middle ${cpuMs[ROUNDS / 2]!.toFixed(1)} ms, longest ${cpuMs.at(-1)!.toFixed(0)} ms; longest question ${longest.toFixed(0)} ms; found ${(found / ROUNDS).toFixed(1)}, complete ${complete} of ${ROUNDS}`,
  )
}

const exact = (address: string) => {
  const at = address.lastIndexOf('@')
  return { localPart: address.slice(0, at), domain: address.slice(at + 1), exact: true }
}
const anyTime = (): number => start + random(30) * DAY_MS + random(DAY_MS)
const HOUR_MS = 60 * 60_000
await timed('by an address elsewhere, thirty days', () => ({ recipient: exact(stranger()) }))
await timed('by a mailbox, thirty days', () => ({ sender: exact(mailbox().address) }))
await timed('by an address that nobody has', () => ({ recipient: exact('nobody@nowhere.test') }))
await timed('by recipient and about a time', () => {
  const at = anyTime()
  return { recipient: exact(stranger()), from: at - HOUR_MS, before: at + HOUR_MS }
})
await timed('by time alone', () => {
  const at = anyTime()
  return { from: at - HOUR_MS, before: at + HOUR_MS }
})
await timed('by the id told to the client', () => {
  const number = random(messages)
  return { id: { text: `${(number * 7919 + 10_000_019).toString(36).padStart(12, 'a')}-1`, match: 'prefix' } }
})
await timed('by the beginning of a Message-ID', () => {
  const number = random(messages)
  return { id: { text: (number * 104_729).toString(36).padStart(14, '0'), match: 'prefix' } }
})
await timed('by a piece of a Message-ID, within a day', () => {
  const at = anyTime()
  return { id: { text: `${random(1e6)}@mail`, match: 'part' }, from: at, before: at + DAY_MS }
})
await timed('by state, refused within a day', () => {
  const at = anyTime()
  return { status: 'refused', from: at, before: at + DAY_MS }
})
await timed('by state, waiting', () => ({ status: 'waiting' }))
await timed('by state, held (none)', () => ({ status: 'held' }))
await timed('owner: all that he sent', () => ({ scope: { accountId: mailbox().accountId }, way: 'sent' }))
await timed('owner: with an address elsewhere, either way', () => ({
  scope: { accountId: mailbox().accountId },
  address: exact(stranger()),
}))
await timed('owner: what was refused', () => ({ scope: { accountId: mailbox().accountId }, status: 'refused' }))
await timed('owner: all of his mailbox', () => ({ scope: { accountId: mailbox().accountId } }))
await timed('owner: to an address elsewhere', () => ({
  scope: { accountId: mailbox().accountId },
  recipient: exact(stranger()),
}))
await timed('owner: to a domain, the part before the @ remembered in part', () => ({
  scope: { accountId: mailbox().accountId },
  recipient: { localPart: 'person1', domain: 'large.test', exact: false },
}))
await timed('manager: all of a domain', () => ({ scope: { domains: [`domain${random(500)}.example.org`] } }))
await timed('manager of 100 domains: to a domain elsewhere', () => ({
  scope: { domains: Array.from({ length: 100 }, (_, n) => `domain${n}.example.org`) },
  recipient: { localPart: null, domain: `far${random(5_000)}.test`, exact: true },
}))
await timed('manager of 100 domains: to an address elsewhere', () => ({
  scope: { domains: Array.from({ length: 100 }, (_, n) => `domain${n}.example.org`) },
  recipient: exact(stranger()),
}))

// What it costs a delivery

const address = `(("Sender" NIL "sender" "bench.test"))`
await store.write('domain.add', { name: 'bench.test', at: 1 })
const account = { passwordHash: null, quotaBytes: null, mailboxes: [], at: Date.now() }
const accountIds: number[] = []
for (let n = 0; n < 50; n++)
  accountIds.push((await store.write('account.add', { ...account, address: `u${n}@bench.test` })).accountId)

async function deliver(count: number, traced: boolean): Promise<{ cpu: number; perSecond: number }> {
  const cpu = process.cpuUsage()
  const begun = performance.now()
  let next = 0
  const one = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      const bytes = Buffer.from(
        `Message-ID: <${n}-${random(1e9)}@bench.test>\r\n\r\n${'some words of text '.repeat(600)}`,
      )
      const index = {
        sentAt: 1,
        sentDay: 1,
        messageId: `${n}-${random(1e9)}@bench.test`,
        references: [],
        subject: 'NUMBER',
        baseSubject: 'NUMBER',
        isReplyOrForward: false,
        from: 'SENDER',
        to: 'U1',
        cc: '',
        bcc: '',
        sortFrom: 'SENDER',
        sortTo: 'U1',
        sortCc: '',
        displayFrom: 'SENDER',
        displayTo: 'U1',
      }
      const accountId = accountIds[n % accountIds.length]!
      const email = {
        blob: await store.blobs.stage(bytes),
        sizeBytes: bytes.length,
        envelope: `("Mon, 3 Aug 2026 10:00:00 +0000" "number" ${address} ${address} ${address} ${address} NIL NIL NIL "<1@b>")`,
        bodyStructure: '("TEXT" "PLAIN" NIL NIL NIL "7BIT" 12000 200 NIL NIL NIL NIL)',
        preview: 'some words of text',
        index,
        headerFields: 'Subject: number\r\n\r\n',
      }
      const deliveries = [{ accountId, email, places: [{ mailbox: 'INBOX', flags: { system: 0, keywords: [] } }] }]
      const base = { deliveries, queue: [], at: Date.now() }
      await store.write('message.accept', traced ? { ...base, trace: { ...newTrace(n), at: Date.now() } } : base)
    }
  }
  await Promise.all(Array.from({ length: 50 }, one))
  const { user, system } = process.cpuUsage(cpu)
  return { cpu: (user + system) / count, perSecond: (count / (performance.now() - begun)) * 1000 }
}
await deliver(2_000, true)
for (let round = 0; round < 3; round++)
  for (const traced of [false, true]) {
    const { cpu, perSecond } = await deliver(5_000, traced)
    report(
      `delivery into the store, 12 KB, ${traced ? 'with' : 'without'} trace`,
      `CPU ${cpu.toFixed(0)} µs each, ${perSecond.toFixed(0)}/s`,
    )
  }

// What forgetting costs

const sweptMs: number[] = []
const before = start + 2 * DAY_MS
for (let more = true; more; ) {
  const begun = performance.now()
  more = (await store.write('trace.sweep', { before, at: 0, limit: SWEPT_ROWS })).more
  sweptMs.push(performance.now() - begun)
}
reportSteps('forgetting, a step with its commit', sweptMs)
await store.close()
rmSync(folder, { recursive: true })
