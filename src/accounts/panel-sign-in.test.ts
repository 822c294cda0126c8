import { Secret, TOTP } from 'otpauth'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SoftwarePasskey } from '../../test/support/software-passkey.ts'
import { silentLog } from '../ops/log.ts'
import { createSecretBox } from '../ops/secret-box.ts'
import { openSqliteStore } from '../store/sqlite/open.ts'
import type { Store } from '../store/store.ts'
import type { Actor } from './actor.ts'
import { createAuthenticator } from './authenticator.ts'
import type { SecurityChange } from './notices.ts'
import { type PanelClient, type PanelOutcome, PanelSignIn, type SecondFactorProof } from './panel-sign-in.ts'
import { hashPassword } from './passwords.ts'
import { Principals } from './principals.ts'
import { CodeCheck } from './second-factor/code-check.ts'
import { Confirmations } from './second-factor/confirmation.ts'
import { CHALLENGE_MS, CODE_TRIES, CODE_TRIES_MS, PENDING_MS, PENDING_TRIES } from './second-factor/limits.ts'
import { Passkeys } from './second-factor/passkeys.ts'
import { SecondFactorPolicy } from './second-factor/policy.ts'
import { SecondFactors } from './second-factor/second-factors.ts'
import type { SecurityNotices } from './security-notices.ts'
import { CONFIRMED_FOR_MS } from './session-limits.ts'
import { Sessions } from './sessions.ts'
import type { SeenSignIn } from './sign-ins/recorder.ts'
import { Throttle } from './throttle.ts'

const STEP_MS = 30_000
const host = 'mail.example.org'
const password = 'correct horse'
const client: PanelClient = { remoteAddress: '192.0.2.1', userAgent: 'Browser/1', host }

let now: number
const clock = { now: () => now }
let store: Store
let sessions: Sessions
let secondFactors: SecondFactors
let confirmations: Confirmations
let signIn: PanelSignIn
let alice: Actor
let seen: SeenSignIn[]
let told: SecurityChange[]

beforeEach(async () => {
  now = 1_800_000_000_000
  seen = []
  told = []
  store = await openSqliteStore({ path: ':memory:', clock })
  await store.write('domain.add', { name: 'example.org', at: now })
  alice = await newMailbox('alice@example.org')
  const box = createSecretBox(Buffer.alloc(32, 7))
  const settings = { current: async () => ({ secondFactorForStaff: true }) as never }
  const policy = new SecondFactorPolicy(settings)
  const notices: Pick<SecurityNotices, 'tell'> = { tell: async (_, change) => void told.push(change) }
  const throttle = new Throttle({ clock, limitLoopback: false })
  const common = { store, clock, box, policy, throttle, notices: notices as SecurityNotices, log: silentLog }
  const seeing = { record: (attempt: SeenSignIn) => void seen.push(attempt) }
  sessions = new Sessions(store, clock, policy)
  const principals = new Principals(store, clock)
  const codes = new CodeCheck(common)
  const passkeys = new Passkeys(common)
  const open = { follow: () => ({ over: null, end() {} }) }
  const authenticator = createAuthenticator({
    ...common,
    defaultDomain: null,
    sleep: async () => {},
    seen: seeing,
    open,
  })
  secondFactors = new SecondFactors({ ...common, principals, codes, passkeys })
  confirmations = new Confirmations({ ...common, principals, authenticator, sessions, codes, passkeys })
  signIn = new PanelSignIn({ ...common, authenticator, sessions, codes, passkeys, seen: seeing, sleep: async () => {} })
})
afterEach(() => store.close())

async function newMailbox(address: string): Promise<Actor> {
  const passwordHash = await hashPassword(password, { memory: 19 * 1024, passes: 2, parallelism: 1 })
  const made = await store.write('account.add', { address, passwordHash, quotaBytes: null, mailboxes: [], at: now })
  const facts = { via: 'panel', role: 'owner', domains: [], hasMailbox: true, remoteAddress: '192.0.2.1' } as const
  return { ...facts, principalId: made.accountId, address, sessionId: null }
}

