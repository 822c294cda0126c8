/**
 * The store's hot paths, on a real file with real durability. Usage: node bench/store.ts [folder]
 * The folder should lie on the disk that counts; it is removed at the end.
 */
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { systemClock } from '../src/ops/clock.ts'
import { openSqliteStore } from '../src/store/sqlite/open.ts'
import type { Flags } from '../src/store/types.ts'
import { emailOf, message } from './made-mail.ts'

const folder = await mkdtemp(path.join(process.argv[2] ?? tmpdir(), 'facteur-bench-'))
const store = await openSqliteStore({ path: path.join(folder, 'facteur.db'), clock: systemClock })

function report(what: string, value: string): void {
  console.log(`${what.padEnd(58)} ${value}`)
}

async function timed<T>(what: string, action: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const result = await action()
  report(what, `${(performance.now() - start).toFixed(1)} ms`)
  return result
}

const accounts: number[] = []
await store.write('domain.add', { name: 'bench.test', at: 1 })
for (let number = 1; number <= 200; number++) {
  const account = { passwordHash: null, quotaBytes: null, mailboxes: [], at: Date.now() }
  const { accountId } = await store.write('account.add', { ...account, address: `u${number}@bench.test` })
  accounts.push(accountId)
}

let delivered = 0
async function deliverAll(count: number, concurrency: number, bytes: number): Promise<void> {
  const first = delivered
  delivered += count
  const messages = Array.from({ length: count }, (_, index) => message(first + index, bytes))
  let next = 0
  const deliver = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) {
      const email = await emailOf(store, first + index, messages[index]!)
      const places = [{ mailbox: 'INBOX', flags: { system: 0, keywords: [] } }]
      const deliveries = [{ accountId: accounts[index % accounts.length]!, email, places }]
      await store.write('message.accept', { deliveries, queue: [], at: Date.now() })
    }
  }
  const busy = performance.eventLoopUtilization()
  const cpu = process.cpuUsage()
  const start = performance.now()
  await Promise.all(Array.from({ length: concurrency }, deliver))
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  const loop = performance.eventLoopUtilization(busy).utilization
  report(
    `message.accept, ${bytes} bytes, ${concurrency} at once`,
    `${((count / ms) * 1000).toFixed(0)}/s   loop busy ${(loop * 100).toFixed(0)} %   CPU ${((user + system) / count).toFixed(0)} µs each`,
  )
}
await deliverAll(2000, 50, 12_000)
await deliverAll(1000, 1, 12_000)
await deliverAll(10_000, 50, 12_000)
await deliverAll(10_000, 50, 2_000)
await deliverAll(300, 10, 300_000)

const accountId = accounts[0]!
const mailboxId = (await store.write('mailbox.create', { accountId, name: 'Large', specialUse: null, at: Date.now() }))
  .mailboxId
const target = (await store.write('mailbox.create', { accountId, name: 'Target', specialUse: null, at: Date.now() }))
  .mailboxId
const place = { accountId, mailboxId }
for (let first = 0; first < 20_000; first += 500) {
  const messages = []
  for (let index = 0; index < 500; index++)
    messages.push({
      email: await emailOf(store, 1_000_000 + first + index, message(first + index, 2000)),
      flags: { system: index % 3 === 0 ? 1 : 0, keywords: index % 10 === 0 ? ['$label1'] : [] },
      internalDate: Date.now(),
    })
  await store.write('message.append', { ...place, messages, at: Date.now() })
}
const all = [{ from: 1, to: 0xffffffff }]
const seen = { system: 1, keywords: [] }

async function pages(query: 'message.withEmail' | 'message.withIndex' | 'message.rows', limit: number): Promise<void> {
  let longest = 0
  const start = performance.now()
  for (let from = 1; ; ) {
    const begun = performance.now()
    const rows = await store.read(query, { ...place, from, to: 0xffffffff, limit })
    longest = Math.max(longest, performance.now() - begun)
    const last = rows.at(-1)
    if (!last) break
    from = last.uid + 1
  }
  report(
    `${query} of 20,000 in pages of ${limit}`,
    `${(performance.now() - start).toFixed(1)} ms, longest page ${longest.toFixed(1)} ms`,
  )
}
for (let round = 0; round < 3; round++) await pages('message.withEmail', 500)
await pages('message.withIndex', 500)
await pages('message.withIndex', 500)
await pages('message.rows', 500)
await pages('message.rows', 500)
await timed('message.uids of 20,000', () => store.read('message.uids', { ...place, after: 0, limit: 100_000 }))
const flags = (what: string, mode: 'add' | 'remove', change: Flags = seen): Promise<{ changed: unknown[] }> =>
  timed(what, () => store.write('message.flags', { ...place, uids: all, mode, flags: change, unchangedSince: null }))
