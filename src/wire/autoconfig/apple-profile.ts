/**
 * The configuration profile that iPhone, iPad and Mac set a mail account up with: `.mobileconfig`, served as
 * `application/x-apple-aspen-config` (Apple, Device Management: TopLevel, com.apple.mail.managed).
 *
 * Its identifiers depend on host and address alone, so that a profile installed again replaces the one before.
 */
import { createHash } from 'node:crypto'
import type { ClientServer } from './client-servers.ts'
import { encodePlist } from './plist.ts'

export interface AppleProfile {
  /** The service's own name, from which the identifiers are made. */
  host: string
  address: string
  /** The name that goes in front of the address in what is sent; null: the device asks or leaves it out. */
  fullName: string | null
  incoming: { protocol: 'imap' | 'pop3'; server: ClientServer }
  outgoing: ClientServer
  /**
   * Null: the device asks for it. A profile has no protection of its own: one with a password may only travel over TLS,
   * by a link that works once, and hold a password made for that one device.
   */
  password: string | null
  /** Shown before it is installed. */
  organization: string
  displayName: string
  description: string
}

export function encodeAppleProfile(profile: AppleProfile): string {
  const { host, address, incoming, outgoing, password } = profile
  const identifier = profileIdentifier(host, address)
  return encodePlist({
    PayloadType: 'Configuration',
    PayloadVersion: 1,
    PayloadIdentifier: identifier,
    PayloadUUID: nameBasedUuid(`https://${host}/profile/${address}`),
    PayloadDisplayName: profile.displayName,
    PayloadDescription: profile.description,
    PayloadOrganization: profile.organization,
    PayloadRemovalDisallowed: false,
    PayloadContent: [
      {
        PayloadType: 'com.apple.mail.managed',
        PayloadVersion: 1,
        PayloadIdentifier: `${identifier}.mail`,
        PayloadUUID: nameBasedUuid(`imap://${host}/${address}`),
        PayloadDisplayName: profile.displayName,
        EmailAccountType: incoming.protocol === 'imap' ? 'EmailTypeIMAP' : 'EmailTypePOP',
        EmailAccountDescription: address,
        EmailAccountName: profile.fullName ?? undefined,
        EmailAddress: address,
        IncomingMailServerAuthentication: 'EmailAuthPassword',
        IncomingMailServerHostName: incoming.server.host,
        IncomingMailServerPortNumber: incoming.server.port,
        // The default is false. True is TLS from the first byte or STARTTLS, as the port's server has it.
        IncomingMailServerUseSSL: true,
        IncomingMailServerUsername: address,
        IncomingPassword: password ?? undefined,
        OutgoingMailServerAuthentication: 'EmailAuthPassword',
        OutgoingMailServerHostName: outgoing.host,
        OutgoingMailServerPortNumber: outgoing.port,
        OutgoingMailServerUseSSL: true,
        OutgoingMailServerUsername: address,
        OutgoingPassword: password ?? undefined,
        OutgoingPasswordSameAsIncomingPassword: true,
      },
    ],
  })
}

/** Reverse-DNS style, as `org.example.mail.account.0f3c…`: an address has characters that an identifier has not. */
export function profileIdentifier(host: string, address: string): string {
  const account = createHash('sha256').update(address).digest('hex').slice(0, 32)
  return `${host.split('.').reverse().join('.')}.account.${account}`
}

/** RFC 9562 §5.5, version 5, in the name space of URLs (§6.6), in capitals as Apple writes them. */
export function nameBasedUuid(url: string): string {
  const urls = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex')
  const hash = createHash('sha1').update(urls).update(url).digest()
  hash[6] = (hash[6]! & 0x0f) | 0x50
  hash[8] = (hash[8]! & 0x3f) | 0x80
  const hex = hash.toString('hex').toUpperCase()
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
