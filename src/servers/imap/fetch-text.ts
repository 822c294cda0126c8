/** The text of one message's answer to FETCH, as one function made of a plan's. */
import type { DescribedMessage, MessageRow, MessageWithEmail, Uid } from '../../store/types.ts'
import { fetchModseq, fetchUid } from '../../wire/imap/fetch-response.ts'
import type { FetchPlan } from './fetch-plan.ts'

/** The items of the small row. Of messages in `seen`, whose flags this FETCH changed, these are told in any case. */
export function rowText(plan: FetchPlan, seen: ReadonlySet<Uid>, condstore: boolean): (row: MessageRow) => string {
  const plain = joined(plan.rowTexts)
  if (seen.size === 0) return plain
  const changed = joined([
    ...plan.rowTexts,
    ...(condstore && !plan.uid ? [(row: MessageRow) => fetchUid(row.uid)] : []),
    ...(plan.flags ? [] : [plan.flagsText]),
    ...(condstore && !plan.modseq ? [(row: MessageRow) => fetchModseq(row.modseq)] : []),
  ])
  return row => (seen.has(row.uid) ? changed(row) : plain(row))
}

/** The same with the items of what is kept of the message beside it, but for its preview. */
export function describedText(
  plan: FetchPlan,
  seen: ReadonlySet<Uid>,
  condstore: boolean,
): (row: DescribedMessage) => string {
  return bothTexts(rowText(plan, seen, condstore), plan.describedTexts)
}

/** The same with all of them. */
export function emailText(
  plan: FetchPlan,
  seen: ReadonlySet<Uid>,
  condstore: boolean,
): (row: MessageWithEmail) => string {
  return bothTexts(rowText(plan, seen, condstore), [...plan.describedTexts, ...plan.previewTexts])
}

function bothTexts<Row extends MessageRow>(
  ofRow: (row: MessageRow) => string,
  texts: readonly ((row: Row) => string)[],
): (row: Row) => string {
  if (texts.length === 0) return ofRow
  const ofEmail = joined(texts)
  return row => {
    const text = ofRow(row)
    return text === '' ? ofEmail(row) : `${text} ${ofEmail(row)}`
  }
}

function joined<Row>(texts: readonly ((row: Row) => string)[]): (row: Row) => string {
  const [first, ...others] = texts
  if (!first) return () => ''
  return row => {
    let text = first(row)
    for (const next of others) text += ` ${next(row)}`
    return text
  }
}