const idOf = ({ principalId }: Actor): number => principalId ?? 0
const withPassword = (from: Partial<PanelClient> = {}, given = password) =>
  signIn.withPassword({ address: 'alice@example.org', password: given, remember: false }, { ...client, ...from })

async function secondStep(from: Partial<PanelClient> = {}): Promise<string> {
  const outcome = await withPassword(from)
  if (outcome.kind !== 'second-factor') throw new Error(`no second step: ${JSON.stringify(outcome)}`)
  return outcome.token
}

/** Signs in whole and gives the actor of the session. */
async function sessionOf(outcome: PanelOutcome, actor = alice): Promise<Actor & { sessionId: string }> {
  if (outcome.kind !== 'open') throw new Error(`not signed in: ${JSON.stringify(outcome)}`)
  const found = await sessions.find(outcome.token)
  if (!found) throw new Error('the session is not there')
  return { ...actor, sessionId: found.session.sessionId }
}

let secret: string
const code = (at = now): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at })

/** Codes in use, with one spent; moves time on to where the next is good. */
async function withCodes(actor = alice): Promise<string[]> {
  secret = (await secondFactors.beginCodes(actor, 'Facteur')).secret
  const recoveryCodes = await secondFactors.confirmCodes(actor, code())
  now += 2 * STEP_MS
  return recoveryCodes ?? []
}

async function withPasskey(actor = alice): Promise<SoftwarePasskey> {
  const passkey = new SoftwarePasskey()
  const { options, token } = await secondFactors.passkeyOptions(actor, { host, serviceName: 'Facteur' })
  const answer = { token, response: passkey.create(options) }
  await secondFactors.addPasskey(actor, { host, label: ' Laptop ', answer })
  return passkey
}

describe('the password', () => {
  it('opens a session where there is no second factor, and is noted', async () => {
    const outcome = await withPassword()
    expect(outcome).toMatchObject({ kind: 'open', remembered: false })
    expect(seen).toEqual([
      {
        principalId: alice.principalId,
        protocol: 'panel',
        remoteAddress: '192.0.2.1',
        outcome: 'ok',
        credential: 'password',
        client: 'Browser/1',
      },
    ])
    expect(await withPassword({}, 'wrong')).toEqual({ kind: 'refused', reason: 'credentials' })
  })

  it('opens none where there is one, and tells nobody else that there is', async () => {
    await withCodes()
    expect(await withPassword()).toMatchObject({ kind: 'second-factor', methods: ['code', 'recovery-code'] })
    expect(await withPassword({}, 'wrong')).toEqual({ kind: 'refused', reason: 'credentials' })
    expect(seen.map(({ outcome }) => outcome)).toEqual(['wrong-password'])
    expect(await sessions.list(idOf(alice))).toEqual([])
  })
})

