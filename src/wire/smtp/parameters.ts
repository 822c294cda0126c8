/** The parameters of MAIL and RCPT: SIZE (RFC 1870), BODY (RFC 6152, RFC 3030), SMTPUTF8 (RFC 6531), DSN (RFC 3461), AUTH (RFC 4954 §5). */
import { ENVELOPE_ID_CHARACTERS, ORIGINAL_RECIPIENT_CHARACTERS } from './limits.ts'
import { type Refused, refused } from './reply.ts'
import { decodeUtf8Address, decodeXtext } from './xtext.ts'

export interface MailParameters {
  /** Octets as declared; 0 where nothing was. */
  size: number
  body: '7BIT' | '8BITMIME'
  smtpUtf8: boolean
  ret: 'FULL' | 'HDRS' | null
  /** Decoded from xtext. */
  envelopeId: string | null
}

export type Notify = 'NEVER' | 'SUCCESS' | 'FAILURE' | 'DELAY'

export interface RcptParameters {
  notify: Notify[] | null
  /** `addr-type;address`, the address decoded from xtext. */
  originalRecipient: string | null
}

type Parsed<T> = { ok: true; value: T } | Refused

const keywordAndValue = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([!-<>-~\u0080-\u{10ffff}]+))?$/u
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text)
const wrong = (text: string): Refused => refused(501, '5.5.4', text)

/** Splits `text` (what follows the path) into parameters; each at most once. */
function split(text: string): Parsed<Map<string, string | null>> {
  const value = new Map<string, string | null>()
  if (text.trim() === '') return { ok: true, value }
  if (!text.startsWith(' ')) return wrong('Space expected before the parameters')
  for (const word of text.trim().split(/ +/)) {
    const match = keywordAndValue.exec(word)
    if (!match) return wrong('Bad parameter syntax')
    const keyword = match[1]!.toUpperCase()
    if (value.has(keyword)) return wrong(`${keyword} is given twice`)
    value.set(keyword, match[2] ?? null)
  }
  return { ok: true, value }
}

/** `auth`: whether AUTH= is known here, which is where AUTH is offered (RFC 4954 §5). Its value is not used: it is a claim. */
export function parseMailParameters(text: string, options: { auth: boolean }): Parsed<MailParameters> {
  const words = split(text)
  if (!words.ok) return words
  const value: MailParameters = { size: 0, body: '7BIT', smtpUtf8: false, ret: null, envelopeId: null }
  for (const [keyword, given] of words.value) {
    switch (keyword) {
      case 'SIZE':
        if (!given || !/^\d{1,20}$/.test(given)) return wrong('SIZE takes a number of octets')
        value.size = Number(given)
        break
      case 'BODY': {
        const body = given?.toUpperCase()
        if (body === 'BINARYMIME') return refused(555, '5.5.4', 'BODY=BINARYMIME is not supported')
        if (body !== '7BIT' && body !== '8BITMIME') return wrong('BODY is 7BIT or 8BITMIME')
        value.body = body
        break
      }
      case 'SMTPUTF8':
        if (given !== null) return wrong('SMTPUTF8 takes no value')
        value.smtpUtf8 = true
        break
      case 'RET': {
        const ret = given?.toUpperCase()
        if (ret !== 'FULL' && ret !== 'HDRS') return wrong('RET is FULL or HDRS')
        value.ret = ret
        break
      }
      case 'ENVID':
        value.envelopeId = given === null || given.length > ENVELOPE_ID_CHARACTERS ? null : decodeXtext(given)
        // RFC 3461 §4.4: printable ASCII.
        if (value.envelopeId !== null && !isAscii(value.envelopeId)) value.envelopeId = null
        if (value.envelopeId === null) return wrong(`ENVID takes xtext of at most ${ENVELOPE_ID_CHARACTERS} characters`)
        break
      case 'AUTH':
        if (!options.auth) return refused(555, '5.5.4', 'AUTH is not supported here')
        if (given !== '<>' && (given === null || decodeXtext(given) === null)) return wrong('AUTH takes xtext or <>')
        break
      default:
        return refused(555, '5.5.4', `Unsupported parameter ${keyword}`)
    }
  }
  return { ok: true, value }
}

export function parseRcptParameters(text: string): Parsed<RcptParameters> {
  const words = split(text)
  if (!words.ok) return words
  const value: RcptParameters = { notify: null, originalRecipient: null }
  for (const [keyword, given] of words.value) {
    switch (keyword) {
      case 'NOTIFY':
        value.notify = parseNotify(given)
        if (value.notify === null) return wrong('NOTIFY is NEVER, or a list of SUCCESS, FAILURE and DELAY')
        break
      case 'ORCPT':
        value.originalRecipient = parseOriginalRecipient(given)
        if (value.originalRecipient === null) return wrong('ORCPT takes an address type, a semicolon and xtext')
        break
      default:
        return refused(555, '5.5.4', `Unsupported parameter ${keyword}`)
    }
  }
  return { ok: true, value }
}

/** RFC 3461 §4.1: NEVER stands alone. */
function parseNotify(given: string | null): Notify[] | null {
  const conditions = new Set<Notify>()
  for (const word of given?.toUpperCase().split(',') ?? [''])
    if (word === 'NEVER' || word === 'SUCCESS' || word === 'FAILURE' || word === 'DELAY') conditions.add(word)
    else return null
  return conditions.has('NEVER') && conditions.size > 1 ? null : [...conditions]
}

/** RFC 3461 §4.2, RFC 6533 §3. */
function parseOriginalRecipient(given: string | null): string | null {
  const match = given === null ? null : /^([A-Za-z0-9-]+);(.+)$/u.exec(given)
  if (!match || given!.length > ORIGINAL_RECIPIENT_CHARACTERS) return null
  const type = match[1]!.toLowerCase()
  const address = type === 'utf-8' ? decodeUtf8Address(match[2]!) : decodeXtext(match[2]!)
  if (address === null) return null
  // Postfix writes every recipient outside ASCII as rfc822 and xtext; such an address has a type of its own.
  return `${type === 'rfc822' && !isAscii(address) ? 'utf-8' : type};${address}`
}
