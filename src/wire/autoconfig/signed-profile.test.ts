/** Signatures checked by OpenSSL, which also makes the keys and chains: an RSA and an EC one, each with an intermediate. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { makeSelfSigned } from '../../ops/self-signed.ts'
import { ProfileSignatureError, signProfile } from './signed-profile.ts'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const folder = mkdtempSync(path.join(tmpdir(), 'facteur-profile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = Date.now()
const profile = '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">é</plist>\n'
const file = (name: string): string => path.join(folder, name)
const openssl = (...args: string[]): Buffer =>
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })

/** Root, intermediate and server certificate; gives the server's PEM with the intermediate behind it. */
function chain(name: string, keyArguments: string[]): { cert: string; key: string } {
  const key = (of: string): void => void openssl('genpkey', ...keyArguments, '-out', `${name}-${of}.key`)
  const sign = (of: string, by: string, extensions: string): void => {
    writeFileSync(file(`${name}-${of}.cnf`), extensions)
    openssl('req', '-new', '-key', `${name}-${of}.key`, '-subj', `/CN=${of}.example.org`, '-out', `${name}-${of}.csr`)
    const issuer =
      by === of ? ['-signkey', `${name}-${of}.key`] : ['-CA', `${name}-${by}.pem`, '-CAkey', `${name}-${by}.key`]
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}-${of}.csr`,
      ...issuer,
      '-days',
      '30',
      '-extfile',
      `${name}-${of}.cnf`,
      '-out',
      `${name}-${of}.pem`,
    )
  }
  for (const of of ['root', 'middle', 'mail']) key(of)
  sign('root', 'root', 'basicConstraints=critical,CA:TRUE\n')
  sign('middle', 'root', 'basicConstraints=critical,CA:TRUE\n')
  sign('mail', 'middle', 'extendedKeyUsage=serverAuth\nsubjectAltName=DNS:mail.example.org\n')
  const read = (of: string): string => readFileSync(file(`${name}-${of}`), 'utf8')
  return { cert: read('mail.pem') + read('middle.pem'), key: read('mail.key') }
}

const kinds = [
  ['RSA', ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], 'rsaEncryption'],
  ['P-256', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'ecdsa-with-SHA256'],
  ['P-384', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'], 'ecdsa-with-SHA384'],
] as const

describe.skipIf(!hasOpenssl)('a signed profile (skipped where openssl is not installed)', () => {
  it.each(kinds)(
    'with a key of type %s is verified by OpenSSL up to the root',
    async (name, keyArguments, algorithm) => {
      const signed = await signProfile(profile, chain(name, [...keyArguments]), at)
      writeFileSync(file('signed.der'), signed)
      for (const command of ['smime', 'cms'])
        expect(
          openssl(
            command,
            '-verify',
            '-inform',
            'DER',
            '-in',
            'signed.der',
            '-CAfile',
            `${name}-root.pem`,
            '-purpose',
            'any',
            '-binary',
          ).toString(),
        ).toBe(profile)
      const print = openssl('cms', '-cmsout', '-print', '-noout', '-inform', 'DER', '-in', 'signed.der').toString()
      expect(print).toContain(`algorithm: ${algorithm}`)
      expect(print.match(/d\.certificate/g)).toHaveLength(2)
      expect(print.match(/object: (contentType|signingTime|messageDigest)/g)).toHaveLength(3)
      expect(print).toMatch(/UTCTIME:/)
    },
  )

  it('is refused once a byte of it was changed', async () => {
    const pem = chain('changed', [...kinds[1][1]])
    const signed = await signProfile(profile, pem, at)
    signed[signed.indexOf('plist')]! ^= 1
    writeFileSync(file('changed.der'), signed)
    const { status } = spawnSync(
      'openssl',
      [
        'cms',
        '-verify',
        '-inform',
        'DER',
        '-in',
        'changed.der',
        '-CAfile',
        'changed-root.pem',
        '-purpose',
        'any',
        '-binary',
      ],
      { cwd: folder },
    )
    expect(status).not.toBe(0)
  })

  it('is made with the certificate of a first start', async () => {
    const pem = makeSelfSigned(['mail.example.org'], at)
    writeFileSync(file('own.pem'), pem.cert)
    writeFileSync(file('own.der'), await signProfile(profile, pem, at))
    expect(
      openssl(
        'cms',
        '-verify',
        '-inform',
        'DER',
        '-in',
        'own.der',
        '-CAfile',
        'own.pem',
        '-purpose',
        'any',
        '-binary',
      ).toString(),
    ).toBe(profile)
  })

  it('takes a key in the older PEM forms', async () => {
    const pem = chain('older', [...kinds[1][1]])
    const key = openssl('ec', '-in', 'older-mail.key').toString()
    expect(key).toContain('BEGIN EC PRIVATE KEY')
    await expect(signProfile(profile, { ...pem, key }, at)).resolves.toBeInstanceOf(Buffer)
  })

  it('is not made with a key of another kind', async () => {
    const pem = chain('edwards', ['-algorithm', 'ED25519'])
    await expect(signProfile(profile, pem, at)).rejects.toThrow(ProfileSignatureError)
  })
})
