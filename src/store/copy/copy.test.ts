/** A copy between stores in files; on PostgreSQL and a bucket it is in test/integration/store-copy.test.ts. */
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { damagesOf, newAccount, newEmail, newQueueMessage, noFlags } from '../../../test/contract/store-fixtures.ts'
import { whyNoDisks } from '../../../test/faults/disks.ts'
import { openSqliteReader, openSqliteStore } from '../sqlite/open.ts'
import type { Store } from '../store.ts'
import { type CopyEvent, copyStore } from './copy.ts'
import type { CopyTarget } from './end.ts'
import { openSqliteSource, openSqliteTarget } from './sqlite.ts'

const clock = { now: () => 1_000_000 }
let folder: string
let from: string
let to: string

async function withStore<T>(data: string, use: (store: Store) => Promise<T>, blobs = ownBlobs(data)): Promise<T> {
  const store = await openSqliteStore({ path: path.join(data, 'facteur.db'), blobs, clock })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

const ownBlobs = (data: string): string => path.join(data, 'blobs')

/** `spoil`: what becomes of the target on the way. */
async function copy(
  spoil: (target: CopyTarget) => CopyTarget = target => target,
  targetBlobs = ownBlobs(to),
): Promise<CopyEvent[]> {
  const source = openSqliteSource(path.join(from, 'facteur.db'))
  try {
    const target = openSqliteTarget(path.join(to, 'facteur.db'), 1)
    try {
      const events: CopyEvent[] = []
      await copyStore({
        source,
        target: spoil(target),
        sourceBlobs: ownBlobs(from),
        targetBlobs,
        clock,
        tell: event => void events.push(event),
      })
      return events
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** Before each of these calls, `spoil`. */
function spoiled(target: CopyTarget, names: (keyof CopyTarget)[], spoil: () => void): CopyTarget {
  return new Proxy(target, {
    get: (object, name) => {
      const value: unknown = Reflect.get(object, name)
      if (typeof value !== 'function') return value
      if (!names.includes(name as keyof CopyTarget)) return value.bind(object)
      return async (...args: unknown[]) => {
        spoil()
        return Reflect.apply(value, object, args)
      }
    },
  })
}

/** What a process that is killed may leave behind: the target's folder as it was at each step of a copy, copied to `kept`. */
async function statesOfCopy(kept: string): Promise<string[]> {
  const states: string[] = []
  const seen = new Set<string>()
  const keep = (): void => {
    if (!existsSync(to)) return
    const digest = createHash('sha256')
    for (const name of readdirSync(to, { recursive: true, encoding: 'utf8' }).sort()) {
      if (/-shm$|\.lock/.test(name)) continue
      digest.update(`\0${name}\0`)
      if (/^facteur\.db|^packs\/\d/.test(name)) digest.update(readFileSync(path.join(to, name)))
    }
    const state = digest.digest('hex')
    if (seen.has(state)) return
    seen.add(state)
    states.push(path.join(kept, String(states.length)))
    cpSync(to, states.at(-1)!, { recursive: true })
  }
  for (const name of ['exec', 'prepare'] as const) {
    const original: (text: string) => unknown = DatabaseSync.prototype[name]
    vi.spyOn(DatabaseSync.prototype, name).mockImplementation(function (this: DatabaseSync, text: string): never {
      keep()
      return Reflect.apply(original, this, [text]) as never
    })
  }
  try {
    await copy()
  } finally {
    vi.restoreAllMocks()
  }
  return states
}

/** What one who would read it is told of the store. */
async function toldOf(data: string): Promise<string> {
  try {
    await (await openSqliteReader({ path: path.join(data, 'facteur.db') })).close()
    return 'whole'
  } catch (error) {
    return /no store|of version 0|has not ended/.exec(String(error))?.[0] ?? String(error)
  }
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'facteur-copy-'))
  from = path.join(folder, 'from')
  to = path.join(folder, 'to')
  await withStore(from, async store => {
    const { accountId, inbox } = await newAccount(store)
    // In the row, in a pack, in a file.
    for (const bytes of [10, 5000, 200_000]) {
      const email = await newEmail(store, randomBytes(bytes), { subject: 'NUL \0 AND ☃' })
      const messages = [{ email, flags: noFlags, internalDate: 1 }]
      await store.write('message.append', { accountId, mailboxId: inbox, messages, at: 1 })
    }
    const queue = [await newQueueMessage(store, [{ address: 'c@far.test' }], 'queued')]
    await store.write('message.accept', { deliveries: [], queue, at: 1 })
  })
})
afterEach(() => rmSync(folder, { recursive: true }))

it('copies everything, and goes on giving ids where the source would', async () => {
  const events = await copy()
  expect(events[0]).toMatchObject({ event: 'begin', blobs: 1 })
  expect(events.at(-1)).toMatchObject({ event: 'end', blobs: 1, blobBytes: 200_000 })
  await withStore(to, async store => {
    expect(await damagesOf(store)).toEqual([])
    const next = await newQueueMessage(store, [{ address: 'd@far.test' }], 'next')
    const { queueIds } = await store.write('message.accept', { deliveries: [], queue: [next], at: 1 })
    expect(queueIds).toEqual([2])
    expect(readdirSync(path.join(to, 'packs'))).toEqual(['1', 'store-id'])
  })
})

it('leaves nothing leased to a service that was killed: who comes next sends it at once', async () => {
  const lease = { leaseMs: 45 * 60_000, limit: 9, perDestination: 9 }
  await withStore(from, async store => {
    expect(await store.write('queue.lease', { owner: 'service', now: clock.now(), ...lease })).toHaveLength(1)
  })
  const source = new DatabaseSync(path.join(from, 'facteur.db'))
  const sending = "'e', 'domain.added', '{}', 'waiting', 1, 9000000, 'service', 9999999, NULL, NULL, NULL, 1"
  source.exec(`INSERT INTO webhook_delivery VALUES ('w', ${sending})`)
  source.close()
  await copy()
  await withStore(to, async store => {
    expect(await damagesOf(store)).toEqual([])
    expect(await store.write('queue.lease', { owner: 'a node', now: clock.now(), ...lease })).toHaveLength(1)
  })
  const target = new DatabaseSync(path.join(to, 'facteur.db'))
  const delivery = target.prepare('SELECT lease_owner, available_at FROM webhook_delivery').get()
  target.close()
  expect(delivery).toEqual({ lease_owner: null, available_at: 1 })
})

it('goes on where it was ended, at each of its transactions', async () => {
  let whole = 0
  for (let failAt = 1; ; failAt++) {
    let writes = 0
    const failing = (target: CopyTarget): CopyTarget =>
      spoiled(target, ['write', 'note', 'setCounters', 'finish'], () => {
        if (++writes === failAt) throw new Error('ended here')
      })
    rmSync(to, { recursive: true, force: true })
    const ended = await copy(failing).then(
      () => false,
      () => true,
    )
    if (!ended) break
    whole = failAt
    await expect(openSqliteReader({ path: path.join(to, 'facteur.db') })).rejects.toThrow('has not ended')
    await expect(withStore(to, async () => {})).rejects.toThrow('has not ended')
    const events = await copy()
    expect(events[0]).toMatchObject({ event: 'resume' })
    expect(events.at(-1)).toMatchObject({ event: 'end' })
  }
  expect(whole).toBeGreaterThan(8)
  await withStore(to, async store => expect(await damagesOf(store)).toEqual([]))
})

it('goes on where its process was killed, whatever was on disk', async () => {
  const states = await statesOfCopy(path.join(folder, 'states'))
  const told: string[] = []
  for (const state of states) {
    rmSync(to, { recursive: true })
    cpSync(state, to, { recursive: true })
    const now = await toldOf(to)
    if (now !== told.at(-1)) told.push(now)
    if (now === 'whole') {
      await expect(copy()).rejects.toMatchObject({ code: 'not-empty' })
      continue
    }
    if (now === 'has not ended') {
      await expect(withStore(to, async () => {})).rejects.toThrow(now)
      expect(() => openSqliteSource(path.join(to, 'facteur.db'))).toThrow(now)
    }
    expect((await copy()).at(-1)).toMatchObject({ event: 'end' })
  }
  expect(told).toEqual(['no store', 'of version 0', 'has not ended', 'whole'])
  expect(states.length).toBeGreaterThan(12)
})

it('says so where the source was used since it was begun', async () => {
  const end = (): never => {
    throw new Error('ended here')
  }
  await expect(copy(target => spoiled(target, ['setCounters'], end))).rejects.toThrow('ended here')
  await withStore(from, store => store.write('domain.add', { name: 'new.test', at: 1 }))
  await expect(copy()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('domain') })
})

