/** What is kept of messages to be searched: each segment whole and readable, no email in two, none of one that is gone unless it is marked. */
import { accountOf, emailIdOf } from '../operations/email-id.ts'
import { type TextSegmentTuple, textSegmentColumns, textSegmentRow } from '../rows/texts.ts'
import { list, sql } from '../sql.ts'
import { checksumOfSegment, unpackSegment } from '../texts/segment.ts'
import type { TextSegment } from '../types/texts.ts'
import type { Check } from './check.ts'

/** A segment is some hundred kilobytes. */
const segmentsAtOnce = 16

export const texts: Check = {
  table: 'text_segment',
  async *run({ reader, advance }) {
    let lastEmail = 0
    for (let after = 0; ; ) {
      const page = await reader.all<TextSegmentTuple>(sql`
        SELECT ${textSegmentColumns} FROM text_segment WHERE segment > ${after} ORDER BY segment LIMIT ${segmentsAtOnce}`)
      for (const segment of page.map(textSegmentRow)) {
        after = segment.segment
        const key = String(after)
        if (segment.segment <= lastEmail || segment.lastEmail < segment.segment)
          yield { table: 'text_segment', key, problem: 'it holds emails of another' }
        lastEmail = segment.lastEmail
        const emailIds = idsIn(segment)
        if (typeof emailIds === 'string') {
          yield { table: 'text_segment', key, problem: emailIds }
          continue
        }
        const found = await reader.get<[number, number]>(sql`
          SELECT (SELECT COUNT(*) FROM email WHERE account_id = ${accountOf(after)} AND email_id IN ${list(emailIds)}),
            (SELECT COUNT(*) FROM text_outdated WHERE segment = ${after})`)
        if (found && found[0] < emailIds.length && found[1] === 0)
          yield { table: 'text_segment', key, problem: 'it holds texts of emails that are gone, and is not marked' }
      }
      advance(page.length)
      if (page.length < segmentsAtOnce) return
    }
  },
}

/** Of its emails; else what is wrong with it. */
function idsIn(segment: TextSegment): number[] | string {
  if (checksumOfSegment(segment) !== segment.checksum) return 'its checksum is wrong'
  try {
    const ids = unpackSegment(segment).map(({ number }) => emailIdOf(accountOf(segment.segment), number))
    const isWithin = (id: number, index: number): boolean =>
      id >= (index === 0 ? segment.segment : ids[index - 1]! + 1) && id <= segment.lastEmail
    return ids.length === segment.emails && ids.every(isWithin) ? ids : 'its emails are not those it is made for'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
