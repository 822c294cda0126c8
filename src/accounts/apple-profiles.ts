/** Configuration profiles for iPhone, iPad and Mac, signed with the service's certificate. */
import type { Clock } from '../ops/clock.ts'
import type { Log } from '../ops/log.ts'
import type { Store } from '../store/store.ts'
import type { Language } from '../store/types/principals.ts'
import { encodeAppleProfile } from '../wire/autoconfig/apple-profile.ts'
import { ProfileSignatureError, signProfile } from '../wire/autoconfig/signed-profile.ts'
import { domainOf } from '../wire/mime/domain-of.ts'
import { AccountError } from './account-error.ts'
import type { ReadsBrands } from './brands/brands.ts'
import type { ClientSetUp } from './client-set-up.ts'

export interface AppleProfilesParts {
  store: Pick<Store, 'read'>
  clientSetUp: ClientSetUp
  brands: ReadsBrands
  certificate: { pem(): { cert: string; key: string } }
  clock: Clock
  log: Log
}

export interface ProfileWish {
  protocol: 'imap' | 'pop3'
  /** One made for the device; null: it asks. */
  password: string | null
  language: Language
}

const texts = {
  fr: {
    name: (address: string) => `Courrier ${address}`,
    about: (address: string) =>
      `Ajoute la boîte ${address} à l’application Mail. Ne change rien d’autre sur cet appareil.`,
  },
  en: {
    name: (address: string) => `Mail ${address}`,
    about: (address: string) => `Adds the mailbox ${address} to the Mail app. Changes nothing else on this device.`,
  },
}

export class AppleProfiles {
  readonly #parts: AppleProfilesParts

  constructor(parts: AppleProfilesParts) {
    this.#parts = parts
  }

  /** Throws `protocol-not-offered` where there is no such server, or none to send with. */
  async make(
    owner: { address: string; principalId: number | null },
    { protocol, password, language }: ProfileWish,
  ): Promise<Buffer> {
    const { store, clientSetUp, brands } = this.#parts
    const { address, principalId } = owner
    const [servers, brand, principal] = await Promise.all([
      clientSetUp.servers(),
      brands.forDomain(domainOf(address)),
      principalId === null ? null : store.read('principal.byId', { principalId }),
    ])
    const [server, outgoing] = [servers[protocol][0], servers.smtp[0]]
    if (!server || !outgoing) throw new AccountError('protocol-not-offered', `There is no ${protocol} server`)
    const { name, about } = texts[language]
    return this.#signed(
      encodeAppleProfile({
        host: clientSetUp.hostname,
        address,
        fullName: principal?.name || null,
        incoming: { protocol, server },
        outgoing,
        password,
        organization: brand.name,
        displayName: name(address),
        description: about(address),
      }),
    )
  }

  /** A device shows an unsigned profile as not verified, and takes it all the same. */
  async #signed(profile: string): Promise<Buffer> {
    const { certificate, clock, log } = this.#parts
    try {
      return await signProfile(profile, certificate.pem(), clock.now())
    } catch (error) {
      if (!(error instanceof ProfileSignatureError)) throw error
      log.warn({ problem: error.message }, 'configuration profile not signed')
      return Buffer.from(profile)
    }
  }
}