it('copies no damage, and never into what is there', async () => {
  await withStore(to, store => newAccount(store, 'other@two.test'))
  await expect(copy()).rejects.toMatchObject({ code: 'not-empty' })
  rmSync(to, { recursive: true })
  const [file] = readdirSync(path.join(from, 'blobs'), { recursive: true, encoding: 'utf8' }).filter(
    name => name.length > 60,
  )
  writeFileSync(path.join(from, 'blobs', file!), randomBytes(200_000))
  await expect(copy()).rejects.toMatchObject({ code: 'damaged' })
})

it('takes large messages over that stay where they are: the source is refused from then on', async () => {
  const blobs = ownBlobs(from)
  const end = (): never => {
    throw new Error('ended here')
  }
  // Until all is proved they are the source's; where it is ended behind that, nobody's but the copy's.
  await expect(copy(target => spoiled(target, ['setCounters'], end), blobs)).rejects.toThrow('ended here')
  await withStore(from, async () => {})
  await expect(copy(target => spoiled(target, ['finish'], end), blobs)).rejects.toThrow('ended here')
  const refusal = { code: 'unavailable', message: expect.stringMatching('took them over') }
  await expect(withStore(from, async () => {})).rejects.toMatchObject(refusal)
  await copy(undefined, blobs)
  await withStore(to, async store => expect(await damagesOf(store)).toEqual([]), blobs)
  await expect(withStore(from, async () => {})).rejects.toMatchObject(refusal)
  rmSync(to, { recursive: true })
  await expect(copy(undefined, blobs)).rejects.toMatchObject({ code: 'not-empty' })
  // The way back, as docs/operate/moving.md has it.
  rmSync(path.join(blobs, 'store-id'))
  await withStore(from, async store => expect(await damagesOf(store)).toEqual([]))
})

