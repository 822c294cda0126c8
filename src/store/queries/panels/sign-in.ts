/** Sign-ins that were seen. */
import { DAY_MS } from '../../../ops/durations.ts'
import { Fragment, sql } from '../../sql.ts'
import type { SeenSignIns, SignInRow } from '../../types/sign-in.ts'
import type { Query } from '../query.ts'

const columns = new Fragment(
  'sign_in_id, principal_id, protocol, remote_address, outcome, credential, label, client, first_at, last_at, count',
)
type Tuple = [
  number,
  number,
  SeenSignIns['protocol'],
  string,
  SeenSignIns['outcome'],
  SeenSignIns['credential'],
  string,
  string,
  number,
  number,
  number,
]

export const listSignIns: Query<'signIn.list'> = async (reader, { principalId, before, limit }) => {
  const lastAt = before?.lastAt ?? Number.MAX_SAFE_INTEGER
  const signInId = before?.signInId ?? Number.MAX_SAFE_INTEGER
  const rows = await reader.all<Tuple>(sql`
    SELECT ${columns} FROM sign_in
    WHERE principal_id = ${principalId} AND (last_at, sign_in_id) < (${lastAt}, ${signInId})
    ORDER BY last_at DESC, sign_in_id DESC LIMIT ${limit}`)
  return rows.map(signInRow)
}

export const latestSignIns: Query<'signIn.latest'> = async (reader, { principalId, protocol }) => {
  const any = await reader.get<Tuple>(sql`
    SELECT ${columns} FROM sign_in WHERE principal_id = ${principalId} AND protocol = ${protocol}
    ORDER BY last_at DESC LIMIT 1`)
  if (!any || any[4] === 'ok') return { any: any ? signInRow(any) : null, ok: any ? signInRow(any) : null }
  const ok = await reader.get<Tuple>(sql`
    SELECT ${columns} FROM sign_in
    WHERE principal_id = ${principalId} AND protocol = ${protocol} AND outcome = 'ok'
    ORDER BY last_at DESC LIMIT 1`)
  return { any: signInRow(any), ok: ok ? signInRow(ok) : null }
}

export const placesOfSignIns: Query<'signIn.places'> = async (reader, { principalId }) => {
  const first = await reader.get<[number]>(sql`SELECT day FROM sign_in ORDER BY day LIMIT 1`)
  const rows = await reader.all<[string, number]>(sql`
    SELECT remote_address, MIN(first_at) FROM sign_in
    WHERE principal_id = ${principalId} AND outcome = 'ok' GROUP BY remote_address`)
  return {
    since: first ? first[0] * DAY_MS : null,
    seen: rows.map(([remoteAddress, firstAt]) => ({ remoteAddress, firstAt })),
  }
}

function signInRow(tuple: Tuple): SignInRow {
  const [signInId, principalId, protocol, remoteAddress, outcome, credential, label, client, firstAt, lastAt, count] =
    tuple
  return {
    signInId,
    principalId,
    protocol,
    remoteAddress,
    outcome,
    credential,
    label,
    client,
    firstAt,
    lastAt,
    count,
  }
}
