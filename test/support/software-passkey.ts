/** An authenticator without hardware: one ES256 key pair for one host, answering as a browser does (WebAuthn level 3). */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

interface Options {
  challenge: string
  rp?: { id?: string }
  rpId?: string
  user?: { id: string }
}

export interface Behaviour {
  /** Where the page is; a phishing one is elsewhere. */
  origin?: string
  /** Whether a finger or PIN was shown. */
  verified?: boolean
}

const FLAGS = { present: 0x01, verified: 0x04, attested: 0x40 }

export class SoftwarePasskey {
  readonly id = randomBytes(16)
  readonly #privateKey: KeyObject
  readonly #publicKey: Buffer
  #userHandle = ''
  #count = 0

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#privateKey = privateKey
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    // COSE_Key (RFC 9053 §7.1.1): EC2, ES256, P-256.
    this.#publicKey = map([
      [int(1), int(2)],
      [int(3), int(-7)],
      [int(-1), int(1)],
      [int(-2), bytes(Buffer.from(x, 'base64url'))],
      [int(-3), bytes(Buffer.from(y, 'base64url'))],
    ])
  }

  /** What `navigator.credentials.create` gives. */
  create(options: Options, behaviour: Behaviour = {}): Record<string, unknown> {
    const rpId = options.rp?.id ?? ''
    this.#userHandle = options.user?.id ?? ''
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.id.length)
    const credential = Buffer.concat([Buffer.alloc(16), length, this.id, this.#publicKey])
    const authData = Buffer.concat([this.#authData(rpId, behaviour, FLAGS.attested), credential])
    const attestationObject = map([
      [text('fmt'), text('none')],
      [text('attStmt'), map([])],
      [text('authData'), bytes(authData)],
    ])
    return this.#credential({
      clientDataJSON: clientData('webauthn.create', options.challenge, behaviour.origin ?? `https://${rpId}`),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal', 'hybrid'],
    })
  }

  /** What `navigator.credentials.get` gives. */
  get(options: Options, behaviour: Behaviour = {}): Record<string, unknown> {
    const rpId = options.rpId ?? ''
    this.#count++
    const authData = this.#authData(rpId, behaviour, 0)
    const clientDataJSON = clientData('webauthn.get', options.challenge, behaviour.origin ?? `https://${rpId}`)
    const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest()
    return this.#credential({
      clientDataJSON,
      authenticatorData: authData.toString('base64url'),
      signature: sign('sha256', Buffer.concat([authData, hash]), this.#privateKey).toString('base64url'),
      userHandle: this.#userHandle,
    })
  }

  /** As a copy that was made before would. */
  countBack(): void {
    this.#count = 0
  }

  #authData(rpId: string, { verified = true }: Behaviour, more: number): Buffer {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(this.#count)
    const flags = FLAGS.present | (verified ? FLAGS.verified : 0) | more
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), count])
  }

  #credential(response: Record<string, unknown>): Record<string, unknown> {
    const id = this.id.toString('base64url')
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response }
  }
}

function clientData(type: string, challenge: string, origin: string): string {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })).toString('base64url')
}

// CBOR (RFC 8949 §3), as much as is needed.
function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value])
  if (value < 256) return Buffer.from([(major << 5) | 24, value])
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255])
}
const int = (value: number): Buffer => (value < 0 ? head(1, -1 - value) : head(0, value))
const bytes = (value: Uint8Array): Buffer => Buffer.concat([head(2, value.length), value])
const text = (value: string): Buffer => Buffer.concat([head(3, value.length), Buffer.from(value)])
const map = (entries: readonly (readonly [Buffer, Buffer])[]): Buffer =>
  Buffer.concat([head(5, entries.length), ...entries.flat()])
