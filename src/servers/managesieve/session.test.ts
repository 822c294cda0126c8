/** The memory that scripts take on their way in, and what becomes of them when the service stops. The rest of a session: test/integration/managesieve.test.ts. */
import { describe, expect, it } from 'vitest'
import type { Session } from '../connection.ts'
import { createMessageBudget } from '../message-budget.ts'
import { SIGN_IN_TOTAL_MS } from './limits.ts'
import { createManageSieveSession } from './session.ts'

const ACCOUNT = 7

async function signedIn() {
  const client = { said: '', ended: false }
  const clock = { time: 0, now: () => clock.time }
  const stored: string[] = []
  const budget = createMessageBudget()
  const account = { accountId: ACCOUNT, address: 'ada@example.test' }
  const open = { over: null, end: () => {} }
  const services = {
    authenticator: {
      signIn: async () => ({
        ok: true,
        account,
        principalId: ACCOUNT,
        appPasswordId: null,
        maySend: async () => true,
        follow: () => open,
      }),
    },
    store: { read: async () => null },
    scripts: {
      put: async (_: unknown, _account: unknown, name: string, source: string) => void stored.push(name, source),
    },
    clock,
    log: { info: () => {} },
    settings: { plainTextSignIn: 'never', version: '1' },
    budget,
  }
  const session: Session = createManageSieveSession(services as never)({
    id: 'id',
    remoteAddress: '192.0.2.1',
    remotePort: 1,
    localPort: 4190,
    secure: true,
    tls: null,
    isProbe: false,
    async write(chunk) {
      client.said += Buffer.from(chunk).toString()
    },
    async startTls() {},
    async startDeflate() {},
    setIdleTimeout() {},
    end() {
      client.ended = true
    },
    destroy() {},
  })
  const plain = Buffer.from('\0ada@example.test\0two words').toString('base64')
  const signIn = () => session.receive(Buffer.from(`AUTHENTICATE "PLAIN" "${plain}"\r\n`))
  await signIn()
  expect(client.said).toContain('OK "Signed in"')
  client.said = ''
  return { session, budget, client, stored, clock, signIn }
}

describe('a script that comes in', () => {
  it('is not read on while the account has no memory left, and holds what it has of it', async () => {
    const { session, budget } = await signedIn()
    const other = budget.open(ACCOUNT)
    other.hold(128 * 1024 * 1024)
    let taken = false
    const pushed = session.receive(Buffer.from(`PUTSCRIPT "a" {300000+}\r\n${'#'.repeat(200_000)}`)).then(() => {
      taken = true
    })
    await new Promise(setImmediate)
    expect(taken).toBe(false)
    other.hold(0)
    await pushed
    const next = budget.open(ACCOUNT)
    next.hold(64 * 1024 * 1024 - 100_000)
    expect(next.isFree).toBe(false)
    session.closed()
    expect(next.isFree).toBe(true)
  })

  it('waits no longer than its client is there', async () => {
    const { session, budget } = await signedIn()
    budget.open(ACCOUNT).hold(128 * 1024 * 1024)
    const pushed = session.receive(Buffer.from(`PUTSCRIPT "a" {300000+}\r\n${'#'.repeat(200_000)}`))
    await new Promise(setImmediate)
    session.closed()
    await pushed
  })
})

describe('whoever signs out', () => {
  it('has as long to sign in again as who comes anew, and no longer', async () => {
    const { session, client, clock, signIn } = await signedIn()
    clock.time += 10 * SIGN_IN_TOTAL_MS
    await session.receive(Buffer.from('UNAUTHENTICATE\r\n'))
    clock.time += SIGN_IN_TOTAL_MS
    await signIn()
    expect(client).toEqual({ said: 'OK "Signed out"\r\nOK "Signed in"\r\n', ended: false })
    await session.receive(Buffer.from('UNAUTHENTICATE\r\n'))
    clock.time += SIGN_IN_TOTAL_MS + 1
    await session.receive(Buffer.from('NOOP\r\n'))
    expect(client).toEqual({ said: expect.stringMatching(/BYE "Sign-in took too long"\r\n$/), ended: true })
  })
})

describe('a service that stops', () => {
  const goodbye = 'BYE (TRYLATER) "The service is stopping"\r\n'

  it('takes in a script that is coming, and nothing behind it', async () => {
    for (const plus of ['+', '']) {
      const { session, client, stored } = await signedIn()
      await session.receive(Buffer.from(`PUTSCRIPT "a" {6${plus}}\r\nke`))
      await session.shutdown()
      await session.receive(Buffer.from('e'))
      expect(client).toEqual({ said: '', ended: false })
      await session.receive(Buffer.from('p;\n\r\nPUTSCRIPT "b" {6+}\r\nkeep;\n\r\n'))
      expect(client).toEqual({ said: `OK "Script stored"\r\n${goodbye}`, ended: true })
      expect(stored).toEqual(['a', 'keep;\n'])
    }
  })

  it('takes in the rest of a line', async () => {
    const { session, client } = await signedIn()
    await session.receive(Buffer.from('NO'))
    await session.shutdown()
    expect(client).toEqual({ said: '', ended: false })
    await session.receive(Buffer.from('OP\r\n'))
    expect(client).toEqual({ said: expect.stringMatching(/^OK.*\r\nBYE \(TRYLATER\) .*\r\n$/), ended: true })
  })

  it('says goodbye at once to who waits', async () => {
    const { session, client } = await signedIn()
    await session.shutdown()
    expect(client).toEqual({ said: goodbye, ended: true })
  })
})
