import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerAutodiscoverJson } from './autodiscover-json.ts'
import { parseAutodiscoverRequest } from './autodiscover-request.ts'
import { encodeAutodiscoverError, encodeAutodiscoverSettings } from './autodiscover-response.ts'
import type { ClientServers } from './client-servers.ts'
import { readXml } from './xml-reader.ts'

const request = (inner: string): Buffer =>
  Buffer.from(`<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request>
    ${inner}
  </Request>
</Autodiscover>
`)
const outlook =
  '<AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>'
const address = '<EMailAddress>alice@example.org</EMailAddress>'
const alice = { ok: true, address: 'alice@example.org' }
const refused = (reason: string) => ({ ok: false, reason })

describe('an Autodiscover request', () => {
  it.each([
    ['as Outlook and Thunderbird write it', request(address + outlook)],
    ['without a schema', request(address)],
    [
      'with white space and a prefix',
      Buffer.from(request(` <x:EMailAddress>\n alice@example.org </x:EMailAddress>${outlook}`)),
    ],
    ['in other cases', Buffer.from(request(address).toString().replaceAll('Request>', 'request>'))],
    ['with a byte order mark', Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), request(address)])],
    ['in UTF-16', Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(request(address).toString(), 'utf16le')])],
  ])('%s gives the address', (_, body) => {
    expect(parseAutodiscoverRequest(body)).toEqual(alice)
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'malformed'],
    ['no XML', Buffer.from('Email=alice@example.org'), 'malformed'],
    ['bytes that are no text', Buffer.from([0x3c, 0x61, 0xff, 0x2f, 0x3e]), 'malformed'],
    ['more than a request has', request(`${address}<!--${'x'.repeat(8192)}-->`), 'malformed'],
    [
      'a document type',
      Buffer.from(`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${request(address).toString().slice(39)}`),
      'malformed',
    ],
    ['an entity', request('<EMailAddress>&x;@example.org</EMailAddress>'), 'malformed'],
    ['no address', request(outlook), 'no-address'],
    ['a directory name instead', request(`<LegacyDN>/o=x/cn=alice</LegacyDN>${outlook}`), 'no-address'],
    ['an address without a domain', request('<EMailAddress>alice</EMailAddress>'), 'no-address'],
    [
      'an address that is too long',
      request(`<EMailAddress>${'a'.repeat(250)}@example.org</EMailAddress>`),
      'no-address',
    ],
    [
      'an address elsewhere in the file',
      Buffer.from(`<a><EMailAddress>alice@example.org</EMailAddress></a>`),
      'no-address',
    ],
    [
      'a phone’s schema',
      request(
        `${address}<AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006</AcceptableResponseSchema>`,
      ),
      'schema',
    ],
  ])('with %s is refused', (_, body, reason) => {
    expect(parseAutodiscoverRequest(body)).toEqual(refused(reason))
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => void parseAutodiscoverRequest(bytes)))
    const whole = request(address + outlook)
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const body = Buffer.from(whole)
        body[at] = byte
        parseAutodiscoverRequest(body)
      }),
    )
  })
})

const host = 'mail.host.example'
const servers: ClientServers = {
  imap: [{ host, port: 993, security: 'tls' }],
  pop3: [{ host, port: 995, security: 'tls' }],
  smtp: [
    { host, port: 465, security: 'tls' },
    { host, port: 587, security: 'starttls' },
  ],
}

describe('an Autodiscover answer', () => {
  it('with the settings is this, to the byte', () => {
    expect(
      encodeAutodiscoverSettings('alice@example.org', { ...servers, pop3: [] }),
    ).toBe(`<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
  <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
    <User>
      <DisplayName>alice@example.org</DisplayName>
    </User>
    <Account>
      <AccountType>email</AccountType>
      <Action>settings</Action>
      <Protocol>
        <Type>IMAP</Type>
        <Server>mail.host.example</Server>
        <Port>993</Port>
        <DomainRequired>off</DomainRequired>
        <LoginName>alice@example.org</LoginName>
        <SPA>off</SPA>
        <SSL>on</SSL>
        <Encryption>SSL</Encryption>
        <AuthRequired>on</AuthRequired>
      </Protocol>
      <Protocol>
        <Type>SMTP</Type>
        <Server>mail.host.example</Server>
        <Port>465</Port>
        <DomainRequired>off</DomainRequired>
        <LoginName>alice@example.org</LoginName>
        <SPA>off</SPA>
        <SSL>on</SSL>
        <Encryption>SSL</Encryption>
        <AuthRequired>on</AuthRequired>
        <UsePOPAuth>on</UsePOPAuth>
        <SMTPLast>off</SMTPLast>
      </Protocol>
    </Account>
  </Response>
</Autodiscover>
`)
  })

  it('tells all protocols, and STARTTLS as such', () => {
    const text = encodeAutodiscoverSettings('alice@example.org', { ...servers, smtp: servers.smtp.slice(1) })
    expect([...text.matchAll(/<Type>(.*)<\/Type>/g)].map(([, type]) => type)).toEqual(['IMAP', 'POP3', 'SMTP'])
    expect(text).toContain('<SSL>off</SSL>\n        <Encryption>TLS</Encryption>')
  })

  it('gives an address back as text, whatever it holds', () => {
    const evil = '"</LoginName><Server>evil.test</Server>&amp;"@example.org'
    const names = readXml(encodeAutodiscoverSettings(evil, servers))?.filter(({ path }) => path.at(-1) === 'LoginName')
    expect(names?.map(({ text }) => text)).toEqual([evil, evil, evil])
  })

  it('with an error is this, to the byte', () => {
    const at = Date.UTC(2026, 10, 26, 16, 56, 32, 164)
    expect(encodeAutodiscoverError('invalid-request', at, 1054084152)).toBe(`<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
  <Response>
    <Error Time="16:56:32.164" Id="1054084152">
      <ErrorCode>600</ErrorCode>
      <Message>Invalid Request</Message>
      <DebugData />
    </Error>
  </Response>
</Autodiscover>
`)
    expect(encodeAutodiscoverError('unknown-domain', at, 1)).toContain('<ErrorCode>500</ErrorCode>')
    expect(encodeAutodiscoverError('unknown-schema', at, 1)).toContain('<ErrorCode>601</ErrorCode>')
  })
})

describe('Autodiscover v2', () => {
  const url = 'https://mail.host.example/autodiscover/autodiscover.xml'

  it.each(['AutodiscoverV1', 'Autodiscoverv1', 'autodiscoverv1'])('leads %s to the XML', protocol => {
    expect(answerAutodiscoverJson(protocol, url)).toEqual({
      status: 200,
      body: '{"Protocol":"AutodiscoverV1","Url":"https://mail.host.example/autodiscover/autodiscover.xml"}',
    })
  })

  it('knows no other protocol', () => {
    expect(answerAutodiscoverJson('ActiveSync', url)).toEqual({
      status: 400,
      body: `{"ErrorCode":"InvalidProtocol","ErrorMessage":"The given protocol value 'ActiveSync' is invalid. Supported values are 'AutodiscoverV1'"}`,
    })
    expect(answerAutodiscoverJson('x'.repeat(9999), url).body.length).toBeLessThan(200)
  })

  it.each([null, ''])('asks for one', protocol => {
    expect(answerAutodiscoverJson(protocol, url)).toEqual({
      status: 400,
      body: `{"ErrorCode":"MandatoryParameterMissing","ErrorMessage":"A valid value must be provided for the query parameter 'Protocol'"}`,
    })
  })
})
