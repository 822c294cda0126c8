/** Problem details (RFC 9457): a stable code for programs, a text in the reader's language for people. */
import { AccountError } from '../accounts/account-error.ts'
import { DirectoryError } from '../accounts/directory/error.ts'
import type { Scope } from '../accounts/scopes.ts'
import { StoreError } from '../store/store.ts'
import type { Language } from '../store/types/principals.ts'
import { type ProblemCode, problemTexts } from './problem-texts.ts'

export interface FieldError {
  /** The member of the body or query, as `quotaBytes` or `members.0`. */
  field: string
  code: string
  message: string
}

export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail?: string
  errors?: FieldError[]
  retryAfterSeconds?: number
}

/** Thrown by the API itself; services throw errors of their own, which `problemOf` knows. */
export class ApiProblem extends Error {
  override name = 'ApiProblem'
  readonly code: ProblemCode
  readonly values: Readonly<Record<string, string | number>>
  readonly errors: FieldError[] | undefined
  readonly retryAfterSeconds: number | undefined
  constructor(
    code: ProblemCode,
    more: { values?: Record<string, string | number>; errors?: FieldError[]; retryAfterSeconds?: number } = {},
  ) {
    super(code)
    this.code = code
    this.values = more.values ?? {}
    this.errors = more.errors
    this.retryAfterSeconds = more.retryAfterSeconds
  }
}

/** `scopes`: of the token that asks; null for a session. */
export function requireScope(scopes: readonly string[] | null, scope: Scope): void {
  if (scopes !== null && !scopes.includes(scope)) throw new ApiProblem('scope-missing', { values: { scope } })
}

/** null for a defect, which is logged and told in general terms. */
export function problemOf(error: unknown, language: Language): Problem | null {
  if (error instanceof ApiProblem) {
    const { code, values, errors, retryAfterSeconds } = error
    return {
      ...textOf(code, values, language),
      ...(errors && { errors }),
      ...(retryAfterSeconds && { retryAfterSeconds }),
    }
  }
  if (error instanceof AccountError || error instanceof DirectoryError) {
    const problem = textOf(error.code, error.values, language)
    const { field } = error.values
    if (field === undefined) return problem
    return { ...problem, errors: [{ field: String(field), code: error.code, message: problem.title }] }
  }
  if (error instanceof StoreError) {
    if (error.code === 'unavailable') return { ...textOf('unavailable', {}, language), retryAfterSeconds: 5 }
    if (error.code === 'not-found') return textOf('not-found', {}, language)
    if (error.code === 'last-staff') return textOf('last-staff', {}, language)
    if (error.code === 'already-exists') return textOf('already-exists', {}, language)
  }
  return null
}

export function textOf(
  code: ProblemCode,
  values: Readonly<Record<string, string | number>>,
  language: Language,
): Problem {
  const { status, [language]: text } = problemTexts[code]
  const [title, detail] = text
  return {
    type: `urn:facteur:problem:${code}`,
    title: fill(title, values, language),
    status,
    code,
    ...(detail !== undefined && { detail: fill(detail, values, language) }),
  }
}

/** `{name}`, or `{name:size}` for a number of bytes. */
export function fill(text: string, values: Readonly<Record<string, string | number>>, language: Language): string {
  return text.replace(/\{(\w+)(:size)?\}/g, (_, name: string, isSize?: string) => {
    const value = values[name] ?? ''
    return isSize && typeof value === 'number' ? sizeText(value, language) : String(value)
  })
}

/** As `1,5 Go` or `1.5 GB`: in powers of 1024, as quotas are given. */
function sizeText(bytes: number, language: Language): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), 4)
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(bytes / 1024 ** power)
  const units = language === 'fr' ? ['o', 'Ko', 'Mo', 'Go', 'To'] : ['B', 'KB', 'MB', 'GB', 'TB']
  return `${number}\u00a0${units[power]}`
}