describe('codes of an app', () => {
  it('come after the password, each once', async () => {
    await withCodes()
    const used = code()
    const outcome = await signIn.withSecondFactor(await secondStep(), { code: used }, client)
    expect(outcome).toMatchObject({ kind: 'open' })
    expect((await sessions.list(idOf(alice)))[0]?.secondFactorAt).toBe(now)
    expect(seen.at(-1)).toMatchObject({ outcome: 'ok', credential: 'password-and-code' })

    const again = await signIn.withSecondFactor(await secondStep(), { code: used }, client)
    expect(again).toEqual({ kind: 'refused', reason: 'wrong-second-factor' })
    expect(seen.at(-1)).toMatchObject({ outcome: 'wrong-second-factor', credential: 'password-and-code' })
    // Nor one that is older than it.
    const older = await signIn.withSecondFactor(await secondStep(), { code: code(now - STEP_MS) }, client)
    expect(older).toMatchObject({ kind: 'refused' })
    const next = await signIn.withSecondFactor(await secondStep(), { code: code(now + STEP_MS) }, client)
    expect(next).toMatchObject({ kind: 'open' })
  })

  it('are taken of two at once for one alone', async () => {
    await withCodes()
    const tokens = [await secondStep(), await secondStep()]
    const outcomes = await Promise.all(tokens.map(token => signIn.withSecondFactor(token, { code: code() }, client)))
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['open', 'refused'])
  })

  it('do not count before the first was shown, and none of somebody else does', async () => {
    const bob = await newMailbox('bob@example.org')
    secret = (await secondFactors.beginCodes(alice, 'Facteur')).secret
    expect((await withPassword()).kind).toBe('open')
    await expect(secondFactors.confirmCodes(bob, code())).rejects.toMatchObject({ code: 'wrong-first-code' })
    await expect(secondFactors.confirmCodes(alice, '000000')).rejects.toMatchObject({ code: 'wrong-first-code' })
    await secondFactors.confirmCodes(alice, code())
    await expect(secondFactors.beginCodes(alice, 'Facteur')).rejects.toMatchObject({ code: 'codes-in-use' })
    const row = await store.read('totp.get', { principalId: idOf(alice) })
    expect(Buffer.from(row!.secretEncrypted).includes(Buffer.from(Secret.fromBase32(secret).bytes))).toBe(false)
  })

  it('can be guessed at a few times, from wherever and however often the password is shown', async () => {
    await withCodes()
    const guess = async (i: number): Promise<PanelOutcome> => {
      const from = { remoteAddress: `198.51.${i}.7` }
      return signIn.withSecondFactor(await secondStep(from), { code: '000000' }, { ...client, ...from })
    }
    for (let i = 0; i < CODE_TRIES; i++) expect(await guess(i)).toMatchObject({ reason: 'wrong-second-factor' })
    expect(await guess(50)).toEqual({ kind: 'refused', reason: 'too-many-codes' })
    expect(await signIn.withSecondFactor(await secondStep(), { code: code() }, client)).toMatchObject({
      reason: 'too-many-codes',
    })
    await guess(51)
    expect(told.filter(({ kind }) => kind === 'codes-guessed')).toHaveLength(1)
    now += CODE_TRIES_MS / CODE_TRIES
    expect(await signIn.withSecondFactor(await secondStep(), { code: code() }, client)).toMatchObject({ kind: 'open' })
  })
})

describe('the second step', () => {
  const finish = (token: string, from: Partial<PanelClient> = {}, proof: SecondFactorProof = { code: code() }) =>
    signIn.withSecondFactor(token, proof, { ...client, ...from })
  const over = { kind: 'refused', reason: 'second-step-over' }
  beforeEach(() => withCodes())

  it('is over after some minutes', async () => {
    const token = await secondStep()
    now += PENDING_MS
    expect(await finish(token)).toEqual(over)
  })

  it('is for the network it was begun from', async () => {
    expect(await finish(await secondStep(), { remoteAddress: '203.0.113.9' })).toEqual(over)
    const sixth = await secondStep({ remoteAddress: '2001:db8::1' })
    expect(await finish(sixth, { remoteAddress: '2001:db8::2' })).toMatchObject({ kind: 'open' })
  })

  it('is over after some tries, also where many come at once', async () => {
    const token = await secondStep()
    const outcomes = await Promise.all(
      Array.from({ length: PENDING_TRIES + 3 }, () => finish(token, {}, { code: '000000' })),
    )
    expect(
      outcomes.filter(outcome => outcome.kind === 'refused' && outcome.reason === 'second-step-over'),
    ).toHaveLength(3)
    expect(await finish(token)).toEqual(over)
  })

  it('ends with a change of password, and where sign-in is disabled', async () => {
    const [first, second] = [await secondStep(), await secondStep()]
    await store.write('principal.update', { principalId: idOf(alice), signInEnabled: false })
    expect(await finish(first)).toEqual(over)
    await store.write('principal.update', { principalId: idOf(alice), signInEnabled: true })
    await store.write('principal.setPassword', { principalId: idOf(alice), passwordHash: 'x', at: now })
    expect(await finish(second)).toEqual(over)
  })

  it('is good once, and is not what a session is opened with', async () => {
    const token = await secondStep()
    expect(await sessions.find(token)).toBeNull()
    expect(await finish(token)).toMatchObject({ kind: 'open' })
    now += STEP_MS
    expect(await finish(token)).toEqual(over)
    expect(await finish('made-up')).toEqual(over)
  })
})

