import pg from 'pg'
import { expect, it } from 'vitest'
import { kindOf, storeError } from './failure.ts'

const answer = (code: string, message: string) => Object.assign(new pg.DatabaseError(message, 10, 'error'), { code })
const coded = (code: string, message: string) => Object.assign(new Error(message), { code })

it.each([
  [
    new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'),
    'the database asks for a password, and none is given: put it into the URL, or into PGPASSWORD',
  ],
  [
    new Error('SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature does not match'),
    'signing in at the database failed: SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature does not match',
  ],
  [
    new Error('The server does not support SSL connections'),
    'the database’s server has no TLS: switch it on there (ssl = on), or leave sslmode out of the URL where nobody can listen on the way',
  ],
  [
    coded('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'),
    'the database’s certificate is not trusted (self-signed certificate): name its authority in the URL (sslrootcert=/path/ca.pem)',
  ],
  [
    answer('42501', 'permission denied for schema public'),
    'the database answered: permission denied for schema public; the service makes its tables itself, so the database must belong to its role: ALTER DATABASE … OWNER TO …',
  ],
  [
    answer('26000', 'prepared statement "x.0" does not exist'),
    'the database answered: prepared statement "x.0" does not exist; the pooler before it must keep a connection for each session, and clear it behind one: set pool_mode = session and server_reset_query = DISCARD ALL there (PgBouncer)',
  ],
])('says what to do about a sign-in or a pooler that can’t be worked with: %s', (error, message) => {
  expect(kindOf(error)).toBe('unavailable')
  expect(storeError(error)).toMatchObject({ name: 'StoreError', code: 'unavailable', message })
})

it.each([
  [
    answer('53300', 'sorry, too many clients already'),
    'the database has no connection left for this process: sorry, too many clients already; raise max_connections there, or the limit of the role or database',
  ],
  [
    answer('25006', 'cannot execute INSERT in a read-only transaction'),
    'the database takes no changes: cannot execute INSERT in a read-only transaction; it is a standby that is not promoted, or default_transaction_read_only is on there',
  ],
])('says what to do where the server can be reached, and it passes as where it is gone: %s', (error, message) => {
  expect(kindOf(error)).toBe('lost')
  expect(storeError(error)).toMatchObject({ code: 'unavailable', message })
})

it('leaves a defect what it is', () => {
  const defect = answer('42601', 'syntax error')
  expect(storeError(defect)).toBe(defect)
})
