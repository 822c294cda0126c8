/**
 * What Outlook asks in Autodiscover's plain old XML (MS-OXDSCLI §2.2.3): the address, and which answer it reads.
 * Programs write the element names and the schema in more than one case.
 */
import { ADDRESS_BYTES, AUTODISCOVER_REQUEST_BYTES } from './limits.ts'
import { readXml } from './xml-reader.ts'

export type AutodiscoverRequest =
  | { ok: true; address: string }
  /** `schema`: it wants the settings of something else than mail servers, such as a phone's synchronisation. */
  | { ok: false; reason: 'malformed' | 'no-address' | 'schema' }

const OUTLOOK_ANSWER = /^https?:\/\/schemas\.microsoft\.com\/exchange\/autodiscover\/outlook\/responseschema\/2006a?$/i

export function parseAutodiscoverRequest(body: Uint8Array): AutodiscoverRequest {
  const text = body.length > AUTODISCOVER_REQUEST_BYTES ? null : decode(body)
  const elements = text === null ? null : readXml(text)
  if (!elements) return { ok: false, reason: 'malformed' }
  const textOf = (name: string): string =>
    elements.find(({ path }) => path.join('/').toLowerCase() === `autodiscover/request/${name}`)?.text ?? ''
  const schema = textOf('acceptableresponseschema')
  if (schema !== '' && !OUTLOOK_ANSWER.test(schema)) return { ok: false, reason: 'schema' }
  const address = textOf('emailaddress')
  if (address === '' || !address.includes('@') || Buffer.byteLength(address) > ADDRESS_BYTES)
    return { ok: false, reason: 'no-address' }
  return { ok: true, address }
}

/** UTF-8, or UTF-16 where a byte order mark says so; null where it is neither. */
function decode(body: Uint8Array): string | null {
  const mark =
    body[0] === 0xff && body[1] === 0xfe ? 'utf-16le' : body[0] === 0xfe && body[1] === 0xff ? 'utf-16be' : ''
  try {
    return new TextDecoder(mark || 'utf-8', { fatal: true }).decode(body)
  } catch {
    return null
  }
}
