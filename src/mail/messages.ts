/** The messages of a mailbox: added, flagged, copied, moved, removed, read. Changes are published once they are durable. */
import type { Clock } from '../ops/clock.ts'
import { type Store, StoreError } from '../store/store.ts'
import type {
  AccountId,
  DescribedMessage,
  Flags,
  MailboxId,
  MessageConditions,
  MessageRow,
  MessageThreading,
  MessageWithBlob,
  MessageWithEmail,
  MessageWithHeader,
  Modseq,
  NewMessage,
  SearchField,
  SortKey,
  Uid,
  UidRange,
} from '../store/types.ts'
import { freeMemory } from '../wire/memory.ts'
import { AnsweredChanges, type KnownChanges, type ReadChanges } from './answered-changes.ts'
import { Arrangements } from './arrangements.ts'
import { Breather } from './breather.ts'
import type { Changes } from './changes.ts'
import { describedLength, describeInTurns, TooMuchDescribed } from './describe.ts'
import { DESCRIBED_AT_ONCE, ONCE_LOOKED_AT, SORT_KEY_CHARACTERS } from './limits.ts'
import { untold } from './progress.ts'
import { RecentMarks } from './recent-marks.ts'
import { inSlices } from './slices.ts'
import { localRunner } from './texts/jobs.ts'
import { TextSearcher } from './texts/text-search.ts'

export interface MailboxRef {
  accountId: AccountId
  mailboxId: MailboxId
}

export interface ReceivedMessage {
  bytes: Uint8Array
  flags: Flags
  /** Milliseconds since 1970; null for now. */
  internalDate: number | null
}

/** A message that is left out where it is there already. */
export interface Once {
  /** How many of the last ones of the mailbox are looked at. */
  among: number
  /** Whether one of the same Message-ID, of other bytes, stands for it. */
  isSame(there: Uint8Array): boolean
}

export interface FlagChange {
  uids: UidRange[]
  mode: 'add' | 'remove' | 'replace'
  flags: Flags
  /** RFC 7162 §3.1.3. */
  unchangedSince: Modseq | null
}

export interface Copied {
  uidValidity: number
  pairs: { from: Uid; to: Uid }[]
  modseq: Modseq
}

export interface Appended {
  uidValidity: number
  uids: Uid[]
  modseq: Modseq
  isThere: boolean
}

/** Rows of one read of the store, so that a page is built and written within one turn of the event loop. */
export const PAGE_ROWS = 500

/**
 * Up to so many messages, a field is looked through where it lies: 0.7 microseconds a row where its page is at hand, and some
 * milliseconds a page of rows where it is not. Of more, in threads of their own, by what is packed.
 */
export const FIELD_ROWS = 8 * PAGE_ROWS

/** Small rows that the store looks at by itself in one read: a millisecond, where all of them are found too. */
export const SCAN_ROWS = 2500

export class Messages {
  readonly #store: Store
  readonly #changes: Changes
  readonly #clock: Clock
  readonly #answeredChanges: AnsweredChanges
  readonly arrangements = new Arrangements()
  readonly texts: TextSearcher
  readonly recentMarks: RecentMarks

  /** `runner`: where texts are looked through; by default in this thread. */
  constructor(store: Store, changes: Changes, clock: Clock, runner = localRunner(store)) {
    this.texts = new TextSearcher(runner)
    this.#store = store
    this.#changes = changes
    this.#clock = clock
    this.recentMarks = new RecentMarks(store)
    this.#answeredChanges = new AnsweredChanges(store, PAGE_ROWS)
  }

  /** All or none; rejects with TooMuchDescribed. `once`: of a single message; `isThere` says that nothing was done. */
  async append(mailbox: MailboxRef, received: ReceivedMessage[], once: Once | null = null): Promise<Appended> {
    const at = this.#clock.now()
    const messages = await this.#staged(received, at)
    return this.#appendOnce(mailbox, { messages, at }, once)
  }

