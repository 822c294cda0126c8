/**
 * INBOX as a maildrop (RFC 1939): one owner at a time, the same messages for as long as it is open, removal in one step.
 *
 * - What arrives later is not seen; what another session removes meanwhile keeps its number and reads as gone.
 * - A unique-id is the mailbox's UIDVALIDITY and the message's UID, so it is never given to another message.
 */
import type { Clock } from '../ops/clock.ts'
import { type Store, StoreError } from '../store/store.ts'
import type { AccountId, MailboxId, UidRange } from '../store/types.ts'
import type { Changes } from './changes.ts'
import { inSlices } from './slices.ts'

export interface MaildropSummary {
  messages: number
  bytes: number
}

/** Rows of one read, so that a large mailbox is opened in many short turns. */
const PAGE_ROWS = 1_000
/** Messages whose blobs are looked up together: programs fetch one after the other. */
const LOOKED_UP_TOGETHER = 32

/** Keeps an account's maildrop from being opened elsewhere. */
export interface MaildropLocks {
  /** False where it is open on another node. */
  take(accountId: AccountId): Promise<boolean>
  release(accountId: AccountId): void
}

export interface MaildropServices {
  store: Store
  /** By default there are no other nodes. */
  locks?: MaildropLocks
  changes: Changes
  clock: Clock
}

/** Opens maildrops, one at a time for each account. */
export class Maildrops {
  readonly #services: MaildropServices
  readonly #open = new Set<AccountId>()

  constructor(services: MaildropServices) {
    this.#services = services
  }

  /** Of all mailboxes; null: none has a limit. */
  leastKeepDays(): Promise<number | null> {
    return this.#services.store.read('pop3.leastKeepDays', {})
  }

