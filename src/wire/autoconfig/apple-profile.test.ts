import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { type AppleProfile, encodeAppleProfile, nameBasedUuid, profileIdentifier } from './apple-profile.ts'
import { encodePlist } from './plist.ts'

const host = 'mail.host.example'
const profile: AppleProfile = {
  host,
  address: 'alice@example.org',
  fullName: 'Alice Exemple',
  incoming: { protocol: 'imap', server: { host, port: 993, security: 'tls' } },
  outgoing: { host, port: 465, security: 'tls' },
  password: null,
  organization: 'Messagerie',
  displayName: 'Messagerie : alice@example.org',
  description: 'Ajoute la boîte alice@example.org à Mail.',
}

describe('a configuration profile', () => {
  it('is this, to the byte', () => {
    expect(encodeAppleProfile(profile)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadType</key>
  <string>Configuration</string>
  <key>PayloadVersion</key>
  <integer>1</integer>
  <key>PayloadIdentifier</key>
  <string>example.host.mail.account.7a64adf28737ea90719cbdf0b1a87a5e</string>
  <key>PayloadUUID</key>
  <string>4D55E90D-9A2D-588E-9C8C-3EEB0AC81ABA</string>
  <key>PayloadDisplayName</key>
  <string>Messagerie : alice@example.org</string>
  <key>PayloadDescription</key>
  <string>Ajoute la boîte alice@example.org à Mail.</string>
  <key>PayloadOrganization</key>
  <string>Messagerie</string>
  <key>PayloadRemovalDisallowed</key>
  <false/>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadType</key>
      <string>com.apple.mail.managed</string>
      <key>PayloadVersion</key>
      <integer>1</integer>
      <key>PayloadIdentifier</key>
      <string>example.host.mail.account.7a64adf28737ea90719cbdf0b1a87a5e.mail</string>
      <key>PayloadUUID</key>
      <string>83866406-DFCB-5089-8921-E3B85413716D</string>
      <key>PayloadDisplayName</key>
      <string>Messagerie : alice@example.org</string>
      <key>EmailAccountType</key>
      <string>EmailTypeIMAP</string>
      <key>EmailAccountDescription</key>
      <string>alice@example.org</string>
      <key>EmailAccountName</key>
      <string>Alice Exemple</string>
      <key>EmailAddress</key>
      <string>alice@example.org</string>
      <key>IncomingMailServerAuthentication</key>
      <string>EmailAuthPassword</string>
      <key>IncomingMailServerHostName</key>
      <string>mail.host.example</string>
      <key>IncomingMailServerPortNumber</key>
      <integer>993</integer>
      <key>IncomingMailServerUseSSL</key>
      <true/>
      <key>IncomingMailServerUsername</key>
      <string>alice@example.org</string>
      <key>OutgoingMailServerAuthentication</key>
      <string>EmailAuthPassword</string>
      <key>OutgoingMailServerHostName</key>
      <string>mail.host.example</string>
      <key>OutgoingMailServerPortNumber</key>
      <integer>465</integer>
      <key>OutgoingMailServerUseSSL</key>
      <true/>
      <key>OutgoingMailServerUsername</key>
      <string>alice@example.org</string>
      <key>OutgoingPasswordSameAsIncomingPassword</key>
      <true/>
    </dict>
  </array>
</dict>
</plist>
`)
  })

  it('with a password holds it for both servers', () => {
    const text = encodeAppleProfile({ ...profile, password: 'abcd-efgh<&' })
    expect(text).toContain('<key>IncomingPassword</key>\n      <string>abcd-efgh&lt;&amp;</string>')
    expect(text).toContain('<key>OutgoingPassword</key>\n      <string>abcd-efgh&lt;&amp;</string>')
  })

  it('leaves out a name that is not known, and knows POP3', () => {
    const incoming = { protocol: 'pop3', server: { host, port: 995, security: 'tls' } } as const
    const text = encodeAppleProfile({ ...profile, fullName: null, incoming })
    expect(text).not.toContain('EmailAccountName')
    expect(text).toContain('<string>EmailTypePOP</string>')
  })

  it('has the same identifiers for the same mailbox, password or not, and others for another', () => {
    const ids = (of: AppleProfile) =>
      [...encodeAppleProfile(of).matchAll(/Payload(?:UUID|Identifier)<\/key>\s*<string>(.*)<\/string>/g)].map(
        ([, id]) => id,
      )
    expect(ids({ ...profile, password: 'secret' })).toEqual(ids(profile))
    const others = ids({ ...profile, address: 'bob@example.org' })
    expect(new Set([...ids(profile), ...others]).size).toBe(8)
    expect(profileIdentifier(host, 'alice@example.org')).toMatch(/^[a-z0-9.-]+$/)
  })

  it.skipIf(spawnSync('python3', ['--version']).error)(
    'is a property list that Python reads (skipped where python3 is not installed)',
    () => {
      const python = 'import sys, plistlib, json; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))'
      const read = spawnSync('python3', ['-c', python], { input: encodeAppleProfile(profile) })
      expect(read.stderr.toString()).toBe('')
      expect(JSON.parse(read.stdout.toString())).toMatchObject({
        PayloadRemovalDisallowed: false,
        PayloadContent: [
          { IncomingMailServerPortNumber: 993, IncomingMailServerUseSSL: true, EmailAccountName: 'Alice Exemple' },
        ],
      })
    },
  )
})

describe('a name-based UUID', () => {
  it('of version 5 is the one that other programs make', () => {
    // Python: uuid.uuid5(uuid.NAMESPACE_URL, 'https://www.example.com')
    expect(nameBasedUuid('https://www.example.com')).toBe('A0787AFD-C170-5773-8D60-02739168DE9F')
  })
})

describe('a property list', () => {
  it('escapes keys and text, and leaves out what is undefined', () => {
    expect(encodePlist({ 'a&b': '<', c: undefined, d: [] })).toContain(
      '<dict>\n  <key>a&amp;b</key>\n  <string>&lt;</string>\n  <key>d</key>\n  <array>\n  </array>\n</dict>\n',
    )
  })
})
