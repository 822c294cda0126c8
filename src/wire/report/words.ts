/**
 * What a report says to a person, in the languages he may read: as a subject, and as blocks that read as plain text and as
 * HTML alike. Pure.
 *
 * Everything it names comes from strangers: the subject, the addresses, the remote server's words. None of it can make a
 * line of its own, open an element, or turn the direction of the text around it.
 */
import { decodedFieldText, readHeader } from '../mime/header.ts'
import { type DeliveryStatus, isAnswer, type RecipientStatus } from './delivery-status.ts'
import type { ExplanationLanguage } from './explanation/classes.ts'
import { explain } from './explanation/explain.ts'
import { EXPLAINED_RECIPIENTS, QUOTED_CHARACTERS, SUBJECT_CHARACTERS } from './limits.ts'
import { type ReportTexts, reportTexts } from './texts.ts'

export interface ReportReader {
  /** One after the other; the first gives the subject its order. */
  languages: readonly ExplanationLanguage[]
  /** IANA name. */
  timeZone: string
}

export type Block =
  /** A paragraph. */
  | { text: string }
  | { heading: string }
  /** A name in front of what it is about. */
  | { name: string; text: string }
  /** Somebody else's words, in lines. */
  | { name: string; quote: string[] }
  | { action: string; url: string }
  /** Addresses, one a line. */
  | { list: string[] }

export interface ReportWords {
  subject: string
  /** Display name of the sender. */
  from: string
  byLanguage: { language: ExplanationLanguage; blocks: Block[] }[]
}

export interface ReportFacts {
  status: DeliveryStatus
  /** Of the message it is about; at least its header. */
  original: Uint8Array
  reader: ReportReader
  /** Where the message can be followed. */
  traceUrl: string | null
}

export function reportWords(facts: ReportFacts): ReportWords {
  const { languages } = facts.reader
  const title = subjectOf(facts.original)
  const kind = kindOf(facts.status)
  const prefix = languages.map(language => reportTexts[language].subject[kind]).join(' / ')
  const colon = languages[languages.length - 1] === 'fr' ? '\u00a0:' : ':'
  return {
    subject: title === '' ? prefix : `${prefix}${colon} ${title}`,
    from: languages.map(language => reportTexts[language].from).join(' / '),
    byLanguage: languages.map(language => ({ language, blocks: blocksOf(facts, kind, title, language) })),
  }
}

export type ReportKind = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'

const kindOf = ({ recipients }: DeliveryStatus): ReportKind => recipients[0]?.action ?? 'failed'

function blocksOf(facts: ReportFacts, kind: ReportKind, title: string, language: ExplanationLanguage): Block[] {
  const { status, reader, traceUrl } = facts
  const texts = reportTexts[language]
  const { recipients } = status
  const time = (at: number): string => formatTime(at, language, reader.timeZone)
  const message = texts.message(title, time(status.arrivalDate))
  const explained = recipients.slice(0, EXPLAINED_RECIPIENTS)
  const others = recipients.slice(EXPLAINED_RECIPIENTS)
  const alone = recipients.length === 1
  const whom = alone ? oneLine(recipients[0]?.address ?? '') : texts.several(recipients.length)
  return [
    { text: texts.greeting },
    { text: openingOf(texts, kind, recipients)(message, whom) },
    ...explained.flatMap(recipient => [
      ...(alone ? [] : [{ heading: oneLine(recipient.address) }]),
      ...(kind === 'failed' || kind === 'delayed' ? reasons(recipient, kind, texts, language) : []),
    ]),
    ...(others.length > 0 ? [{ text: texts.others }, { list: others.map(({ address }) => oneLine(address)) }] : []),
    ...(kind === 'delayed' ? [{ text: tries(recipients, texts, time) }] : []),
    ...(traceUrl === null ? [] : [{ action: texts.trace, url: traceUrl }]),
    { text: texts.closing(status.reportingMta) },
  ]
}

/** One that no other server has yet waits here: it goes on to where the recipient's mail is sent, which its sender is not told. */
function openingOf(texts: ReportTexts, kind: ReportKind, [first]: RecipientStatus[]): ReportTexts['sentOn'] {
  return kind === 'relayed' && first?.remoteMta === null ? texts.sentOn : texts.opening[kind]
}

function reasons(
  recipient: RecipientStatus,
  action: 'failed' | 'delayed',
  texts: ReportTexts,
  language: ExplanationLanguage,
): Block[] {
  const { address, status, diagnostic, remoteMta } = recipient
  const explanation = explain({ status, text: diagnostic ?? '', action, address, isRemote: remoteMta !== null })
  const { what, why, todo } = explanation.texts[language]
  const blocks: Block[] = [
    { name: texts.what, text: what },
    { name: texts.why, text: why },
    { name: texts.todo, text: todo },
  ]
  if (diagnostic !== null) {
    const name = isAnswer(recipient) ? texts.answer(oneLine(remoteMta ?? '')) : texts.found
    blocks.push({ name, quote: quoted(diagnostic) })
  }
  return blocks
}

function tries(recipients: RecipientStatus[], texts: ReportTexts, time: (at: number) => string): string {
  const earliest = (of: (recipient: RecipientStatus) => number | null): string | null => {
    const times = recipients.flatMap(recipient => of(recipient) ?? [])
    return times.length > 0 ? time(Math.min(...times)) : null
  }
  return texts.tries(
    earliest(({ nextAttempt }) => nextAttempt),
    earliest(({ retryUntil }) => retryUntil),
  )
}

function quoted(diagnostic: string): string[] {
  const lines = diagnostic.slice(0, QUOTED_CHARACTERS).split('\n').map(oneLine)
  return lines.filter(line => line !== '')
}

/** The subject as an inbox shows it; empty where there is none. */
function subjectOf(original: Uint8Array): string {
  const field = readHeader(original).fields.find(({ name }) => name.toLowerCase() === 'subject')
  if (!field) return ''
  const characters = [...oneLine(decodedFieldText(original, field))]
  if (characters.length <= SUBJECT_CHARACTERS) return characters.join('')
  return `${characters.slice(0, SUBJECT_CHARACTERS).join('').trimEnd()}…`
}

/** Control characters and line ends become a space; marks that turn the direction of text, or can't be seen, nothing. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
}

function formatTime(at: number, language: ExplanationLanguage, timeZone: string): string {
  const text = new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  }).format(at)
  return language === 'fr' ? text.replace(/ 1 (?=\p{L})/u, ' 1er ') : text
}