it('leaves a source with a place of its own as it was, and goes back into a new one', async () => {
  await copy()
  await withStore(from, async () => {})
  const first = from
  from = to
  to = path.join(folder, 'back')
  await copy(undefined, ownBlobs(from))
  await withStore(to, async store => expect(await damagesOf(store)).toEqual([]), ownBlobs(from))
  await expect(withStore(from, async () => {})).rejects.toMatchObject({ code: 'unavailable' })
  await withStore(first, async () => {})
})

it('is refused where packs or large messages of another store are', async () => {
  const other = path.join(folder, 'other')
  await withStore(other, async () => {})
  await expect(copy(undefined, ownBlobs(other))).rejects.toMatchObject({
    code: 'not-empty',
    message: expect.stringContaining('belongs to another store'),
  })
  rmSync(to, { recursive: true, force: true })
  cpSync(path.join(from, 'packs'), path.join(to, 'packs'), { recursive: true })
  await expect(copy()).rejects.toMatchObject({ code: 'not-empty', message: expect.stringContaining('(packs)') })
})

const why = whyNoDisks()

describe.skipIf(why !== null)(`from a disk that can only be read (${why ?? 'a bind mount'})`, () => {
  // As `.backup` makes it, and as a snapshot of a running service has it.
  for (const endings of [[''], ['', '-wal', '-shm']])
    it(`takes ${endings.map(ending => `facteur.db${ending}`).join(', ')}`, async () => {
      const left = path.join(folder, 'left')
      await withStore(from, async store => {
        await store.write('domain.add', { name: 'late.test', at: 1 })
        for (const name of ['packs', 'blobs']) cpSync(path.join(from, name), path.join(left, name), { recursive: true })
        if (endings.length === 1) {
          const database = new DatabaseSync(path.join(from, 'facteur.db'))
          database.exec(`VACUUM INTO '${path.join(left, 'facteur.db')}'`)
          database.close()
          const copied = new DatabaseSync(path.join(left, 'facteur.db'))
          copied.exec('PRAGMA journal_mode = WAL')
          copied.close()
        } else
          for (const ending of endings)
            cpSync(path.join(from, `facteur.db${ending}`), path.join(left, `facteur.db${ending}`))
      })
      execFileSync('mount', ['--bind', left, left])
      try {
        execFileSync('mount', ['-o', 'remount,ro,bind', left])
        const reader = await openSqliteReader({ path: path.join(left, 'facteur.db') })
        expect(await damagesOf(reader)).toEqual([])
        await reader.close()
        from = left
        expect((await copy()).at(-1)).toMatchObject({ event: 'end' })
        await withStore(to, async store => {
          expect(await store.read('domain.list', {})).toContainEqual(expect.objectContaining({ name: 'late.test' }))
        })
      } finally {
        execFileSync('umount', [left])
      }
    })
})

it.skipIf(process.geteuid?.() !== 0)('leaves nothing of root’s beside a source that is another’s', async () => {
  rmSync(path.join(from, 'facteur.db.lock'), { force: true })
  const all = (): string[] =>
    ['', ...readdirSync(from, { recursive: true, encoding: 'utf8' })].map(name => path.join(from, name))
  for (const file of all()) chownSync(file, 65534, 65534)
  await copy()
  expect(all()).toContain(path.join(from, 'facteur.db.lock'))
  expect(all().filter(file => statSync(file).uid !== 65534 || statSync(file).gid !== 65534)).toEqual([])
})