describe('recovery codes', () => {
  it('are ten, good once each, and tell how many are left', async () => {
    const [first = '', ...others] = await withCodes()
    expect(others).toHaveLength(9)
    expect(first).toMatch(/^(?:[A-Z2-7]{4}-){4}[A-Z2-7]{4}$/)
    const proof = { code: first.toLowerCase().replaceAll('-', ' ') }
    expect(await signIn.withSecondFactor(await secondStep(), proof, client)).toMatchObject({ kind: 'open' })
    expect(seen.at(-1)?.credential).toBe('password-and-recovery-code')
    await expect.poll(() => told.at(-1)).toEqual({ kind: 'recovery-code-used', left: 9 })
    expect(await signIn.withSecondFactor(await secondStep(), proof, client)).toMatchObject({ kind: 'refused' })
  })

  it('let the owner in while others guess codes', async () => {
    const [first = ''] = await withCodes()
    for (let i = 0; i <= CODE_TRIES; i++) {
      const from = { remoteAddress: `198.51.${i}.7` }
      await signIn.withSecondFactor(await secondStep(from), { code: '000000' }, { ...client, ...from })
    }
    expect(await signIn.withSecondFactor(await secondStep(), { code: first }, client)).toMatchObject({ kind: 'open' })
  })

  it('are void once there are new ones, and gone with the last second factor', async () => {
    const [first = ''] = await withCodes()
    const renewed = await secondFactors.renewRecoveryCodes(alice)
    expect(await signIn.withSecondFactor(await secondStep(), { code: first }, client)).toMatchObject({
      kind: 'refused',
    })
    const outcome = await signIn.withSecondFactor(await secondStep(), { code: renewed[0] ?? '' }, client)
    expect(outcome).toMatchObject({ kind: 'open' })
    await secondFactors.removeCodes(alice)
    expect((await secondFactors.state(await new Principals(store, clock).own(alice))).recoveryCodes.total).toBe(0)
    await expect(secondFactors.renewRecoveryCodes(alice)).rejects.toMatchObject({ code: 'no-second-factor' })
    expect((await withPassword()).kind).toBe('open')
  })
})

