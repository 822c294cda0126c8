/** Writing the answers of FETCH, page by page. */
import { Breather } from '../../mail/breather.ts'
import { countOf, type Run } from '../../mail/mailbox-view.ts'
import { type MessagePage, messagePages, PageOfBytes } from '../../mail/message-pages.ts'
import { PAGE_ROWS } from '../../mail/messages.ts'
import { StoreError } from '../../store/store.ts'
import type {
  DescribedMessage,
  MessageRow,
  MessageWithBlob,
  MessageWithHeader,
  Uid,
  UidRange,
} from '../../store/types.ts'
import { FETCH_END, fetchStart, fetchUid } from '../../wire/imap/fetch-response.ts'
import { freeWholeMemory } from '../../wire/memory.ts'
import { BodiesAhead } from './bodies.ts'
import type { Completion } from './command.ts'
import type { Enabled, ImapContext } from './context.ts'
import { completionOf, Refusal } from './errors.ts'
import { MessageContent } from './fetch-content.ts'
import type { ContentItem, FetchPlan } from './fetch-plan.ts'
import { describedText, emailText, rowText } from './fetch-text.ts'
import { tellKeywordsOf } from './flag-names.ts'
import { BODIES_AHEAD, COPIED_BYTES, DESCRIBED_AT_FIRST, DESCRIBED_BYTES, GATHERED_BYTES } from './limits.ts'
import { hasNul, writeWithoutNul } from './nul-octets.ts'
import type { Output } from './output.ts'
import { answerStart } from './uid-only.ts'

interface FetchAsked {
  runs: readonly Run[]
  plan: FetchPlan
  /** Messages whose \Seen this FETCH set. */
  seen: ReadonlySet<Uid>
  /** The client did not ask now, and may be asleep: no body is held but the one at hand. */
  unasked?: boolean
}

export interface FetchOutcome {
  /** Messages that were still there, told or not. */
  found: number
  /** Why the content of some message could not be told. */
  failure: Completion | null
}

export async function answerFetch(context: ImapContext, asked: FetchAsked): Promise<FetchOutcome> {
  const { plan, seen } = asked
  // Also for the pages that are read once the client went.
  const { mailbox } = context
  const { condstore } = context.enabled
  const { messages } = context.services
  const ofEmail = plan.describedTexts.length > 0 || plan.previewTexts.length > 0
  const hasContent = plan.content.length > 0
  if (plan.uidsOfNumbers) return answerUids(context, asked)
  // What is not asked for is not read: the row of an email is long, and most clients want one end of it.
  if (!ofEmail && !hasContent) return answerRows(context, asked)
  if (!ofEmail && plan.ofKeptFields)
    return answerPages(context, asked, {
      read: range => messages.withHeader(mailbox, range),
      bytesOf: ({ headerFields }) => headerFields?.length ?? 0,
      write: page => writePage(context, page, rowText(plan, seen, condstore), asked),
    })
  if (!ofEmail)
    return answerPages(context, asked, {
      read: range => messages.withBlob(mailbox, range),
      bytesOf: () => 0,
      write: page => writePage(context, page, rowText(plan, seen, condstore), asked),
    })
  if (hasContent || plan.previewTexts.length > 0) {
    const textOf = emailText(plan, seen, condstore)
    return answerPages(context, asked, {
      read: range => messages.withEmail(mailbox, range),
      bytesOf: describedBytes,
      write: page => (hasContent ? writePage(context, page, textOf, asked) : writeTexts(context, page, textOf)),
    })
  }
  const textOf = describedText(plan, seen, condstore)
  return answerPages(context, asked, {
    read: range => messages.described(mailbox, range),
    bytesOf: describedBytes,
    write: page => writeTexts(context, page, textOf),
  })
}

/** The view knows them, also of messages that are gone and not told of yet (RFC 9051 §7.5.1): their numbers still stand for them. */
async function answerUids({ mailbox, output }: ImapContext, { runs }: FetchAsked): Promise<FetchOutcome> {
  const { view } = mailbox
  const breather = new Breather()
  for (const { first, last } of runs)
    for (let from = first; from <= last; from += PAGE_ROWS) {
      let text = ''
      for (let position = from; position <= Math.min(last, from + PAGE_ROWS - 1); position++)
        text += `${fetchStart(position + 1)}${fetchUid(view.uidAt(position))}${FETCH_END}`
      output.text(text)
      await output.drain()
      await breather.pause()
    }
  return { found: countOf(runs), failure: null }
}

async function answerRows(context: ImapContext, { runs, plan, seen }: FetchAsked): Promise<FetchOutcome> {
  const { mailbox, output, services, enabled } = context
  const outcome: FetchOutcome = { found: 0, failure: null }
  const textOf = rowText(plan, seen, enabled.condstore)
  const pages = messagePages(mailbox.view, runs, PAGE_ROWS, range => services.messages.rows(mailbox, range))
  for await (const page of pages) {
    outcome.found += page.rows.length
    mailbox.noticeRows(page.rows)
    if (plan.flags) tellKeywordsOf(context, page.rows)
    output.text(pageText(enabled, page, textOf))
    await output.drain()
  }
  return outcome
}

interface RowsOfEmails<Row> {
  read: (range: UidRange) => Promise<Row[]>
  /** Of a row's texts, which may be long. */
  bytesOf: (row: Row) => number
  write: (page: MessagePage<Row>) => Promise<Completion | null>
}