  /** `in-use` while another one is open. Whoever gets one must `close()` it. */
  async open(accountId: AccountId): Promise<Maildrop | 'in-use'> {
    if (this.#open.has(accountId)) return 'in-use'
    this.#open.add(accountId)
    const { locks } = this.#services
    let isLocked = false
    const release = (): void => {
      this.#open.delete(accountId)
      if (isLocked) locks?.release(accountId)
    }
    try {
      if (locks && !(await locks.take(accountId))) {
        release()
        return 'in-use'
      }
      isLocked = true
      return await openMaildrop(this.#services, accountId, release)
    } catch (error) {
      release()
      throw error
    }
  }
}

async function openMaildrop(services: MaildropServices, accountId: AccountId, release: () => void): Promise<Maildrop> {
  const { store } = services
  const inbox = await store.read('mailbox.byName', { accountId, name: 'INBOX' })
  if (!inbox) throw new StoreError('not-found', 'The account has no INBOX')
  const { mailboxId, uidValidity, uidNext } = inbox
  const uids: number[] = []
  const sizes: number[] = []
  for (let from = 1; from < uidNext; ) {
    const page = await store.read('message.rows', { accountId, mailboxId, from, to: uidNext - 1, limit: PAGE_ROWS })
    for (const { uid, sizeBytes } of page) {
      uids.push(uid)
      sizes.push(sizeBytes)
    }
    if (page.length < PAGE_ROWS) break
    from = page.at(-1)!.uid + 1
  }
  const keepDays = await store.read('pop3.keepDays', { accountId })
  const contents = { keepDays, uidValidity, uids: Uint32Array.from(uids), sizes: Float64Array.from(sizes) }
  return new Maildrop(services, { accountId, mailboxId }, contents, release)
}

interface Contents {
  keepDays: number | null
  uidValidity: number
  uids: Uint32Array
  sizes: Float64Array
}

export class Maildrop {
  readonly #services: MaildropServices
  readonly #inbox: { accountId: AccountId; mailboxId: MailboxId }
  readonly #contents: Contents
  readonly #release: () => void
  /** Positions marked for removal. */
  readonly #marked = new Set<number>()
  #markedBytes = 0
  /** UIDs whose retrieval is still to be noted. */
  readonly #retrieved = new Set<number>()
  readonly #totalBytes: number
  /** Blobs of a run of messages, by UID. */
  #blobs = new Map<number, string>()
  #closed = false

  constructor(
    services: MaildropServices,
    inbox: { accountId: AccountId; mailboxId: MailboxId },
    contents: Contents,
    release: () => void,
  ) {
    this.#services = services
    this.#inbox = inbox
    this.#contents = contents
    this.#release = release
    this.#totalBytes = contents.sizes.reduce((sum, size) => sum + size, 0)
  }

  get accountId(): AccountId {
    return this.#inbox.accountId
  }

  /** Days that the mailbox keeps what was retrieved; null: until it is deleted. */
  get keepDays(): number | null {
    return this.#contents.keepDays
  }

  /** Messages there were when it was opened; those marked included. */
  get length(): number {
    return this.#contents.uids.length
  }

  /** Without what is marked. */
  get summary(): MaildropSummary {
    return { messages: this.length - this.#marked.size, bytes: this.#totalBytes - this.#markedBytes }
  }

  /** Positions count from 0. */
  isMarked(position: number): boolean {
    return this.#marked.has(position)
  }

  sizeOf(position: number): number {
    return this.#contents.sizes[position]!
  }

  /** 1 to 70 printable characters (RFC 1939 §7). */
  uniqueIdOf(position: number): string {
    return `${this.#contents.uidValidity}.${this.#contents.uids[position]!}`
  }

  mark(position: number): void {
    if (this.#marked.has(position)) return
    this.#marked.add(position)
    this.#markedBytes += this.sizeOf(position)
  }

  unmarkAll(): void {
    this.#marked.clear()
    this.#markedBytes = 0
  }

  /** The message as it is stored; with `isAlone` nobody else has its memory. Null where it was removed since. */
  async read(position: number): Promise<{ bytes: Uint8Array; isAlone: boolean } | null> {
    const uid = this.#contents.uids[position]!
    const hash = this.#blobs.get(uid) ?? (await this.#lookUp(uid))
    if (hash === undefined) return null
    try {
      return await this.#services.store.blobs.readOnce(hash)
    } catch (error) {
      if (error instanceof StoreError && error.code === 'not-found') return null
      throw error
    }
  }

  /** Removes what is marked. Returns how many; where it rejects, some of them may be gone. */
  async removeMarked(): Promise<number> {
    const removed = this.#marked.size
    if (removed === 0) return 0
    const uids = rangesOf([...this.#marked].map(position => this.#contents.uids[position]!))
    const { accountId } = this.#inbox
    const { store, changes, clock } = this.#services
    const at = clock.now()
    for await (const { modseq } of inSlices(uids, rest =>
      store.write('message.expunge', { ...this.#inbox, uids: rest, onlyDeleted: false, at }),
    ))
      changes.publish({ accountId, modseq })
    return removed
  }

  retrieved(position: number): void {
    if (this.keepDays !== null) this.#retrieved.add(this.#contents.uids[position]!)
  }

  /** Writes down what was retrieved, so that its days count from now. */
  async noteRetrieved(): Promise<void> {
    if (this.#retrieved.size === 0) return
    const uids = rangesOf([...this.#retrieved])
    this.#retrieved.clear()
    await this.#services.store.write('pop3.retrieved', { ...this.#inbox, uids, at: this.#services.clock.now() })
  }

  /** Lets the next owner in. Marks are forgotten. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#release()
  }

  async #lookUp(uid: number): Promise<string | undefined> {
    const rows = await this.#services.store.read('message.withBlob', {
      ...this.#inbox,
      from: uid,
      to: 0xffffffff,
      limit: LOOKED_UP_TOGETHER,
    })
    this.#blobs = new Map(rows.map(row => [row.uid, row.blobHash]))
    return this.#blobs.get(uid)
  }
}

/** Ascending ranges of the UIDs. */
function rangesOf(uids: number[]): UidRange[] {
  const ranges: UidRange[] = []
  for (const uid of uids.sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && last.to === uid - 1) last.to = uid
    else ranges.push({ from: uid, to: uid })
  }
  return ranges
}