describe('a passkey', () => {
  const alone = async (passkey: SoftwarePasskey, behaviour = {}, from: Partial<PanelClient> = {}) => {
    const at = { ...client, ...from }
    const asked = await signIn.passkeyOptions(null, at)
    const answer = { token: asked!.token, response: passkey.get(asked!.options, behaviour) }
    return { answer, outcome: await signIn.withPasskey(answer, true, at) }
  }
  const refused = { kind: 'refused', reason: 'wrong-second-factor' }

  it('signs in alone, once an answer', async () => {
    const passkey = await withPasskey()
    const { outcome, answer } = await alone(passkey)
    expect(outcome).toMatchObject({ kind: 'open', remembered: true })
    expect(seen.at(-1)).toMatchObject({ outcome: 'ok', credential: 'passkey' })
    expect((await sessions.list(idOf(alice)))[0]?.secondFactorAt).toBe(now)
    expect(await signIn.withPasskey(answer, true, client)).toEqual(refused)
    const [row] = await store.read('passkey.list', { principalId: idOf(alice) })
    expect(row).toMatchObject({ label: 'Laptop', signCount: 1, lastUsedAt: now, transports: ['hybrid', 'internal'] })
  })

  it('comes after the password as well, there without a finger too', async () => {
    const passkey = await withPasskey()
    expect(await withPassword()).toMatchObject({ methods: ['passkey', 'recovery-code'] })
    const token = await secondStep()
    const asked = await signIn.passkeyOptions(token, client)
    expect(asked?.options.allowCredentials).toMatchObject([{ id: passkey.id.toString('base64url') }])
    const proof = { passkey: { token: asked!.token, response: passkey.get(asked!.options, { verified: false }) } }
    expect(await signIn.withSecondFactor(token, proof, client)).toMatchObject({ kind: 'open' })
    expect(seen.at(-1)?.credential).toBe('password-and-passkey')
  })

  it.each<[string, { origin?: string; verified?: boolean }]>([
    ['for a page elsewhere', { origin: 'https://mail.example.org.evil.test' }],
    ['for a page without TLS', { origin: 'http://mail.example.org' }],
    ['for another name of ours', { origin: 'https://other.example.org' }],
    ['alone without a finger or PIN', { verified: false }],
  ])('is refused %s', async (_, behaviour) => {
    expect((await alone(await withPasskey(), behaviour)).outcome).toEqual(refused)
  })

  it('is taken on any port of its host, and offered under no other host', async () => {
    const passkey = await withPasskey()
    expect((await alone(passkey, { origin: 'https://mail.example.org:8443' })).outcome).toMatchObject({ kind: 'open' })
    expect(await withPassword({ host: 'other.example.org' })).toMatchObject({ methods: ['recovery-code'] })
    await expect(signIn.passkeyOptions(null, { ...client, host: '192.0.2.5' })).rejects.toMatchObject({
      code: 'passkeys-need-a-name',
    })
  })

  it('is refused late, for another purpose, with a count that goes back, and of a stranger', async () => {
    const passkey = await withPasskey()
    const asked = await signIn.passkeyOptions(null, client)
    const answer = { token: asked!.token, response: passkey.get(asked!.options) }
    now += CHALLENGE_MS
    expect(await signIn.withPasskey(answer, false, client)).toEqual(refused)

    const token = await secondStep()
    const second = await signIn.passkeyOptions(token, client)
    const other = { token: second!.token, response: passkey.get(second!.options) }
    expect(await signIn.withPasskey(other, false, client)).toEqual(refused)

    expect((await alone(passkey)).outcome).toMatchObject({ kind: 'open' })
    passkey.countBack()
    expect((await alone(passkey)).outcome).toEqual(refused)
    expect((await alone(new SoftwarePasskey())).outcome).toEqual(refused)
    for (const response of [{}, { id: 7 }, { id: 'x', response: { clientDataJSON: 'x' } }])
      expect(await signIn.withPasskey({ token: 'x', response }, false, client)).toEqual(refused)
  })

  it('of somebody who may not sign in opens nothing', async () => {
    const passkey = await withPasskey()
    await store.write('principal.update', { principalId: idOf(alice), signInEnabled: false })
    expect((await alone(passkey)).outcome).toEqual(refused)
    expect(seen.at(-1)).toMatchObject({ outcome: 'disabled', credential: 'passkey' })
  })

  it('is added once, renamed, and removed by whose it is', async () => {
    const passkey = await withPasskey()
    const bob = await newMailbox('bob@example.org')
    const { options, token } = await secondFactors.passkeyOptions(alice, { host, serviceName: 'Facteur' })
    expect(options.excludeCredentials).toMatchObject([{ id: passkey.id.toString('base64url') }])
    const answer = { token, response: passkey.create(options) }
    const asked = { host, label: 'Again', answer }
    await expect(secondFactors.addPasskey(bob, asked)).rejects.toMatchObject({ code: 'passkey-refused' })
    await expect(secondFactors.addPasskey(alice, asked)).rejects.toMatchObject({ code: 'passkey-exists' })
    const id = passkey.id.toString('base64url')
    await expect(secondFactors.removePasskey(bob, id)).rejects.toMatchObject({ code: 'passkey-not-found' })
    await expect(secondFactors.renamePasskey(bob, id, 'x')).rejects.toMatchObject({ code: 'passkey-not-found' })
    expect(await secondFactors.renamePasskey(alice, id, 'Old laptop')).toMatchObject({ label: 'Old laptop' })
    await secondFactors.removePasskey(alice, id)
    expect(told.map(({ kind }) => kind)).toEqual(['passkey-added', 'passkey-removed'])
    expect((await withPassword()).kind).toBe('open')
  })
})