  /**
   * The same of one message in the place of another, which goes in the same step, or neither; rejects with `conflict` where that is gone.
   */
  async replace(
    { accountId, mailboxId }: MailboxRef,
    uid: Uid,
    target: MailboxRef,
    received: ReceivedMessage,
    once: Once | null,
  ): Promise<Appended> {
    const at = this.#clock.now()
    const messages = await this.#staged([received], at)
    // What goes doesn't stand for what comes.
    const except = mailboxId === target.mailboxId ? [uid] : []
    const appended = await this.#appendOnce(target, { messages, at, replaces: { mailboxId, uid } }, once, except)
    if (!appended.isThere) return appended
    const { uids, modseq } = await this.expunge({ accountId, mailboxId }, [{ from: uid, to: uid }], false)
    if (uids.length === 0) throw new StoreError('conflict', `message ${uid} is gone`)
    return { ...appended, modseq }
  }

  async #appendOnce(
    mailbox: MailboxRef,
    adds: { messages: NewMessage[]; at: number; replaces?: { mailboxId: MailboxId; uid: Uid } },
    once: Once | null,
    except: Uid[] = [],
  ): Promise<Appended> {
    const { messages } = adds
    const most = except.length + ONCE_LOOKED_AT
    for (;;) {
      const looks = once !== null && except.length < most
      const args = { ...ref(mailbox), ...adds, ...(looks && { onceAmong: once.among, except }) }
      const { emailIds, ...appended } = await this.#store.write('message.append', args)
      if (emailIds.length === messages.length) {
        this.#publish(mailbox, appended.modseq)
        return { ...appended, isThere: false }
      }
      const uid = appended.uids[0]!
      if (await this.#isSame(mailbox, uid, messages[0]!.email.blob.hash, once!)) return { ...appended, isThere: true }
      except.push(uid)
    }
  }

  /** Whether the message there is the one that was to be added: of the same bytes, or as `once` knows it. */
  async #isSame(mailbox: MailboxRef, uid: Uid, hash: string, once: Once): Promise<boolean> {
    const [there] = await this.withBlob(mailbox, { from: uid, to: uid })
    if (!there) return false
    if (there.blobHash === hash) return true
    const read = await this.bytesOnce(there.blobHash).catch((error: unknown) => {
      // One that can't be read any more stands for no other.
      if (error instanceof StoreError && (error.code === 'damaged' || error.code === 'not-found')) return null
      throw error
    })
    if (!read) return false
    const { bytes, isAlone } = read
    const isSame = once.isSame(bytes)
    if (isAlone) freeMemory(bytes)
    return isSame
  }

  /** All that the mailbox doesn't have yet, byte for byte, or none; how many they are, and how many were damaged here and are whole again. */
  async appendLacking(
    mailbox: MailboxRef,
    received: ReceivedMessage[],
  ): Promise<{ appended: number; restored: number }> {
    const at = this.#clock.now()
    const messages = await this.#staged(received, at, { proven: true })
    const args = { ...ref(mailbox), messages, lackingOnly: true as const, at }
    const { uids, modseq, restored = 0 } = await this.#store.write('message.append', args)
    if (uids.length > 0) this.#publish(mailbox, modseq)
    return { appended: uids.length, restored }
  }

  /** Where it rejects, some of them may be changed. */
  async setFlags(
    mailbox: MailboxRef,
    change: FlagChange,
    progress = untold,
  ): Promise<{ changed: { uid: Uid; flags: Flags; modseq: Modseq }[]; unmodified: Uid[] }> {
    const changed = []
    const unmodified = []
    for await (const slice of inSlices(change.uids, uids =>
      this.#store.write('message.flags', { ...ref(mailbox), ...change, uids }),
    )) {
      if (slice.changed.length > 0) this.#publish(mailbox, slice.modseq)
      changed.push(slice.changed)
      unmodified.push(slice.unmodified)
      progress.add(slice.changed.length + slice.unmodified.length)
    }
    return { changed: changed.flat(), unmodified: unmodified.flat() }
  }

  /** `expected`: how many messages the ranges are to hold, where some of them are gone by now nothing is done (`conflict`); null: what is there. */
  async copy(mailbox: MailboxRef, uids: UidRange[], expected: number | null, target: MailboxId): Promise<Copied> {
    const at = this.#clock.now()
    const copied = await this.#store.write('message.copy', {
      ...ref(mailbox),
      uids,
      target,
      ...(expected !== null && { expected }),
      at,
    })
    if (copied.pairs.length > 0) this.#publish(mailbox, copied.modseq)
    return copied
  }

  /** The same; where it rejects later on, some of them are moved (RFC 6851 §3.3). */
  async move(
    mailbox: MailboxRef,
    uids: UidRange[],
    expected: number | null,
    target: MailboxId,
    progress = untold,
  ): Promise<Copied> {
    const at = this.#clock.now()
    const pairs = []
    let last: Omit<Copied, 'pairs'> = { uidValidity: 0, modseq: 0 }
    for await (const slice of inSlices(uids, (rest, isFirst) => {
      const args = { ...ref(mailbox), uids: rest, target, at }
      return this.#store.write('message.move', isFirst && expected !== null ? { ...args, expected } : args)
    })) {
      if (slice.pairs.length > 0) this.#publish(mailbox, slice.modseq)
      pairs.push(slice.pairs)
      progress.add(slice.pairs.length)
      last = slice
    }
    return { uidValidity: last.uidValidity, pairs: pairs.flat(), modseq: last.modseq }
  }

  /** Removes the messages in the ranges; with `onlyDeleted`, those of them that have \Deleted. Where it rejects, some may be removed. */
  async expunge(
    mailbox: MailboxRef,
    uids: UidRange[],
    onlyDeleted: boolean,
    progress = untold,
  ): Promise<{ uids: Uid[]; modseq: Modseq }> {
    const at = this.#clock.now()
    const gone = []
    let modseq: Modseq = 0
    for await (const slice of inSlices(uids, rest =>
      this.#store.write('message.expunge', { ...ref(mailbox), uids: rest, onlyDeleted, at }),
    )) {
      if (slice.uids.length > 0) this.#publish(mailbox, slice.modseq)
      gone.push(slice.uids)
      progress.add(slice.uids.length)
      modseq = slice.modseq
    }
    return { uids: gone.flat(), modseq }
  }

  /** All UIDs of the mailbox, ascending; those above one. */
  async uids(mailbox: MailboxRef, above: Uid = 0): Promise<Uint32Array> {
    const breather = new Breather()
    const pages: Uint32Array[] = []
    for (let after = above; ; ) {
      const page = await this.#store.read('message.uids', { ...ref(mailbox), after, limit: UIDS_PAGE })
      pages.push(page)
      if (page.length < UIDS_PAGE) break
      after = page[page.length - 1]!
      await breather.pause()
    }
    if (pages.length === 1) return pages[0]!
    const all = new Uint32Array(pages.reduce((sum, page) => sum + page.length, 0))
    let at = 0
    for (const page of pages) {
      all.set(page, at)
      at += page.length
    }
    return all
  }

  /** One page of rows, at most PAGE_ROWS. */
  rows(mailbox: MailboxRef, range: UidRange): Promise<MessageRow[]> {
    return this.#store.read('message.rows', { ...ref(mailbox), ...range, limit: PAGE_ROWS })
  }

  /** With what a header sync asks for. */
  described(mailbox: MailboxRef, range: UidRange): Promise<DescribedMessage[]> {
    return this.#store.read('message.described', { ...ref(mailbox), ...range, limit: PAGE_ROWS })
  }

  withBlob(mailbox: MailboxRef, range: UidRange): Promise<MessageWithBlob[]> {
    return this.#store.read('message.withBlob', { ...ref(mailbox), ...range, limit: PAGE_ROWS })
  }

  withHeader(mailbox: MailboxRef, range: UidRange): Promise<MessageWithHeader[]> {
    return this.#store.read('message.withHeader', { ...ref(mailbox), ...range, limit: PAGE_ROWS })
  }

  withEmail(mailbox: MailboxRef, range: UidRange): Promise<MessageWithEmail[]> {
    return this.#store.read('message.withEmail', { ...ref(mailbox), ...range, limit: PAGE_ROWS })
  }

  /** One page, at most SCAN_ROWS. */
  matching(mailbox: MailboxRef, range: UidRange, conditions: MessageConditions): Promise<Uint32Array> {
    return this.#store.read('message.matching', { ...ref(mailbox), ...range, conditions, limit: SCAN_ROWS })
  }

  /** The first of a page's rows that meets the conditions. */
  async firstMatching(mailbox: MailboxRef, range: UidRange, conditions: MessageConditions): Promise<Uid | undefined> {
    return (await this.#store.read('message.matching', { ...ref(mailbox), ...range, conditions, limit: 1 }))[0]
  }

  /** One page, at most PAGE_ROWS, like those below. `text` is in the form of casemap.ts. */
  containing(mailbox: MailboxRef, range: UidRange, field: SearchField, text: string): Promise<Uint32Array> {
    return this.#store.read('message.containing', { ...ref(mailbox), ...range, field, text, limit: PAGE_ROWS })
  }

  /** By the Date field's own day. */
  sentBetween(mailbox: MailboxRef, range: UidRange, sentFrom: number, sentBefore: number): Promise<Uint32Array> {
    const days = { sentFrom, sentBefore }
    return this.#store.read('message.sentBetween', { ...ref(mailbox), ...range, ...days, limit: PAGE_ROWS })
  }

  /** Of texts the first SORT_KEY_CHARACTERS. */
  sortKeys(mailbox: MailboxRef, range: UidRange, by: SortKey): Promise<{ uid: Uid; key: number | string }[]> {
    const characters = SORT_KEY_CHARACTERS
    return this.#store.read('message.sortKeys', { ...ref(mailbox), ...range, by, characters, limit: PAGE_ROWS })
  }

  threading(mailbox: MailboxRef, range: UidRange): Promise<MessageThreading[]> {
    return this.#store.read('message.threading', { ...ref(mailbox), ...range, limit: PAGE_ROWS })
  }

  /** See AnsweredChanges.since: what is changed is a page. */
  changes(mailbox: MailboxRef, known: KnownChanges, fresh: boolean): Promise<ReadChanges | null> {
    return this.#answeredChanges.since(mailbox, known, fresh)
  }

  changedSince(mailbox: MailboxRef, since: Modseq, after: Uid): Promise<MessageRow[]> {
    return this.#store.read('message.changedSince', { ...ref(mailbox), since, after, limit: PAGE_ROWS })
  }

  expungedSince(mailbox: MailboxRef, since: Modseq): Promise<UidRange[]> {
    return this.#store.read('message.expungedSince', { ...ref(mailbox), since })
  }

  /** The message as it was received. */
  bytes(blobHash: string): Promise<Uint8Array> {
    return this.#store.blobs.read(blobHash)
  }

  /** The same for who needs them once; with `isAlone` nobody else has them. */
  bytesOnce(blobHash: string): Promise<{ bytes: Uint8Array; isAlone: boolean }> {
    return this.#store.blobs.readOnce(blobHash)
  }

  async #staged(received: ReceivedMessage[], at: number, { proven = false } = {}): Promise<NewMessage[]> {
    const messages: NewMessage[] = []
    const breather = new Breather()
    let held = 0
    for (const { bytes, flags, internalDate } of received) {
      // Before each but the first: one message by itself goes on at once.
      await breather.pause()
      const described = await describeInTurns(bytes)
      held += describedLength(described)
      if (held > DESCRIBED_AT_ONCE) throw new TooMuchDescribed()
      const blob = await this.#store.blobs.stage(bytes, { proven })
      messages.push({ email: { ...described, blob }, flags, internalDate: internalDate ?? at })
    }
    return messages
  }

  #publish({ accountId }: MailboxRef, modseq: Modseq): void {
    this.#changes.publish({ accountId, modseq })
  }
}

/** UIDs of one read: a few milliseconds. */
const UIDS_PAGE = 5000

const ref = ({ accountId, mailboxId }: MailboxRef): MailboxRef => ({ accountId, mailboxId })
