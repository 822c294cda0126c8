/**
 * A self-signed certificate for the first start: the service speaks TLS at once, and says that it needs a real one.
 *
 * X.509 v3 (RFC 5280) with an ECDSA P-256 key, put together here in the little DER it takes: see
 * docs/decisions/0005-self-signed-certificate.md.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { isIP, isIPv4 } from 'node:net'
import path from 'node:path'
import type { Clock } from './clock.ts'
import { DAY_MS } from './durations.ts'
import type { CertificateFiles } from './tls.ts'

/** The longest that Apple's clients take of any TLS server, trusted by hand or not. */
const VALID_DAYS = 825
/** Made anew at a start within this of its end. */
const RENEW_DAYS = 30

export function selfSignedFiles(folder: string): CertificateFiles {
  return { certFile: path.join(folder, 'certificate.pem'), keyFile: path.join(folder, 'key.pem') }
}

/** Where the folder has no certificate for these names that is good for a month more, makes one. */
export async function ensureSelfSigned(
  folder: string,
  names: string[],
  clock: Clock,
): Promise<CertificateFiles & { created: boolean }> {
  const files = selfSignedFiles(folder)
  if (await serves(files, names, clock)) return { ...files, created: false }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { cert, key } = makeSelfSigned(names, clock.now())
  // The key first and each in one step: a start that is cut short leaves a pair that doesn't match, which is made anew.
  for (const [file, text] of [
    [files.keyFile, key],
    [files.certFile, cert],
  ] as const) {
    await writeFile(`${file}.new`, text, { mode: 0o600 })
    await chmod(`${file}.new`, 0o600)
    await rename(`${file}.new`, file)
  }
  return { ...files, created: true }
}

async function serves({ certFile, keyFile }: CertificateFiles, names: string[], clock: Clock): Promise<boolean> {
  try {
    const certificate = new X509Certificate(await readFile(certFile))
    return (
      certificate.checkPrivateKey(createPrivateKey(await readFile(keyFile))) &&
      certificate.validToDate.getTime() > clock.now() + RENEW_DAYS * DAY_MS &&
      names.every(name => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined)
    )
  } catch {
    return false
  }
}

/** PEM texts of a new key and its certificate; `names` are host names and IP addresses, the first also the common name. */
export function makeSelfSigned(names: string[], now: number): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = tbsCertificate(names, now, publicKey)
  const signature = sign('sha256', body, privateKey)
  const certificate = sequence(body, ecdsaWithSha256, tlv(0x03, Buffer.of(0), signature))
  const lines = certificate.toString('base64').replace(/.{64}(?=.)/g, '$&\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function tbsCertificate(names: string[], now: number, publicKey: KeyObject): Buffer {
  // RFC 5280 §4.1.2.2: positive, at most 20 octets.
  const serial = randomBytes(16)
  serial[0] = (serial[0]! & 0x7f) | 0x40
  // A common name holds at most 64 characters (RFC 5280, appendix A); the names that count are in subjectAltName.
  const commonName = tlv(0x0c, Buffer.from((names[0] ?? 'facteur').slice(0, 64)))
  const name = sequence(tlv(0x31, sequence(oid('550403'), commonName)))
  const alternatives = names.map(host => (isIP(host) ? tlv(0x87, addressBytes(host)) : tlv(0x82, Buffer.from(host))))
  const extensions = sequence(
    extension('551d11', sequence(...alternatives)),
    // Its own authority, so that a client may be told to trust it.
    extension('551d13', sequence(tlv(0x01, Buffer.of(0xff)))),
    extension('551d25', sequence(oid('2b06010505070301'))),
  )
  return sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, serial),
    ecdsaWithSha256,
    name,
    // An hour back for clients whose clocks are behind.
    sequence(time(now - 60 * 60_000), time(now + VALID_DAYS * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions),
  )
}

function tlv(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const length = content.length
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...head), content])
}

const sequence = (...items: Buffer[]): Buffer => tlv(0x30, ...items)
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'))
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), tlv(0x04, value))

/** UTCTime until 2049, GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5). */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)
  return digits < '2050' ? tlv(0x17, Buffer.from(`${digits.slice(2)}Z`)) : tlv(0x18, Buffer.from(`${digits}Z`))
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address)
  const groups = tail ? `${tail[1]}${addressBytes(tail[2]!).toString('hex').replace(/^.{4}/, '$&:')}` : address
  const [left = '', right] = groups.split('::')
  const before = left === '' ? [] : left.split(':')
  const after = right ? right.split(':') : []
  const zeros = right === undefined ? 0 : 8 - before.length - after.length
  const all = [...before, ...Array<string>(zeros).fill('0'), ...after]
  return Buffer.from(all.map(group => group.padStart(4, '0')).join(''), 'hex')
}
