/**
 * What a FETCH asks for, worked out once: which rows to read, and for each row the text of its answer. A client that
 * synchronises asks for tens of thousands, so a row costs string concatenation and nothing else.
 */
import { areKept } from '../../mail/header-fields.ts'
import { emailObjectId, threadObjectId } from '../../mail/object-id.ts'
import type { DescribedMessage, MessageRow, MessageWithEmail } from '../../store/types.ts'
import { withoutExtensions, withoutGlobals } from '../../wire/imap/body-structure.ts'
import type { FetchItem } from '../../wire/imap/command.ts'
import * as response from '../../wire/imap/fetch-response.ts'
import type { RecentMessages } from './recent.ts'

/** Items whose answer needs the message's bytes. */
export type ContentItem = Extract<FetchItem, { item: 'SECTION' | 'BINARY' | 'BINARY.SIZE' }>

export interface FetchPlan {
  /** The first read the small row, the others what is kept of the message beside it. */
  rowTexts: ((row: MessageRow) => string)[]
  describedTexts: ((row: DescribedMessage) => string)[]
  previewTexts: ((row: MessageWithEmail) => string)[]
  content: ContentItem[]
  /** Whether the header fields that are kept beside a message are all its content is made of. */
  ofKeptFields: boolean
  /** Also of messages whose flags the FETCH changes, asked for or not. */
  flagsText: (row: MessageRow) => string
  /** Whether FLAGS, MODSEQ and UID are among the texts, or told anyway. */
  flags: boolean
  modseq: boolean
  uid: boolean
  /** Nothing but what UIDs sequence numbers stand for. Who asks for UIDs by UID may want to know which are still there. */
  uidsOfNumbers: boolean
  /** Whether reading sets \Seen (RFC 9051 §6.4.5). */
  setsSeen: boolean
}

export interface FetchContext {
  /** UID FETCH answers with UIDs in any case (RFC 9051 §6.4.9). */
  uid: boolean
  /** CHANGEDSINCE asks for MODSEQ (RFC 7162 §3.1.4.1). */
  modseq: boolean
  utf8: boolean
  /** Whether the client enabled IMAP4rev2. */
  rev2: boolean
  /** Answers begin with the UID, which is told beside that only where it is asked for (RFC 9586 §3). */
  uidOnly: boolean
  recent: RecentMessages
}

type PlainItem = Exclude<FetchItem, ContentItem>

export function planFetch(
  items: readonly FetchItem[],
  { uid, modseq, utf8, rev2, uidOnly, recent }: FetchContext,
): FetchPlan {
  const asked = distinct(items)
  if (uid && !uidOnly && !asked.some(({ item }) => item === 'UID')) asked.unshift({ item: 'UID' })
  if (modseq && !asked.some(({ item }) => item === 'MODSEQ')) asked.push({ item: 'MODSEQ' })
  const plan: FetchPlan = {
    rowTexts: [],
    describedTexts: [],
    previewTexts: [],
    content: [],
    ofKeptFields: false,
    flagsText: flagsTextOf(recent),
    flags: asked.some(({ item }) => item === 'FLAGS'),
    modseq: asked.some(({ item }) => item === 'MODSEQ'),
    uid: uidOnly || asked.some(({ item }) => item === 'UID'),
    uidsOfNumbers: !uid && !uidOnly && asked.length === 1 && asked[0]!.item === 'UID',
    setsSeen: asked.some(item => (item.item === 'SECTION' || item.item === 'BINARY') && !item.peek && !isHeader(item)),
  }
  for (const item of asked)
    if (item.item === 'SECTION' || item.item === 'BINARY' || item.item === 'BINARY.SIZE') plan.content.push(item)
    else addText(plan, item, { utf8, rev2 })
  plan.ofKeptFields = plan.content.length > 0 && plan.content.every(isOfKeptFields)
  return plan
}

function addText(plan: FetchPlan, item: PlainItem, { utf8, rev2 }: Pick<FetchContext, 'utf8' | 'rev2'>): void {
  switch (item.item) {
    case 'UID':
      return void plan.rowTexts.push(row => response.fetchUid(row.uid))
    case 'FLAGS':
      return void plan.rowTexts.push(plan.flagsText)
    case 'INTERNALDATE':
      return void plan.rowTexts.push(row => response.fetchInternalDate(row.internalDate))
    case 'RFC822.SIZE':
      return void plan.rowTexts.push(row => response.fetchSize(row.sizeBytes))
    case 'MODSEQ':
      return void plan.rowTexts.push(row => response.fetchModseq(row.modseq))
    case 'EMAILID':
      return void plan.rowTexts.push(row => response.fetchEmailId(emailObjectId(row.emailId)))
    case 'THREADID':
      return void plan.rowTexts.push(row => response.fetchThreadId(threadObjectId(row.threadId)))
    case 'SAVEDATE':
      return void plan.rowTexts.push(row => response.fetchSaveDate(row.saveDate))
    case 'ENVELOPE':
      return void plan.describedTexts.push(row => response.fetchEnvelope(row.envelope))
    case 'BODYSTRUCTURE':
      return void plan.describedTexts.push(({ bodyStructure }) =>
        response.fetchBodyStructure(rev2 ? bodyStructure : withoutGlobals(bodyStructure)),
      )
    case 'BODY':
      return void plan.describedTexts.push(row =>
        response.fetchBody(withoutExtensions(row.bodyStructure, { globals: rev2 })),
      )
    // Kept ready, so that LAZY is never too early (RFC 8970 §4.1).
    case 'PREVIEW':
      return void plan.previewTexts.push(row => response.fetchPreview(row.preview, utf8))
  }
}

/** Most sessions that read much have none. */
function flagsTextOf(recent: RecentMessages): FetchPlan['flagsText'] {
  if (recent.isEmpty) return ({ flags }) => response.fetchFlags(flags.system, flags.keywords)
  return ({ uid, flags }) => response.fetchFlags(flags.system, flags.keywords, recent.has(uid))
}

/** The RFC822.HEADER of rev1 is BODY.PEEK[HEADER] by another name (RFC 3501 §6.4.5). */
const isHeader = (item: ContentItem): boolean => item.item === 'SECTION' && item.name === 'RFC822.HEADER'

function isOfKeptFields(item: ContentItem): boolean {
  if (item.item !== 'SECTION') return false
  const { part, text, fields } = item.section
  return part.length === 0 && text === 'HEADER.FIELDS' && areKept(fields)
}

/** An item asked for twice is answered once. */
function distinct(items: readonly FetchItem[]): FetchItem[] {
  const seen = new Set<string>()
  return items.filter(item => {
    const key = JSON.stringify(item)
    return !seen.has(key) && seen.add(key)
  })
}
