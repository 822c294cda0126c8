/** What goes wrong between this process and PostgreSQL, and what it means to a caller. */
import pg from 'pg'
import { StoreError } from '../store.ts'

export type FailureKind =
  /** Others were at it at the same time: nothing of it is done, and doing it again is right. */
  | 'contention'
  /** The connection is gone, or can't be had. What was not committed never will be. */
  | 'lost'
  /** The database can't do it now. */
  | 'unavailable'
  | 'damaged'
  /** A defect, or an expected failure of the operation itself. */
  | 'own'

/** SQLSTATE (PostgreSQL, appendix A), whole codes before classes. */
const codes: readonly [code: string, kind: FailureKind][] = [
  ['40001', 'contention'], // serialization_failure
  ['40P01', 'contention'], // deadlock_detected
  // Two that looked and found nothing, and both added: the one that comes again finds what the other has added.
  ['23505', 'contention'], // unique_violation
  ['57P01', 'lost'], // admin_shutdown
  ['57P02', 'lost'], // crash_shutdown
  ['57P03', 'lost'], // cannot_connect_now
  ['57P05', 'lost'], // idle_session_timeout
  ['25P03', 'lost'], // idle_in_transaction_session_timeout
  ['25006', 'lost'], // read_only_sql_transaction: what was the primary is one no more
  ['55P03', 'unavailable'], // lock_not_available
  ['57014', 'unavailable'], // query_canceled: statement_timeout
  ['08', 'lost'], // connection exception
  ['26000', 'unavailable'], // invalid_sql_statement_name: see `isMixedUp`
  ['42P05', 'unavailable'], // duplicate_prepared_statement
  ['28', 'unavailable'], // invalid authorization
  ['42501', 'unavailable'], // insufficient_privilege
  ['3D', 'unavailable'], // no such database
  ['53300', 'lost'], // too_many_connections: those that this process has will be free, and so may the others
  ['53', 'unavailable'], // insufficient resources: disk full, out of memory, too many connections
  ['58', 'unavailable'], // system error
  ['XX001', 'damaged'], // data_corrupted
  ['XX002', 'damaged'], // index_corrupted
]

/** Of the system: nobody is at the database's address, or no way leads there. */
const unreachableCodes = ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']

/** Of the system, where there is no answer from the database. */
const lostCodes = new Set([
  ...unreachableCodes,
  'EPIPE',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ENOENT', // no socket there
])

/** It keeps its connections, and says nothing on any. */
export class NothingHeard extends Error {
  constructor() {
    super(
      'nothing is heard of it; where a pooler is before it, that must have as many connections as all nodes open together (PgBouncer: default_pool_size)',
    )
  }
}

/** What the driver says of a connection that ended, or that it waited for in vain; it gives no code. */
const lostMessages =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout exceeded when trying to connect|timeout expired|Connection ended)/

/** What the driver says of a sign-in that fails on this side, without a code; in an operator's words. */
const refusals: readonly [said: RegExp, told: string][] = [
  [
    /^SASL: .*client password must be/,
    'the database asks for a password, and none is given: put it into the URL, or into PGPASSWORD',
  ],
  [/^SASL: /, 'signing in at the database failed'],
  [
    /^The server does not support SSL connections/,
    'the database’s server has no TLS: switch it on there (ssl = on), or leave sslmode out of the URL where nobody can listen on the way',
  ],
]

/** Of TLS: who the server says it is can't be proved. */
const untrustedCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

export function kindOf(error: unknown): FailureKind {
  if (error instanceof StoreError || !(error instanceof Error)) return 'own'
  if (error instanceof AggregateError && error.errors.length > 0) return kindOf(error.errors[0])
  if (error instanceof NothingHeard) return 'lost'
  const code = codeOf(error)
  if (code !== null && lostCodes.has(code)) return 'lost'
  if (code !== null && isAnswer(error)) return codes.find(([start]) => code.startsWith(start))?.[1] ?? 'own'
  if (refusalOf(error) !== null) return 'unavailable'
  return lostMessages.test(error.message) ? 'lost' : 'own'
}

export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

/** Of the server itself, whatever it says: the system's codes may look the same. */
export function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError
}

/**
 * What was prepared on this connection is not there, or is before it was: behind it now is another of the server's connections, or one
 * that another client has left as it was.
 */
function isMixedUp(error: unknown): boolean {
  return codeOf(error) === '26000' || codeOf(error) === '42P05'
}

/** By all addresses that it has. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isUnreachable)
  const code = codeOf(error)
  return code !== null && unreachableCodes.includes(code)
}

/**
 * No answer to a statement within the time that any may take, from a server that lives: it is still at it, or this one connection
 * died and nobody heard of it. Once more on another tells which; a second time it is the statement.
 */
export function isOverdue(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout'
}

/** In the store's terms. */
export function storeError(error: unknown): unknown {
  const kind = kindOf(error)
  if (kind === 'own') return error
  const message = kind === 'lost' ? lossOf(error) : (refusalOf(error) ?? answerOf(error))
  if (kind === 'damaged') return new StoreError('damaged', message)
  // Once more than often enough: no other transaction can be at it all the time.
  if (codeOf(error) === '23505') return error
  return new StoreError('unavailable', message)
}

function lossOf(error: unknown): string {
  const said = messageOf(error)
  if (codeOf(error) === '25006')
    return `the database takes no changes: ${said}; it is a standby that is not promoted, or default_transaction_read_only is on there`
  if (codeOf(error) !== '53300') return `the database can’t be reached: ${said}`
  return `the database has no connection left for this process: ${said}; raise max_connections there, or the limit of the role or database`
}

function refusalOf(error: unknown): string | null {
  const said = messageOf(error)
  if (untrustedCodes.has(codeOf(error) ?? ''))
    return `the database’s certificate is not trusted (${said}): name its authority in the URL (sslrootcert=/path/ca.pem)`
  const told = isAnswer(error) ? undefined : refusals.find(([start]) => start.test(said))?.[1]
  if (told === undefined) return null
  return told.includes(':') ? told : `${told}: ${said}`
}

function answerOf(error: unknown): string {
  const answer = `the database answered: ${messageOf(error)}`
  if (isMixedUp(error))
    return `${answer}; the pooler before it must keep a connection for each session, and clear it behind one: set pool_mode = session and server_reset_query = DISCARD ALL there (PgBouncer)`
  if (codeOf(error) !== '42501') return answer
  return `${answer}; the service makes its tables itself, so the database must belong to its role: ALTER DATABASE … OWNER TO …`
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
