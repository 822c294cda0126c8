/**
 * What is done in threads of their own: everything that reads or unpacks many messages. A job is a value, and so is what it
 * answers.
 */
import { type Blobs, type Store, StoreError } from '../../store/store.ts'
import {
  type NewText,
  type TextChange,
  type TextSearch,
  type TextSource,
  TextVerdict,
} from '../../store/types/texts.ts'
import type { AccountId, EmailId, MailboxId, UidRange } from '../../store/types.ts'
import { NUMBERS_AT_ONCE, PACKED_BYTES, PACKED_EMAILS, PACKED_MESSAGE_BYTES, SEGMENTS_AT_ONCE } from './limits.ts'
import { ReadMessage, textOf } from './message-text.ts'

/** A store that is only read. */
export interface TextReader {
  read: Store['read']
  blobs: Pick<Blobs, 'read'>
}

interface Jobs {
  /** One page of a mailbox: its UIDs and the numbers of their emails. */
  numbers: {
    job: { accountId: AccountId; mailboxId: MailboxId } & UidRange
    result: { uids: Uint32Array; numbers: Uint32Array }
  }
  /** A TextVerdict for each, by what is packed. */
  find: { job: { accountId: AccountId; numbers: Uint32Array; search: TextSearch }; result: Uint8Array }
  /** The same by the messages themselves: each is found or not. */
  read: { job: { accountId: AccountId; numbers: Uint32Array; search: TextSearch }; result: Uint8Array }
  /** The next texts of an account; null where they are of fewer emails. `unreadable`: emails whose bytes are damaged. */
  pack: { job: { accountId: AccountId; atLeast: number }; result: { change: TextChange; unreadable: EmailId[] } | null }
  /** The next page of segments with texts of an earlier form; `last` it looked at, null at the end. */
  earlier: { job: { after: EmailId }; result: { segments: EmailId[]; last: EmailId | null } }
  /** A segment without emails that are gone, and with new texts in place of those of an earlier form. */
  renew: { job: { segment: EmailId }; result: TextChange | null }
}

export type JobName = keyof Jobs
export type Job<Name extends JobName> = Jobs[Name]['job']
export type JobResult<Name extends JobName> = Jobs[Name]['result']

/** Runs jobs, wherever. */
export interface TextRunner {
  /** Rejects with what the store does. */
  run<Name extends JobName>(name: Name, job: Job<Name>): Promise<JobResult<Name>>
  close(): Promise<void>
}

/** In this thread: for a store in memory, which no other can see. */
export function localRunner(reader: TextReader): TextRunner {
  return { run: (name, job) => runJob(reader, name, job), close: async () => {} }
}

const runners: { [Name in JobName]: (reader: TextReader, job: Job<Name>) => Promise<JobResult<Name>> } = {
  numbers: (reader, job) => reader.read('text.numbers', { ...job, limit: NUMBERS_AT_ONCE }),
  find: (reader, job) => reader.read('text.find', job),
  read: readMessages,
  pack: packTexts,
  earlier: (reader, job) => reader.read('text.earlier', { ...job, limit: SEGMENTS_AT_ONCE }),
  renew: renewTexts,
}

export function runJob<Name extends JobName>(reader: TextReader, name: Name, job: Job<Name>): Promise<JobResult<Name>> {
  return runners[name](reader, job)
}

async function readMessages(reader: TextReader, { accountId, numbers, search }: Job<'read'>): Promise<Uint8Array> {
  const sources = await reader.read('text.sources', { accountId, numbers: [...numbers] })
  const found = new Uint8Array(numbers.length)
  let at = 0
  for (const source of sources) {
    // Those that are gone have no source; both ascend.
    while (numbers[at]! < source.number) at++
    const verdict = (await meets(reader, source, search)) ? TextVerdict.Yes : TextVerdict.No
    for (; numbers[at] === source.number; at++) found[at] = verdict
  }
  return found
}

async function meets(reader: TextReader, source: TextSource, search: TextSearch): Promise<boolean> {
  let message: ReadMessage | null = null
  const meetsOne = async (search: TextSearch): Promise<boolean> => {
    if ('all' in search) {
      for (const each of search.all) if (!(await meetsOne(each))) return false
      return true
    }
    if ('any' in search) {
      for (const each of search.any) if (await meetsOne(each)) return true
      return false
    }
    if ('not' in search) return !(await meetsOne(search.not))
    if (search.in !== 'header' && search.text === '') return true
    if (search.in !== 'header' && search.in !== 'body' && search.in !== 'message')
      return source.fields[search.in].includes(search.text)
    try {
      message ??= new ReadMessage(await reader.blobs.read(source.blobHash))
    } catch (error) {
      // It was removed meanwhile.
      if (error instanceof StoreError && error.code === 'not-found') return false
      throw error
    }
    if (search.in === 'header') return message.hasField(search.name, search.text)
    return search.in === 'body' ? message.hasInBody(search.text) : message.has(search.text)
  }
  return meetsOne(search)
}

async function packTexts(reader: TextReader, { accountId, atLeast }: Job<'pack'>): Promise<JobResult<'pack'>> {
  const sources = await reader.read('text.next', { accountId, limit: PACKED_EMAILS })
  const bytes = sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (sources.length < atLeast && bytes < PACKED_MESSAGE_BYTES) return null
  const { texts, unreadable } = await newTexts(reader, sources)
  return { change: await reader.read('text.packed', { accountId, texts }), unreadable }
}

async function renewTexts(reader: TextReader, { segment }: Job<'renew'>): Promise<JobResult<'renew'>> {
  const sources = await reader.read('text.earlierSources', { segment })
  // What can't be read at the moment stays as it is: that keeps no text of what is gone.
  const texts = await newTexts(reader, sources).then(made => made.texts, unlessUnavailable)
  return reader.read('text.renewed', { segment, texts })
}

function unlessUnavailable(error: unknown): NewText[] {
  if (error instanceof StoreError && error.code === 'unavailable') return []
  throw error
}

/** Of as many as a thread may hold at once. */
async function newTexts(
  reader: TextReader,
  sources: readonly TextSource[],
): Promise<{ texts: NewText[]; unreadable: EmailId[] }> {
  const texts: NewText[] = []
  const unreadable: EmailId[] = []
  let textBytes = 0
  for (const { emailId, blobHash, fields } of sources) {
    // The others come next.
    if (textBytes > PACKED_BYTES) break
    try {
      const parts = textOf(await reader.blobs.read(blobHash))
      textBytes += parts?.body.length ?? 0
      texts.push({ emailId, fields, parts })
    } catch (error) {
      // One that is gone is left out when this is put; one that is damaged is told of by each search. All else passes.
      if (!(error instanceof StoreError) || (error.code !== 'not-found' && error.code !== 'damaged')) throw error
      if (error.code === 'damaged') unreadable.push(emailId)
      texts.push({ emailId, fields, parts: null })
    }
  }
  return { texts, unreadable }
}
