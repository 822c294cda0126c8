import { domainOf } from '../../../wire/mime/domain-of.ts'
import { subjectKey, subjectOf } from '../../rows/sending.ts'
import { sql } from '../../sql.ts'
import type { ScriptFailure, ScriptFailureNews } from '../../types/rules.ts'
import type { Query } from '../query.ts'

type Tuple = [at: number, messages: number, facts: string]

const failureOf = ([at, messages, facts]: Tuple): ScriptFailure => ({ ...JSON.parse(facts), at, messages })

export const getScriptFailure: Query<'script.failure'> = async (reader, { subject }) => {
  const found = await reader.get<Tuple>(sql`
    SELECT at, messages, facts FROM script_failure WHERE subject = ${subjectKey(subject)}`)
  return found ? failureOf(found) : null
}

export const scriptFailureNews: Query<'script.failureNews'> = async (reader, { limit }) => {
  const rows = await reader.all<[string, string | null, ...Tuple]>(sql`
    SELECT f.subject, a.address, f.at, f.messages, f.facts
    FROM script_failure AS f LEFT JOIN account AS a ON a.account_id = f.account_id
    WHERE f.is_news = 1 ORDER BY f.subject LIMIT ${limit}`)
  return rows.map(([key, address, ...failure]): ScriptFailureNews => {
    const subject = subjectOf(key)
    const name = subject.kind === 'domain' ? subject.domain : (address ?? '')
    const domain = domainOf(name) || null
    return { subject, name, domain, failure: failureOf(failure) }
  })
}
