/** The shapes of the first routes, as src/api answers them. */
import type { Language } from '../texts/language.ts'

export interface Service {
  name: string
  logoUrl: string | null
  colours: { primary: string | null }
  supportAddress: string | null
  languages: Language[]
  servers: { name: string; url: string; domains: string[] }[]
  passwordRules: { minCharacters: number; maxBytes: number }
  version: string
}

export type Role = 'owner' | 'manager' | 'staff'

export interface Principal {
  principalId: number
  address: string
  name: string | null
  role: Role
  language: Language | null
  timeZone: string | null
  hasMailbox: boolean
  /** A manager's domains; empty for the others. */
  domains: string[]
}

export interface Session {
  principal: Principal
  csrfToken: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

export interface SecondFactorNeeded {
  secondFactor: { methods: string[] }
}

/** RFC 9457, with a stable code and a text in the language asked for. */
export interface ProblemDetails {
  type?: string
  title?: string
  status?: number
  code?: string
  detail?: string
  errors?: { field: string; code?: string; detail: string }[]
}

export interface Page<T> {
  items: T[]
  /** The cursor of what follows; null at the end. */
  next: string | null
}
