/** Passwords that people choose: held to the rules, then hashed. */
import { AccountError } from './account-error.ts'
import { MAX_PASSWORD_BYTES } from './limits.ts'
import { hashPassword } from './passwords.ts'
import type { ReadsSettings } from './service-settings/service-settings.ts'

export interface PasswordRules {
  minCharacters: number
  maxBytes: number
}

export class NewPasswords {
  readonly #settings: ReadsSettings

  constructor(settings: ReadsSettings) {
    this.#settings = settings
  }

  async rules(): Promise<PasswordRules> {
    const { minPasswordCharacters } = await this.#settings.current()
    return { minCharacters: minPasswordCharacters, maxBytes: MAX_PASSWORD_BYTES }
  }

  /**
   * For whoever signs in as `address`. Throws `password-too-short`, `password-too-long`, `password-is-address` or
   * `password-characters`, which name the field `password`.
   */
  async hash(password: string, address: string): Promise<string> {
    const { minCharacters, maxBytes } = await this.rules()
    const field = 'password'
    if ([...password].length < minCharacters)
      throw new AccountError('password-too-short', `A password needs at least ${minCharacters} characters`, {
        field,
        min: minCharacters,
      })
    if (Buffer.byteLength(password) > maxBytes)
      throw new AccountError('password-too-long', `A password can have ${maxBytes} bytes`, { field, max: maxBytes })
    if (isOfAddress(password, address))
      throw new AccountError('password-is-address', 'A password is other than the address', { field })
    // A line end or NUL can't be sent by any sign-in command (RFC 4616 §2).
    if (/[\x00-\x1f\x7f]/.test(password))
      throw new AccountError('password-characters', 'The password has control characters in it', { field })
    return hashPassword(password)
  }
}

/** Whether it is the address, or what stands before its "@", in letters of whatever case: the first that is guessed. */
export function isOfAddress(password: string, address: string): boolean {
  const [folded, user] = [password.toLowerCase(), address.toLowerCase()]
  return folded === user || folded === user.slice(0, user.lastIndexOf('@'))
}