await flags('message.flags +Seen on 20,000 (two thirds change)', 'add')
await flags('message.flags -Seen on 20,000', 'remove')
await flags('message.flags +$keyword on 20,000', 'add', { system: 0, keywords: ['$keyword'] })
await flags('message.flags +$keyword on 20,000 (nothing changes)', 'add', { system: 0, keywords: ['$keyword'] })
const few = [{ from: 5000, to: 5000 }]
const one = { ...place, uids: few, mode: 'add' as const, unchangedSince: null }
await timed('message.flags +Flagged on 1', () =>
  store.write('message.flags', { ...one, flags: { system: 4, keywords: [] } }),
)
const mailbox = await store.read('mailbox.byName', { accountId: place.accountId, name: 'Large' })
const since = mailbox!.highestModseq - 1
await timed('mailbox.changes, 1 of 20,000', () =>
  store.read('mailbox.changes', { ...place, since, expungedSince: since, limit: 500 }),
)
for (let round = 0; round < 2; round++)
  await timed('message.copy of 1,000', () =>
    store.write('message.copy', { ...place, uids: [{ from: 1001, to: 2000 }], target, at: Date.now() }),
  )
await timed('message.move of 500', () =>
  store.write('message.move', { ...place, uids: [{ from: 3001, to: 3500 }], target, at: Date.now() }),
)
await timed('message.move of every second of 1,000', () => {
  const uids = Array.from({ length: 500 }, (_, index) => ({ from: 4000 + 2 * index, to: 4000 + 2 * index }))
  return store.write('message.move', { ...place, uids, target, at: Date.now() })
})
await timed('message.expunge of 5,000', () =>
  store.write('message.expunge', { ...place, uids: [{ from: 5001, to: 10_000 }], onlyDeleted: false, at: Date.now() }),
)

const bytes = message(1, 2000)
const recipient = (address: string): { address: string; destination: string } => ({
  address,
  destination: address.slice(address.indexOf('@') + 1),
})
async function queueUp(addresses: string[]): Promise<void> {
  const recipients = addresses.map(address => ({
    ...recipient(address),
    notify: null,
    originalRecipient: null,
    nextAttemptAt: 0,
  }))
  const queue = {
    reversePath: '',
    blob: await store.blobs.stage(bytes),
    sizeBytes: bytes.byteLength,
    accountId: null,
    ret: null,
    envelopeId: null,
    smtpUtf8: false,
    eightBit: false,
    recipients,
  }
  await store.write('message.accept', { deliveries: [], queue: [queue], at: 1 })
}
for (let batch = 0; batch < 50; batch++)
  await queueUp(Array.from({ length: 1000 }, (_, index) => `${batch}-${index}@busy.test`))
for (let batch = 0; batch < 50; batch++)
  await queueUp(Array.from({ length: 1000 }, (_, index) => `x@d${batch}-${index}.test`))
const lease = (what: string): Promise<unknown[]> =>
  timed(what, () =>
    store.write('queue.lease', { owner: 'bench', now: 10, leaseMs: 1e9, limit: 50, perDestination: 20 }),
  )
await lease('queue.lease of 50 among 100,000, the front busy')
for (let round = 0; round < 2; round++) await lease('queue.lease of 50 behind 50,000 of a busy destination')
await timed('queue.counts of 100,000', () => store.read('queue.counts', {}))
await timed('queue.nextDue of 100,000', () => store.read('queue.nextDue', { now: 10 }))
await timed('verify', async () => {
  for await (const damage of store.verify()) console.log('damage', damage)
})
await store.close()
rmSync(folder, { recursive: true })