async function answerPages<Row extends MessageRow>(
  context: ImapContext,
  { runs, plan }: FetchAsked,
  { read, bytesOf, write }: RowsOfEmails<Row>,
): Promise<FetchOutcome> {
  const { mailbox, output } = context
  const outcome: FetchOutcome = { found: 0, failure: null }
  const size = new PageOfBytes({ least: DESCRIBED_AT_FIRST, most: PAGE_ROWS, bytes: DESCRIBED_BYTES })
  const pages = messagePages(mailbox.view, runs, size, size.watching(read, bytesOf))
  for await (const page of pages) {
    outcome.found += page.rows.length
    mailbox.noticeRows(page.rows)
    if (plan.flags) tellKeywordsOf(context, page.rows)
    outcome.failure = (await write(page)) ?? outcome.failure
    await output.drain()
  }
  return outcome
}

const describedBytes = ({ envelope, bodyStructure }: DescribedMessage): number => envelope.length + bodyStructure.length

/** The same as `pageText`, a piece at a time where it is long. */
async function writeTexts<Row extends MessageRow>(
  { output, enabled }: ImapContext,
  { rows, positions }: MessagePage<Row>,
  textOf: (row: Row) => string,
): Promise<null> {
  let text = ''
  for (let i = 0; i < rows.length; i++) {
    text += `${answerStart(enabled, positions[i]!, rows[i]!.uid)}${textOf(rows[i]!)}${FETCH_END}`
    if (text.length < GATHERED_BYTES) continue
    output.text(text)
    text = ''
    await output.drain()
  }
  output.text(text)
  return null
}

function pageText<Row extends MessageRow>(
  enabled: Enabled,
  { rows, positions }: MessagePage<Row>,
  textOf: (row: Row) => string,
): string {
  let text = ''
  for (let i = 0; i < rows.length; i++)
    text += `${answerStart(enabled, positions[i]!, rows[i]!.uid)}${textOf(rows[i]!)}${FETCH_END}`
  return text
}

/** Messages with content. One that is damaged is passed over, so that a client still gets the others. */
async function writePage<Row extends MessageWithBlob & Partial<MessageWithHeader>>(
  context: ImapContext,
  { rows, positions }: MessagePage<Row>,
  textOf: (row: Row) => string,
  { plan: { content: items, ofKeptFields }, unasked }: FetchAsked,
): Promise<Completion | null> {
  const { output, services, share, enabled } = context
  let failure: Completion | null = null
  const breather = new Breather()
  const alone = new WeakSet<Uint8Array>()
  const readOnce = async (hash: string): Promise<Uint8Array> => {
    const { bytes, isAlone } = await services.messages.bytesOnce(hash)
    if (isAlone) alone.add(bytes)
    return bytes
  }
  const isWhole = isWholeOnly(items)
  // Parts of one message are asked for one after the other; who asks for those of several at once doesn't come back for more.
  const isOnce = isWhole || rows.length > 1
  const read = isOnce ? readOnce : (hash: string) => services.messages.bytes(hash)
  const keptOf = ({ headerFields }: Row): string | null => (ofKeptFields ? (headerFields ?? null) : null)
  const toRead = rows.filter(row => keptOf(row) === null)
  const bodies = new BodiesAhead(toRead, read, share, unasked ? 0 : BODIES_AHEAD)
  let bodiesRead = 0
  for (let i = 0; i < rows.length; i++) {
    try {
      const kept = keptOf(rows[i]!)
      const bytes = kept === null ? await bodies.of(bodiesRead++) : Buffer.from(kept, 'latin1')
      const isAlone = alone.has(bytes)
      const content = new MessageContent(bytes, items)
      const text = textOf(rows[i]!)
      output.text(`${answerStart(enabled, positions[i]!, rows[i]!.uid)}${text}`)
      const isReferred = await writeItems(output, content, items, { follows: text !== '', isAlone, isWhole, breather })
      if (isAlone && !isReferred) freeWholeMemory(bytes)
      output.text(FETCH_END)
    } catch (error) {
      if (!isOfThisMessage(error)) throw error
      failure = completionOf(error)
    }
    await output.drain()
    await breather.pause()
  }
  return failure
}

interface ItemsAsked {
  /** Something was told of the message before them. */
  follows: boolean
  /** Nobody else has the message's bytes. */
  isAlone: boolean
  isWhole: boolean
  breather: Breather
}

/** Whether what was written refers to the message's bytes, which go with it or stay until it has left. */
async function writeItems(
  output: Output,
  content: MessageContent,
  items: readonly ContentItem[],
  { follows, isAlone, isWhole, breather }: ItemsAsked,
): Promise<boolean> {
  let isReferred = false
  for (const [place, item] of items.entries()) {
    if (follows || place > 0) output.text(' ')
    for (const piece of content.pieces(item))
      if (typeof piece === 'string') output.text(piece)
      else if (item.item === 'SECTION' && hasNul(piece)) await writeWithoutNul(output, piece, breather)
      else if (isAlone && !isWhole && !isReferred && piece.length <= COPIED_BYTES) output.bytes(Buffer.from(piece))
      else {
        output.bytes(piece, isAlone && isWhole)
        isReferred = true
      }
    // An item may be the whole message, and there may be a hundred of them.
    await output.drain()
    await breather.pause()
  }
  return isReferred
}

/** The bytes as they are, and nothing else of them: whoever asks for that does not come back for a part. */
function isWholeOnly(content: readonly ContentItem[]): boolean {
  const [item] = content
  if (content.length !== 1 || item?.item !== 'SECTION' || item.partial) return false
  return item.section.part.length === 0 && item.section.text === 'ALL'
}

const isOfThisMessage = (error: unknown): boolean =>
  error instanceof Refusal || (error instanceof StoreError && error.code !== 'unavailable')
