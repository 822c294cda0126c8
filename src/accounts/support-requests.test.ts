import { beforeEach, expect, it } from 'vitest'
import type { SignInRow } from '../store/types/sign-in.ts'
import type { Actor } from './actor.ts'
import type { NoticeKinds, NoticeReader } from './notices.ts'
import { REQUESTS_AN_HOUR } from './support-limits.ts'
import { SupportRequests } from './support-requests.ts'

const actor: Actor & { principalId: number } = {
  via: 'panel',
  principalId: 7,
  address: 'alice@example.org',
  role: 'owner',
  domains: [],
  hasMailbox: true,
  remoteAddress: '192.0.2.1',
  sessionId: 's',
}
const request = { subject: 'Rien', message: 'Bonjour', page: '/help', userAgent: 'Browser/1.0' }
const row = (more: Partial<SignInRow>): SignInRow => ({
  signInId: 1,
  principalId: 7,
  protocol: 'imap',
  remoteAddress: '198.51.100.1',
  outcome: 'ok',
  credential: 'password',
  label: '',
  client: '',
  firstAt: 0,
  lastAt: 0,
  count: 1,
  ...more,
})

let now: number
let sent: { reader: NoticeReader; values: NoticeKinds['support-request'] }[]
let latest: SignInRow[]
let supportAddress: string | null
let isKept: boolean
let requests: SupportRequests

beforeEach(() => {
  now = 1_000_000
  sent = []
  latest = []
  supportAddress = 'support@example.net'
  isKept = true
  requests = new SupportRequests({
    brands: { forActor: async () => ({ name: 'x', supportAddress, primaryColour: null, logo: null }) },
    notices: {
      async send(_, reader, values) {
        sent.push({ reader, values: values as NoticeKinds['support-request'] })
        return isKept
      },
    },
    signIns: { latest: async () => latest.map(any => ({ protocol: any.protocol, any, ok: null })) },
    clock: { now: () => now },
    version: '9.9.9',
  })
})

it('goes to the support address, and answers go to who asked', async () => {
  await requests.send(actor, request)
  expect(sent[0]?.reader).toMatchObject({
    address: 'support@example.net',
    replyTo: 'alice@example.org',
    domain: 'example.org',
  })
  expect(sent[0]?.values).toMatchObject({ ...request, address: 'alice@example.org', role: 'owner', version: '9.9.9' })
})

it('tells the latest refused sign-in that no success followed', async () => {
  latest = [
    row({ protocol: 'imap', outcome: 'wrong-password', lastAt: 10 }),
    row({ protocol: 'submission', outcome: 'app-password-needed', lastAt: 20 }),
    row({ protocol: 'pop3', outcome: 'ok', lastAt: 30 }),
  ]
  await requests.send(actor, request)
  expect(sent[0]?.values.lastFailure).toEqual({
    protocol: 'submission',
    outcome: 'app-password-needed',
    at: 20,
    remoteAddress: '198.51.100.1',
  })
  latest = [row({ outcome: 'ok' })]
  await requests.send(actor, request)
  expect(sent[1]?.values.lastFailure).toBeNull()
})

it('is limited by the hour, each for himself', async () => {
  await Promise.all(Array.from({ length: REQUESTS_AN_HOUR }, () => requests.send(actor, request)))
  await expect(requests.send(actor, request)).rejects.toMatchObject({ code: 'too-many-requests' })
  await requests.send({ ...actor, principalId: 8 }, request)
  now += 60 * 60_000
  await requests.send(actor, request)
  expect(sent).toHaveLength(REQUESTS_AN_HOUR + 2)
})

it('says where there is nobody to ask, and where it could not be kept', async () => {
  isKept = false
  await expect(requests.send(actor, request)).rejects.toMatchObject({ code: 'request-not-sent' })
  supportAddress = null
  await expect(requests.send(actor, request)).rejects.toMatchObject({ code: 'no-support-address' })
})

it('cuts what is long', async () => {
  await requests.send(actor, { ...request, page: 'p'.repeat(5_000), userAgent: 'u'.repeat(5_000) })
  expect(sent[0]?.values.page).toHaveLength(300)
  expect(sent[0]?.values.userAgent).toHaveLength(300)
})
