/** Passkeys (WebAuthn), as the browser has them. The library that speaks to it is loaded when one is asked for. */
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import { ApiProblem } from '../../shared/api/problem.ts'
import { textsNow } from '../../shared/texts/texts.ts'
import { texts } from './texts.ts'

/** What the service wants signed, and the token that goes back with the answer. */
export interface PasskeyOptions {
  options: object
  token: string
}

export interface PasskeyAnswer {
  token: string
  response: object
}

export const passkeysAreSupported = (): boolean => typeof PublicKeyCredential === 'function'

/** Asks the person for a passkey. Throws an ApiProblem when there is none, or when it was cancelled: the browser doesn't say which. */
export async function askForPasskey({ options, token }: PasskeyOptions): Promise<PasskeyAnswer> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  try {
    const optionsJSON = options as PublicKeyCredentialRequestOptionsJSON
    return { token, response: await startAuthentication({ optionsJSON }) }
  } catch (error) {
    const cancelled = error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name)
    const t = textsNow(texts)
    throw new ApiProblem(0, {
      code: cancelled ? 'passkey-cancelled' : 'passkey-failed',
      title: cancelled ? t.passkeyCancelled : t.passkeyFailed,
    })
  }
}
