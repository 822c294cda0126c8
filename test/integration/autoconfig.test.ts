/** What mail programs ask over HTTPS before anyone signs in, and what the API tells of set-up, devices and DNS. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readXml } from '../../src/wire/autoconfig/xml-reader.ts'
import { ApiClient } from './api-client.ts'
import { type DnsServer, startDns } from './fixtures/dns.ts'
import { panelPassword, people, signedIn, startPanelService } from './fixtures/panel.ts'
import type { Service } from './service.ts'

const host = 'mail.facteur.test'
let service: Service
let dns: DnsServer
let client: ApiClient
const folder = mkdtempSync(path.join(tmpdir(), 'facteur-set-up-'))

beforeAll(async () => {
  dns = await startDns({})
  service = await startPanelService({ FACTEUR_DNS_SERVERS: dns.address, FACTEUR_LISTEN_POP3: 'off' })
  client = new ApiClient(service)
})
afterAll(async () => {
  await service.stop()
  await dns.close()
  rmSync(folder, { recursive: true, force: true })
})

const ask = (method: string, path: string, options: Parameters<ApiClient['call']>[2] = {}) =>
  client.call(method, path, options)
const valuesOf = (xml: string, name: string): string[] =>
  (readXml(xml) ?? []).filter(({ path }) => path.at(-1) === name).map(({ text }) => text)
const poxRequest = (address: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`
const xmlHeaders = { 'content-type': 'text/xml; charset=utf-8' }

describe('config-v1.1.xml', () => {
  const config = '/mail/config-v1.1.xml'

  it.each([
    ['the own host name', host, `${config}?emailaddress=alice%40example.org`],
    ['the name of the domain', 'autoconfig.example.org', `${config}?emailaddress=alice%40example.org`],
    ['the name of the domain, without an address', 'autoconfig.example.org', config],
    ['the well-known path of the domain', 'example.org', '/.well-known/autoconfig/mail/config-v1.1.xml'],
    ['the name of the MX host’s domain', 'autoconfig.facteur.test', `${config}?emailaddress=alice%40example.org`],
    ['another case', 'AUTOCONFIG.example.ORG', '/Mail/Config-v1.1.XML?EmailAddress=alice%40EXAMPLE.org'],
  ])('is served under %s', async (_, name, url) => {
    const { status, headers, text } = await ask('GET', url, { headers: { host: name } })
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/xml; charset=utf-8')
    expect(text.startsWith('<?xml version="1.0" encoding="UTF-8"?>')).toBe(true)
    expect(valuesOf(text, 'domain')[0]).toBe('example.org')
    expect(valuesOf(text, 'hostname')).toEqual([host, host, host, host])
    expect(valuesOf(text, 'port').map(Number)).toEqual(
      (['imaps', 'pop3s', 'submissions', 'submission'] as const).map(name => service.ports[name]),
    )
    expect(valuesOf(text, 'username')[0]).toBe('%EMAILADDRESS%')
  })

  it('is the same for any mailbox, and for none', async () => {
    const texts = await Promise.all(
      ['alice', 'nobody', 'x%22%3E%3Cscript%3E', ''].map(
        async name => (await ask('GET', `${config}?emailaddress=${name}%40example.org`)).text,
      ),
    )
    expect(new Set(texts).size).toBe(1)
  })

  it('says whom it is for where the program came by the MX record', async () => {
    const { text } = await ask('GET', `${config}?emailaddress=a%40example.org`, {
      headers: { host: 'autoconfig.facteur.test' },
    })
    expect(text).toContain('<domain>example.org</domain>\n    <domain purpose="mx">facteur.test</domain>')
    const { text: without } = await ask('GET', config, { headers: { host: 'autoconfig.facteur.test' } })
    expect(valuesOf(without, 'domain')).toEqual(['facteur.test'])
  })

  it.each(['alice%40elsewhere.example', 'alice', '%40', 'a%40b%40..', '%00'])('is not there for %s', async address => {
    const { status, text } = await ask('GET', `${config}?emailaddress=${address}`)
    expect(status).toBe(404)
    expect(text).toBe('Not found\n')
  })

  it('is no more than the first address asks for, and no less', async () => {
    expect((await ask('GET', `${config}?emailaddress=a%40example.org&emailaddress=b%40example.com`)).status).toBe(200)
  })
})

describe('Autodiscover', () => {
  it.each(['/autodiscover/autodiscover.xml', '/Autodiscover/Autodiscover.xml', '/AutoDiscover/AutoDiscover.XML'])(
    'answers at %s',
    async url => {
      const answer = await ask('POST', url, { body: poxRequest('alice@example.org'), headers: xmlHeaders })
      expect(answer.status).toBe(200)
      expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8')
      expect(valuesOf(answer.text, 'Type')).toEqual(['IMAP', 'POP3', 'SMTP'])
      expect(valuesOf(answer.text, 'Port').map(Number)).toEqual(
        (['imaps', 'pop3s', 'submissions'] as const).map(name => service.ports[name]),
      )
      expect(valuesOf(answer.text, 'LoginName')).toEqual(Array(3).fill('alice@example.org'))
      expect(valuesOf(answer.text, 'SSL')).toEqual(['on', 'on', 'on'])
    },
  )

  it('answers alike for whoever is there and whoever is not', async () => {
    const answers = await Promise.all(
      ['alice', 'nobody'].map(async name => {
        const { text } = await ask('POST', '/autodiscover/autodiscover.xml', {
          body: poxRequest(`${name}@example.org`),
          headers: xmlHeaders,
        })
        return text.replaceAll(name, 'NAME')
      }),
    )
    expect(answers[1]).toBe(answers[0])
  })

  it.each([
    ['GET', undefined, '600'],
    ['POST', '', '600'],
    ['POST', 'Email=alice@example.org', '600'],
    ['POST', poxRequest(''), '600'],
    ['POST', `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${poxRequest('&x;@example.org')}`, '600'],
    ['POST', poxRequest('a'.repeat(9_000)), '600'],
    ['POST', poxRequest('alice@elsewhere.example'), '500'],
    [
      'POST',
      poxRequest('alice@example.org').replace('outlook/responseschema/2006a', 'mobilesync/responseschema/2006'),
      '601',
    ],
  ])('answers %s of %.40s with error %s', async (method, body, code) => {
    const answer = await ask(method, '/autodiscover/autodiscover.xml', { body, headers: xmlHeaders })
    expect(answer.status).toBe(200)
    expect(valuesOf(answer.text, 'ErrorCode')).toEqual([code])
  })

  it('takes XML by any name of its type', async () => {
    for (const type of ['application/xml', 'text/plain', 'application/x-anything']) {
      const answer = await ask('POST', '/autodiscover/autodiscover.xml', {
        body: poxRequest('alice@example.org'),
        headers: { 'content-type': type },
      })
      expect(valuesOf(answer.text, 'Action')).toEqual(['settings'])
    }
  })

  it('of the second version leads to the first', async () => {
    const Url = `https://${host}:${service.ports.https}/autodiscover/autodiscover.xml`
    for (const url of [
      '/autodiscover/autodiscover.json?Email=alice%40example.org&Protocol=AutodiscoverV1&RedirectCount=1',
      '/autodiscover/autodiscover.json/v1.0/alice%40example.org?Protocol=Autodiscoverv1',
      '/Autodiscover/Autodiscover.json?email=nobody%40example.org&protocol=autodiscoverv1',
    ]) {
      const { status, json } = await ask('GET', url)
      expect([status, json]).toEqual([200, { Protocol: 'AutodiscoverV1', Url }])
    }
    const { status, json } = await ask('GET', '/autodiscover/autodiscover.json?Protocol=ActiveSync')
    expect([status, json.ErrorCode]).toEqual([400, 'InvalidProtocol'])
    expect((await ask('GET', '/autodiscover/autodiscover.json')).json.ErrorCode).toBe('MandatoryParameterMissing')
  })
})

describe('the owner of a mailbox', () => {
  it('gets the settings of his mail program', async () => {
    const owner = await signedIn(service, 'owner')
    expect((await owner.get('/devices/settings')).json).toEqual({
      userName: 'alice@example.org',
      imap: [{ host, port: service.ports.imaps, security: 'tls' }],
      pop3: [{ host, port: service.ports.pop3s, security: 'tls' }],
      smtp: [
        { host, port: service.ports.submissions, security: 'tls' },
        { host, port: service.ports.submission, security: 'starttls' },
      ],
    })
    const manager = await signedIn(service, 'manager')
    expect((await manager.get('/devices/settings')).json.code).toBe('not-allowed')
    expect((await client.get('/devices/settings')).json.code).toBe('not-signed-in')
  })

  it.skipIf(spawnSync('openssl', ['version']).error)(
    'gets a profile that OpenSSL verifies by the certificate of TLS',
    async () => {
      const owner = await signedIn(service, 'owner')
      const { status, headers, bytes } = await owner.get('/devices/apple-profile')
      expect(status).toBe(200)
      expect(headers['content-type']).toBe('application/x-apple-aspen-config')
      expect(headers['content-disposition']).toContain('filename="alice@example.org.mobileconfig"')
      const file = path.join(folder, 'profile.der')
      writeFileSync(file, bytes)
      const certificate = path.join(service.data, 'tls', 'certificate.pem')
      const text = execFileSync(
        'openssl',
        ['cms', '-verify', '-inform', 'DER', '-in', file, '-CAfile', certificate, '-purpose', 'any', '-binary'],
        {
          stdio: ['ignore', 'pipe', 'ignore'],
        },
      ).toString()
      expect(text).toContain('<string>com.apple.mail.managed</string>')
      expect(text).toContain(`<integer>${service.ports.imaps}</integer>`)
      expect(text).toContain('<string>alice@example.org</string>')
      expect(text).not.toContain('<key>IncomingPassword<')
    },
  )
})

describe('a link for a phone', () => {
  const tokenOf = (url: string): string => new URL(url).pathname.replace('/device/', '')
  const open = (token: string) =>
    ask('POST', `/device/${token}`, { body: 'x=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } })

  it('gives the profile once, with a password made for the phone that opens IMAP', async () => {
    const owner = await signedIn(service, 'owner')
    const made = await owner.post('/devices/profile-links', { passwordLabel: 'iPhone' })
    expect(made.status).toBe(201)
    expect(made.json.url).toMatch(new RegExp(`^https://${host}:${service.ports.https}/device/[\\w-]{43}$`))
    const token = tokenOf(made.json.url)
    for (let n = 0; n < 3; n++)
      expect((await client.get(`/device-links/${token}`)).json).toMatchObject({
        address: people.owner,
        withPassword: true,
      })

    const { status, headers, bytes } = await open(token)
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('application/x-apple-aspen-config')
    expect(headers['cache-control']).toBe('no-store')
    const [, password = ''] = /<key>IncomingPassword<\/key>\s*<string>([^<]+)</.exec(bytes.toString('latin1')) ?? []
    const imap = new ImapFlow({
      host: '127.0.0.1',
      port: service.ports.imaps,
      secure: true,
      tls: { rejectUnauthorized: false },
      auth: { user: people.owner, pass: password },
      logger: false,
    })
    await imap.connect()
    await imap.logout()
    expect((await owner.get('/app-passwords')).text).toContain('"iPhone"')

    const again = await open(token)
    expect([again.status, again.headers.location]).toEqual([303, `/device/${token}`])
    expect((await client.get(`/device-links/${token}`)).json.code).toBe('device-link-gone')
  })

  it('without a password lets the phone ask, and is replaced by the next one', async () => {
    const owner = await signedIn(service, 'owner')
    const [first, second] = [
      await owner.post('/devices/profile-links', { passwordLabel: null }),
      await owner.post('/devices/profile-links', { passwordLabel: null }),
    ]
    expect((await open(tokenOf(first.json.url))).status).toBe(303)
    const { bytes } = await open(tokenOf(second.json.url))
    expect(bytes.toString('latin1')).not.toContain('<key>IncomingPassword<')
  })

  it('is nobody else’s to make, and none is guessed', async () => {
    const manager = await signedIn(service, 'manager')
    expect((await manager.post('/devices/profile-links', { passwordLabel: null })).json.code).toBe('not-allowed')
    for (const token of ['A'.repeat(43), '..', '%00', 'x'.repeat(90)]) expect((await open(token)).status).not.toBe(200)
  })
})

describe('the DNS page', () => {
  it('shows what should be beside what is', async () => {
    Object.assign(dns.zone, {
      'example.org': {
        MX: [
          [10, host],
          [20, 'mx.elsewhere.example'],
        ],
      },
      '_imaps._tcp.example.org': { SRV: [[0, 1, service.ports.imaps, host]] },
      '_pop3s._tcp.example.org': 'SERVFAIL',
      'autoconfig.example.org': { CNAME: [host] },
    })
    const manager = await signedIn(service, 'manager')
    const { json } = await manager.get('/domains/example.org/dns')
    const states = Object.fromEntries(json.records.map((record: { purpose: string }) => [record.purpose, record]))
    expect(states.mail).toMatchObject({ type: 'MX', need: 'required', expected: `10 ${host}.`, state: 'different' })
    expect(states.mail.found).toEqual([`10 ${host}.`, '20 mx.elsewhere.example.'])
    expect(states.imaps).toMatchObject({ state: 'found' })
    expect(states.imap).toMatchObject({ expected: '0 0 0 .', need: 'optional', state: 'missing' })
    expect(states.pop3s).toMatchObject({ state: 'unknown' })
    expect(states['autoconfig-host']).toMatchObject({ type: 'CNAME', state: 'found' })

    dns.zone['example.org'] = { MX: [[10, host]] }
    const again = await manager.get('/domains/example.org/dns')
    expect(again.json.records[0]).toMatchObject({ state: 'found', found: [`10 ${host}.`] })
  })

  it('is for those who manage the domain', async () => {
    const other = await signedIn(service, 'otherManager')
    expect((await other.get('/domains/example.org/dns')).json.code).toBe('domain-not-found')
    const staff = await signedIn(service, 'staff')
    expect((await staff.get('/domains/Example.ORG/dns')).json.domain).toBe('example.org')
    expect((await staff.get('/domains/elsewhere.example/dns')).json.code).toBe('domain-not-found')
    const owner = await signedIn(service, 'owner')
    expect((await owner.get('/domains/example.org/dns')).json.code).toBe('not-allowed')
  })
})

describe('the help centre', () => {
  it('is open to everybody, in both languages', async () => {
    const { json } = await client.get('/help', { headers: { 'accept-language': 'fr' } })
    expect(json.items[0]).toMatchObject({ slug: 'first-steps', title: 'Premiers pas avec votre boîte', topic: 'start' })
    expect((await client.get('/help?language=en')).json.items[0].title).toBe('First steps with your mailbox')
    const found = await client.get('/help/search?words=mot%20de%20passe%20oublie&language=fr')
    expect(found.json.items[0]).toMatchObject({ slug: 'forgotten-password', section: null })
    expect((await client.get('/help/search')).status).toBe(400)
    expect((await client.get('/help/articles/..%2f..%2fpackage')).json.code).toBe('not-found')
  })

  it('fills articles with the values of the reader', async () => {
    const { json } = await client.get('/help/articles/set-up?language=fr')
    expect(json).toMatchObject({ slug: 'set-up', language: 'fr', title: 'Configurer sa boîte dans un logiciel' })
    expect(json.html).toContain(`<code data-copy="">${host}</code>`)
    expect(json.html).toContain('votre adresse complète')
    expect(json.html).toContain(`https://${host}:${service.ports.https}`)
    expect(json.contents[0]).toEqual({ id: 'le-plus-court-chemin', title: 'Le plus court chemin' })
    const owner = await signedIn(service, 'owner')
    const own = await owner.get('/help/articles/set-up?language=fr')
    expect(own.json.html).toContain('<code data-copy="">alice@example.org</code>')
    expect(own.json.html).not.toContain('votre adresse complète')
  })

  it('says in the reader’s words how large a message may be', async () => {
    expect((await client.get('/help/articles/error-messages?language=fr')).json.html).toContain(
      '<strong>20\u00a0Mo</strong>',
    )
    expect((await client.get('/help/articles/error-messages?language=en')).json.html).toContain(
      '<strong>20\u00a0MB</strong>',
    )
  })
})

describe('contact support', () => {
  const request = {
    subject: 'Rien n’arrive\r\nBcc: eve@example.net',
    message: 'Bonjour,\n\nrien depuis hier.',
    page: '/help',
  }

  it('mails the support address with what helps to answer', async () => {
    const staff = await signedIn(service, 'staff')
    const owner = await signedIn(service, 'owner')
    expect((await owner.post('/help/requests', request)).json.code).toBe('no-support-address')
    expect((await staff.patch('/service/settings', { supportAddress: 'bob@example.org' })).status).toBe(200)
    expect((await owner.post('/help/requests', request)).status).toBe(204)
    expect((await client.post('/help/requests', request)).json.code).toBe('not-signed-in')
    expect((await owner.post('/help/requests', { ...request, message: ' ' })).json.errors[0].field).toBe('message')

    const imap = new ImapFlow({
      host: '127.0.0.1',
      port: service.ports.imaps,
      secure: true,
      tls: { rejectUnauthorized: false },
      auth: { user: people.neighbour, pass: panelPassword },
      logger: false,
    })
    await imap.connect()
    const lock = await imap.getMailboxLock('INBOX')
    const message = await imap.fetchOne('*', { source: true, envelope: true })
    lock.release()
    await imap.logout()
    if (!message) throw new Error('no message came')
    expect(message.envelope?.subject).toContain('Rien n’arrive Bcc: eve@example.net')
    expect(message.envelope?.replyTo?.[0]?.address).toBe('alice@example.org')
    expect(message.envelope?.bcc ?? []).toEqual([])
    expect(message.source?.toString()).toContain('/help')
  })

  it('is limited by the hour', async () => {
    const owner = await signedIn(service, 'otherOwner')
    const statuses: number[] = []
    for (let n = 0; n < 6; n++) statuses.push((await owner.post('/help/requests', request)).status)
    expect(statuses).toEqual([204, 204, 204, 204, 204, 429])
  })
})