describe('the first second factor', () => {
  it('ends the other sessions, and counts for the one it was added in', async () => {
    const [here, elsewhere] = [await withPassword(), await withPassword()]
    const actor = await sessionOf(here)
    await withCodes(actor)
    expect((await sessionOf(here)).sessionId).toBe(actor.sessionId)
    expect(elsewhere.kind === 'open' && (await sessions.find(elsewhere.token))).toBeNull()
    await withPasskey(actor)
    expect(told.map(({ kind }) => kind)).toEqual(['codes-added', 'passkey-added'])
    const audit = await store.read('audit.list', {
      domains: null,
      target: 'alice@example.org',
      actorId: null,
      before: null,
      limit: 9,
    })
    expect(audit.map(({ action }) => action)).toEqual(['second-factor.passkey-added', 'second-factor.codes-added'])
  })

  it('has to be there before a session opened with the password alone is good', async () => {
    const before = await withPassword()
    // As if another node had let it in meanwhile.
    await store.write('totp.begin', { principalId: idOf(alice), secretEncrypted: new Uint8Array([1]), at: now })
    await store.write('totp.confirm', { principalId: idOf(alice), step: 1, at: now })
    expect(before.kind === 'open' && (await sessions.find(before.token))).toBeNull()
  })

  it('has to be added where it is required, and the last one stays', async () => {
    const mustSetUp = async (outcome: PanelOutcome) =>
      outcome.kind === 'open' && (await sessions.find(outcome.token))?.mustSetUpSecondFactor
    expect(await mustSetUp(await withPassword())).toBe(false)
    await store.write('principal.update', { principalId: idOf(alice), secondFactorRequired: true })
    const outcome = await withPassword()
    expect(await mustSetUp(outcome)).toBe(true)
    await withCodes(await sessionOf(outcome))
    expect(await mustSetUp(outcome)).toBe(false)
    await expect(secondFactors.removeCodes(alice)).rejects.toMatchObject({ code: 'second-factor-is-required' })
    await withPasskey()
    await secondFactors.removeCodes(alice)

    await newMailbox('staff@example.org')
    const staff = (await store.read('principal.byAddress', { address: 'staff@example.org' }))!
    await store.write('principal.update', { principalId: staff.principalId, role: 'staff' })
    const ofStaff = await signIn.withPassword({ address: 'staff@example.org', password, remember: false }, client)
    expect(await mustSetUp(ofStaff)).toBe(true)
  })
})

describe('a confirmation', () => {
  it('is given by password, code or passkey, and lasts a while', async () => {
    const outcome = await withPassword()
    const actor = await sessionOf(outcome)
    await withCodes(actor)
    const passkey = await withPasskey(actor)
    const isConfirmed = async () =>
      outcome.kind === 'open' && sessions.isConfirmed((await sessions.find(outcome.token))!.session)
    expect(await confirmations.methods(actor, host)).toEqual(['passkey', 'password', 'code'])
    now += CONFIRMED_FOR_MS
    expect(await isConfirmed()).toBe(false)
    expect(await confirmations.confirm(actor, { password }, client)).toBeNull()
    expect(await isConfirmed()).toBe(true)
    now += CONFIRMED_FOR_MS
    expect(await isConfirmed()).toBe(false)
    expect(await confirmations.confirm(actor, { code: code() }, client)).toBeNull()
    expect(await isConfirmed()).toBe(true)
    now += CONFIRMED_FOR_MS
    const asked = await confirmations.passkeyOptions(actor, host)
    const answer = { token: asked.token, response: passkey.get(asked.options) }
    expect(await confirmations.confirm(actor, { passkey: answer }, client)).toBeNull()
    expect(await isConfirmed()).toBe(true)
  })

  it('is not given for what is wrong, or somebody else’s', async () => {
    const actor = await sessionOf(await withPassword())
    await withCodes(actor)
    const passkey = await withPasskey(await newMailbox('bob@example.org'))
    expect(await confirmations.confirm(actor, { password: 'wrong' }, client)).toBe('credentials')
    expect(await confirmations.confirm(actor, { code: '000000' }, client)).toBe('wrong-second-factor')
    const asked = await confirmations.passkeyOptions(actor, host)
    const answer = { token: asked.token, response: passkey.get(asked.options) }
    expect(await confirmations.confirm(actor, { passkey: answer }, client)).toBe('wrong-second-factor')
  })
})
