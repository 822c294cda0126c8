/**
 * Whether somebody has an address here is told to nobody: every public route that takes an address answers alike for all. A
 * public route that isn't spoken of below fails. That as much work is done for nobody's address as for a wrong password is in
 * src/accounts/authenticator.test.ts, where hashes are counted.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashPassword } from '../../src/accounts/passwords.ts'
import { type Answer, ApiClient } from './api-client.ts'
import { routes } from './fixtures/api-routes.ts'
import { panelPassword, people, signedIn, startPanelService } from './fixtures/panel.ts'
import type { Service } from './service.ts'

/** Addresses of every kind; the first is nobody's. */
const kinds = {
  nobody: 'nobody@example.org',
  owner: people.owner,
  'an owner with an external address': people.neighbour,
  'an owner without a password': 'passwordless@example.org',
  'an owner who may not sign in': 'suspended@example.org',
  'an owner in the bin': 'removed@example.org',
  'an alias': 'alias@example.org',
  manager: people.manager,
  staff: people.staff,
  'another domain': 'someone@elsewhere.example',
} as const
type Kind = keyof typeof kinds
const all = Object.entries(kinds) as [Kind, string][]
const ofDomain = all.filter(([, address]) => address.endsWith('@example.org'))

let service: Service
beforeAll(async () => {
  service = await startPanelService({}, async (store, ids) => {
    const passwordHash = await hashPassword(panelPassword)
    const facts = { passwordHash, quotaBytes: null, mailboxes: [], at: 1 }
    for (const address of ['passwordless@example.org', 'suspended@example.org', 'removed@example.org'])
      await store.write('account.add', {
        address,
        ...facts,
        passwordHash: address.startsWith('passwordless') ? null : passwordHash,
      })
    await store.write('alias.set', { address: kinds['an alias'], targets: [people.owner], at: 1 })
    const recovery = { address: people.otherOwner, confirmedAt: 1 }
    await store.write('principal.update', { principalId: ids.neighbour, recovery })
  })
  const staff = await signedIn(service, 'staff')
  expect((await staff.patch('/mailboxes/suspended@example.org', { signInEnabled: false })).status).toBe(200)
  expect((await staff.delete('/mailboxes/removed@example.org')).status).toBe(204)
})
afterAll(() => service?.stop())

/** All of an answer but the time it was made, and the address it repeats. */
function shown({ status, headers, text }: Answer, address: string): unknown {
  const { date: _, ...others } = headers
  const echo = [address, encodeURIComponent(address), address.split('@')[0] ?? ''].filter(Boolean)
  const hide = (said: string): string => echo.reduce((rest, each) => rest.replaceAll(each, '…'), said)
  const { 'content-length': length, ...rest } = others
  return { status, headers: rest, text: hide(text), sized: length === undefined }
}

async function expectAlike(
  kindsAsked: readonly (readonly [Kind, string])[],
  ask: (address: string) => Promise<Answer>,
  asItIs: (answer: Answer) => Answer = answer => answer,
): Promise<void> {
  const [first, ...others] = kindsAsked
  if (!first) throw new Error('nobody to ask for')
  const expected = shown(asItIs(await ask(first[1])), first[1])
  for (const [kind, address] of others)
    expect({ kind, answer: shown(asItIs(await ask(address)), address) }).toEqual({ kind, answer: expected })
}

const post = (path: string, body: object): Promise<Answer> => new ApiClient(service).post(path, body)

/** Of those that take an address: how it is asked. Of the others: what they take instead. */
const spoken: Record<
  string,
  'tested' | 'nothing of anybody' | 'a token of 128 bits or more' | 'only before there is staff'
> = {
  signIn: 'tested',
  askPasswordReset: 'tested',
  askForPasskey: 'tested',
  createFirstStaff: 'tested',
  getService: 'nothing of anybody',
  getLogo: 'nothing of anybody',
  listHelpArticles: 'nothing of anybody',
  searchHelp: 'nothing of anybody',
  getHelpArticle: 'nothing of anybody',
  signInWithSecondFactor: 'a token of 128 bits or more',
  signInWithPasskey: 'a token of 128 bits or more',
  getDeviceLink: 'a token of 128 bits or more',
  openCredentialLink: 'a token of 128 bits or more',
  revealCredentialLink: 'a token of 128 bits or more',
  choosePasswordAfterReveal: 'a token of 128 bits or more',
  openFirstStaffLink: 'a token of 128 bits or more',
  openTraceLink: 'a token of 128 bits or more',
  confirmRecoveryAddress: 'a token of 128 bits or more',
  openPasswordReset: 'a token of 128 bits or more',
  completePasswordReset: 'a token of 128 bits or more',
}

it('speaks of every public route, and leaves none aside that takes an address', () => {
  const open = routes.filter(({ access }) => access === 'public')
  expect(open.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(spoken).toSorted())
  const takesAddress = open.filter(({ schemas }) => JSON.stringify(schemas.body ?? {}).includes('"address"'))
  expect(takesAddress.filter(({ operationId }) => spoken[operationId] !== 'tested')).toEqual([])
})

describe('nobody is told whether there is such an address', () => {
  it('by signing in with a wrong password', () =>
    expectAlike(all, address => post('/session', { address, password: 'wrong password', remember: false })))

  it('by signing in with a password that is right elsewhere', () =>
    expectAlike(
      all.filter(
        ([kind]) => !['owner', 'an owner with an external address', 'manager', 'staff', 'an alias'].includes(kind),
      ),
      address => post('/session', { address, password: panelPassword, remember: false }),
    ))

  it('by a forgotten password', () => expectAlike(all, address => post('/password-reset', { address })))

  it('by asking for passkeys, which takes no address', async () => {
    const { json } = await post('/session/passkey-options', {})
    expect(json.options).not.toHaveProperty('allowCredentials')
    await expectAlike(all, address => post('/session/passkey-options', { address }))
  })

  it('by a link for the first of the staff that is none', () =>
    expectAlike(all, address =>
      post('/first-staff', {
        token: 'A'.repeat(43),
        address,
        name: 'X',
        password: 'a long password 1',
        language: 'en',
      }),
    ))

  it.each(['/mail/config-v1.1.xml', '/.well-known/autoconfig/mail/config-v1.1.xml'])('by Thunderbird’s %s', path =>
    expectAlike(ofDomain, address =>
      new ApiClient(service).call('GET', `${path}?emailaddress=${encodeURIComponent(address)}`),
    ),
  )

  it('by Autodiscover', async () => {
    const schema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook'
    const xml = (address: string) =>
      `<Autodiscover xmlns="${schema}/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>${schema}/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`
    const ask = (address: string) =>
      new ApiClient(service).call('POST', '/autodiscover/autodiscover.xml', {
        body: xml(address),
        headers: { 'content-type': 'text/xml' },
      })
    expect((await ask(people.owner)).text).toContain('<Protocol>')
    await expectAlike(ofDomain, ask)
    await expectAlike(all, address =>
      new ApiClient(service).call('GET', `/autodiscover/autodiscover.json/v1.0/${address}?Protocol=AutodiscoverV1`),
    )
  })

  it('by an Apple profile, which only who is signed in gets', () =>
    expectAlike(all, address => new ApiClient(service).get(`/devices/apple-profile?address=${address}`)))

  it('by the choice of server, which everybody gets whole', () =>
    expectAlike(all, address => new ApiClient(service).get(`/service?address=${address}`)))
})
