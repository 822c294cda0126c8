/** SASL PLAIN (RFC 4616) and the base64 that carries it, for every protocol with an AUTH of its own. */

export interface PlainCredentials {
  /** Whom to act for; empty for the user itself. */
  authorizationId: string
  user: string
  password: string
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Strict base64 (RFC 4648 §4); null where it is none. */
export function decodeBase64(text: string): Uint8Array | null {
  return BASE64.test(text) ? Buffer.from(text, 'base64') : null
}

/** `[authzid] NUL authcid NUL passwd` in UTF-8 (RFC 4616 §2); null where it is none. */
export function parsePlain(response: Uint8Array): PlainCredentials | null {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(response)
  } catch {
    return null
  }
  const [authorizationId, user, password, ...rest] = text.split('\0')
  if (authorizationId === undefined || !user || !password || rest.length > 0) return null
  return { authorizationId, user, password }
}
