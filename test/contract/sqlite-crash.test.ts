/** What was acknowledged is there, whatever ended the process or filled the disk. */
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../src/ops/clock.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import { type Store, StoreError } from '../../src/store/store.ts'
import { damagesOf, delivery, newAccount, newEmail } from './store-fixtures.ts'

const kills = 5

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'facteur-crash-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Every Message-ID in the account's mailboxes, with how many emails bear it. Copies are of one email. */
async function messageIds(store: Store, accountId: number): Promise<Map<string, number>> {
  const found = new Map<string, Set<number>>()
  for (const { mailboxId } of await store.read('mailbox.list', { accountId }))
    for (let from = 1; ; ) {
      const page = await store.read('message.withIndex', { accountId, mailboxId, from, to: 0xffffffff, limit: 500 })
      for (const { index, emailId } of page)
        found.set(index.messageId, (found.get(index.messageId) ?? new Set()).add(emailId))
      const last = page.at(-1)
      if (!last) break
      from = last.uid + 1
    }
  return new Map([...found].map(([messageId, emails]) => [messageId, emails.size]))
}

async function writeUntilKilled(file: string, run: string): Promise<string[]> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'crash-child.ts'), file, run], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // Somewhere in the midst of the writing, elsewhere each time, however slow the machine is: so many later, and some time.
  const enough = randomInt(30, 150)
  let output = ''
  let dying: NodeJS.Timeout | null = null
  await new Promise<void>((resolve, reject) => {
    child.on('exit', (code, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(`it ended with ${code}`))))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (dying === null && output.split('accepted').length > enough)
        dying = setTimeout(() => child.kill('SIGKILL'), randomInt(0, 50))
    })
  })
  return output.split('\n').flatMap(line => (line.startsWith('accepted ') ? [line.slice('accepted '.length)] : []))
}

it(`keeps what was acknowledged, once, through ${kills} kills in the midst of writing`, {
  timeout: 180_000,
}, async () => {
  const file = path.join(folder, 'facteur.db')
  const accepted: string[] = []
  for (let run = 0; run < kills; run++) accepted.push(...(await writeUntilKilled(file, String(run))))
  expect(accepted.length).toBeGreaterThan(100)
  const store = await openSqliteStore({ path: file, clock: systemClock })
  try {
    expect(await damagesOf(store)).toEqual([])
    const account = await store.read('account.byAddress', { address: 'ann@one.test' })
    const found = await messageIds(store, account!.accountId)
    expect(accepted.filter(messageId => found.get(messageId) !== 1)).toEqual([])
    // What was not acknowledged is there once or not at all.
    expect([...found].filter(([, times]) => times !== 1)).toEqual([])
    const queued = await store.read('queue.counts', {})
    expect(queued).toEqual([{ status: 'queued', recipients: found.size }])
  } finally {
    await store.close()
  }
})

function mountSmallDisk(at: string): string | null {
  if (process.platform !== 'linux') return 'only on Linux'
  if (process.getuid?.() !== 0) return 'mounting a small disk needs root'
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', at], { stdio: 'pipe' })
    return null
  } catch (error) {
    return `no small disk can be mounted here: ${error instanceof Error ? error.message : error}`
  }
}

it('answers unavailable on a full disk, loses nothing it acknowledged, and goes on when there is room', async context => {
  const disk = path.join(folder, 'disk')
  await mkdir(disk)
  const reason = mountSmallDisk(disk)
  if (reason) return context.skip(reason)
  try {
    const ballast = path.join(disk, 'ballast')
    await writeFile(ballast, randomBytes(4_000_000))
    const store = await openSqliteStore({ path: path.join(disk, 'facteur.db'), clock: systemClock })
    const { accountId } = await newAccount(store)
    const accepted: string[] = []
    const accept = async (messageId: string, bytes: number): Promise<void> => {
      const email = await newEmail(store, randomBytes(bytes), { messageId })
      const deliveries = [delivery(accountId, email)]
      await store.write('message.accept', { deliveries, queue: [], at: 1 })
      accepted.push(messageId)
    }
    const refusals: unknown[] = []
    for (let round = 0; refusals.length === 0; round++) {
      const attempts = Array.from({ length: 8 }, (_, index) =>
        accept(`${round}-${index}`, index === 0 ? 140_000 : 40_000),
      )
      for (const outcome of await Promise.allSettled(attempts))
        if (outcome.status === 'rejected') refusals.push(outcome.reason)
    }
    expect(refusals.filter(error => !(error instanceof StoreError && error.code === 'unavailable'))).toEqual([])
    await rm(ballast)
    await accept('after', 1000)
    expect([...(await messageIds(store, accountId)).keys()].sort()).toEqual(accepted.sort())
    expect(await damagesOf(store)).toEqual([])
    await store.close()
  } finally {
    execFileSync('umount', [disk])
  }
})
