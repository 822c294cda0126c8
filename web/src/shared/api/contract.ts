/** The shapes of what every page knows, taken from the API itself. */
import type { FieldError, Problem } from '../../../../src/api/problem.ts'
import type { ServiceAnswer } from '../../../../src/api/service.ts'
import type { SessionAnswer } from '../../../../src/api/session.ts'

export type Service = ServiceAnswer
export type Session = SessionAnswer
export type Principal = SessionAnswer['principal']
export type Role = Principal['role']
/** RFC 9457, with a stable code and texts in the language asked for. */
export type ProblemDetails = Partial<Problem>
export type FieldDetails = FieldError

/** Instead of a session: the password was right, and not enough. */
export interface SecondFactorNeeded {
  secondFactor: {
    methods: ('passkey' | 'code' | 'recovery-code')[]
    /** For the second step. */
    token: string
  }
}

export interface Page<T> {
  items: T[]
  /** The cursor of what follows; null at the end. */
  next: string | null
}
