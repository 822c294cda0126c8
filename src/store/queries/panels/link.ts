/** Links to sign-in data, and tokens that are good once. */
import { type LinkTuple, linkColumns, linkRow, type TokenTuple, tokenColumns, tokenRow } from '../../rows/links.ts'
import { Fragment, list, sql } from '../../sql.ts'
import type { Query } from '../query.ts'

const joined = new Fragment('credential_link AS l JOIN principal AS p ON p.principal_id = l.principal_id')

/** Of a link's state, but for what the time decides. */
const ends = new Fragment("WHEN l.revoked_at IS NOT NULL THEN 'revoked' WHEN l.revealed_at IS NOT NULL THEN 'revealed'")

export const linkByToken: Query<'credentialLink.byToken'> = async (reader, { tokenHash }) => {
  const found = await reader.get<LinkTuple>(sql`
    SELECT ${linkColumns} FROM ${joined} WHERE l.token_hash = ${tokenHash}`)
  return found ? linkRow(found) : null
}

export const linkById: Query<'credentialLink.byId'> = async (reader, { linkId }) => {
  const found = await reader.get<LinkTuple>(sql`SELECT ${linkColumns} FROM ${joined} WHERE l.link_id = ${linkId}`)
  return found ? linkRow(found) : null
}

/** One statement for each index that can lead; the other conditions are looked at row by row. */
export const listLinks: Query<'credentialLink.list'> = async (reader, args) => {
  const { domains, principalId, state, search, at, before, limit } = args
  const below = before?.createdAt ?? Number.MAX_SAFE_INTEGER
  const belowId = before?.linkId ?? ''
  const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  const rows =
    principalId !== null
      ? await reader.all<LinkTuple>(sql`
          SELECT ${linkColumns} FROM ${joined}
          WHERE l.principal_id = ${principalId} AND (l.created_at, l.link_id) < (${below}, ${belowId})
            AND (${domains === null ? 1 : 0} = 1 OR (p.role = 'owner' AND l.domain IN ${list(domains ?? [])}))
            AND (CAST(${state} AS TEXT) IS NULL OR ${state} = CASE ${ends} WHEN l.expires_at <= ${at} THEN 'expired' ELSE 'waiting' END)
          ORDER BY l.created_at DESC, l.link_id DESC LIMIT ${limit}`)
      : domains !== null
        ? await reader.all<LinkTuple>(sql`
            SELECT ${linkColumns} FROM ${joined}
            WHERE l.domain IN ${list(domains)} AND p.role = 'owner'
              AND (l.created_at, l.link_id) < (${below}, ${belowId})
              AND (CAST(${state} AS TEXT) IS NULL OR ${state} = CASE ${ends} WHEN l.expires_at <= ${at} THEN 'expired' ELSE 'waiting' END) AND p.address LIKE ${like} ESCAPE '\\'
            ORDER BY l.created_at DESC, l.link_id DESC LIMIT ${limit}`)
        : await reader.all<LinkTuple>(sql`
            SELECT ${linkColumns} FROM ${joined}
            WHERE (l.created_at, l.link_id) < (${below}, ${belowId})
              AND (CAST(${state} AS TEXT) IS NULL OR ${state} = CASE ${ends} WHEN l.expires_at <= ${at} THEN 'expired' ELSE 'waiting' END) AND p.address LIKE ${like} ESCAPE '\\'
            ORDER BY l.created_at DESC, l.link_id DESC LIMIT ${limit}`)
  return rows.map(linkRow)
}

export const findOneTimeToken: Query<'oneTimeToken.find'> = async (reader, { tokenHash, purpose, at }) => {
  const found = await reader.get<TokenTuple>(sql`
    SELECT ${tokenColumns} FROM one_time_token
    WHERE token_hash = ${tokenHash} AND purpose = ${purpose} AND used_at IS NULL AND expires_at > ${at}`)
  return found ? tokenRow(found) : null
}

export const latestOneTimeToken: Query<'oneTimeToken.latest'> = async (reader, { principalId, purpose, at }) => {
  const found = await reader.get<TokenTuple>(sql`
    SELECT ${tokenColumns} FROM one_time_token
    WHERE principal_id = ${principalId} AND purpose = ${purpose} AND used_at IS NULL AND expires_at > ${at}
    ORDER BY created_at DESC LIMIT 1`)
  return found ? tokenRow(found) : null
}
