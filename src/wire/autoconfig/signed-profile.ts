/**
 * A configuration profile inside a CMS signature (RFC 5652), which makes the device show who it comes from: signed with
 * the key of the service's TLS certificate, the certificate and its intermediates included.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'

export class ProfileSignatureError extends Error {
  override name = 'ProfileSignatureError'
}

/**
 * DER. `cert`: PEM, the signer's certificate first; `key`: PEM of an RSA or EC key, without a passphrase; `at`: the
 * signing time. Rejects with ProfileSignatureError where the key is of another kind.
 */
export async function signProfile(profile: string, pem: { cert: string; key: string }, at: number): Promise<Buffer> {
  // Some 20 MB and 100 ms, for something few ask for: loaded when the first does.
  const [asn1, pki] = await Promise.all([import('asn1js'), import('pkijs')])
  const { key, hash } = signingKey(createPrivateKey(pem.key))
  const certificates = pemBlocks(pem.cert).map(block => pki.Certificate.fromBER(new X509Certificate(block).raw))
  const [signer] = certificates
  if (!signer) throw new ProfileSignatureError('there is no certificate to sign with')

  const content = Buffer.from(profile)
  const digest = await crypto.subtle.digest(hash, content)
  const attribute = (type: string, value: InstanceType<typeof asn1.BaseBlock>) =>
    new pki.Attribute({ type, values: [value] })
  const signed = new pki.SignedData({
    version: 1,
    encapContentInfo: new pki.EncapsulatedContentInfo({
      eContentType: pki.id_ContentType_Data,
      eContent: new asn1.OctetString({ valueHex: content }),
    }),
    certificates,
    signerInfos: [
      new pki.SignerInfo({
        version: 1,
        sid: new pki.IssuerAndSerialNumber({ issuer: signer.issuer, serialNumber: signer.serialNumber }),
        // Shortest first: that is the order DER wants of a set (RFC 5652 §5.4, X.690 §11.6).
        signedAttrs: new pki.SignedAndUnsignedAttributes({
          type: 0,
          attributes: [
            attribute('1.2.840.113549.1.9.3', new asn1.ObjectIdentifier({ value: pki.id_ContentType_Data })),
            attribute('1.2.840.113549.1.9.5', new asn1.UTCTime({ valueDate: new Date(at) })),
            attribute('1.2.840.113549.1.9.4', new asn1.OctetString({ valueHex: digest })),
          ],
        }),
      }),
    ],
  })
  await signed.sign(key, 0, hash)
  // RFC 5754 §3.2: the one identifier that every reader of RSA signatures must know.
  if (key.algorithm.name === 'RSASSA-PKCS1-v1_5')
    signed.signerInfos[0]!.signatureAlgorithm = new pki.AlgorithmIdentifier({
      algorithmId: '1.2.840.113549.1.1.1',
      algorithmParams: new asn1.Null(),
    })
  const message = new pki.ContentInfo({ contentType: pki.ContentInfo.SIGNED_DATA, content: signed.toSchema(true) })
  return Buffer.from(message.toSchema().toBER())
}

const CURVES: Record<string, { namedCurve: string; hash: string }> = {
  prime256v1: { namedCurve: 'P-256', hash: 'SHA-256' },
  secp384r1: { namedCurve: 'P-384', hash: 'SHA-384' },
  secp521r1: { namedCurve: 'P-521', hash: 'SHA-512' },
}

/**
 * The key as Web Crypto has it, with the hash that fits its strength. `as CryptoKey`: where the browser's types are known too, as in web/, theirs are
 * the global ones, and lag behind Node's.
 */
function signingKey(key: KeyObject): { key: CryptoKey; hash: string } {
  const details = key.asymmetricKeyDetails
  if (key.asymmetricKeyType === 'rsa') {
    const hash = 'SHA-256'
    return { key: key.toCryptoKey({ name: 'RSASSA-PKCS1-v1_5', hash }, false, ['sign']) as CryptoKey, hash }
  }
  const curve = key.asymmetricKeyType === 'ec' ? CURVES[details?.namedCurve ?? ''] : undefined
  if (!curve) throw new ProfileSignatureError(`a key of type ${key.asymmetricKeyType} signs no profile`)
  const { namedCurve, hash } = curve
  return { key: key.toCryptoKey({ name: 'ECDSA', namedCurve }, false, ['sign']) as CryptoKey, hash }
}

function pemBlocks(text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
}
