/** What went wrong with a request: the service's problem details, or that it could not be reached. */
import { defineTexts, textsNow } from '../texts/texts.ts'
import type { ProblemDetails } from './contract.ts'

const texts = defineTexts({
  fr: {
    unreachable: 'Le service ne répond pas. Vérifiez votre connexion, puis réessayez.',
    unexpected: 'Une erreur inattendue s’est produite. Réessayez dans un instant.',
  },
  en: {
    unreachable: 'The service can’t be reached. Check your connection, then try again.',
    unexpected: 'Something unexpected went wrong. Try again in a moment.',
  },
})

export interface FieldProblem {
  field: string
  text: string
}

export class ApiProblem extends Error {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  /** Stable, for programs; `unreachable` and `unexpected` are our own. */
  readonly code: string
  readonly fields: readonly FieldProblem[]
  /** Seconds to wait before the next attempt, when the service says so. */
  readonly retryAfter: number | undefined

  constructor(status: number, details: ProblemDetails, retryAfter?: number) {
    super(details.detail ?? details.title ?? textsNow(texts).unexpected)
    this.name = 'ApiProblem'
    this.status = status
    this.code = details.code ?? 'unexpected'
    this.fields = (details.errors ?? []).map(({ field, detail }) => ({ field, text: detail }))
    this.retryAfter = retryAfter
  }
}

export function unreachable(): ApiProblem {
  return new ApiProblem(0, { code: 'unreachable', detail: textsNow(texts).unreachable })
}

/** Whatever was thrown, as something that can be shown. */
export function asProblem(thrown: unknown): ApiProblem {
  return thrown instanceof ApiProblem ? thrown : new ApiProblem(0, { code: 'unexpected' })
}

export async function problemFrom(response: Response): Promise<ApiProblem> {
  const after = Number(response.headers.get('Retry-After') ?? '')
  const retryAfter = after > 0 ? after : undefined
  let details: ProblemDetails = {}
  try {
    if (/\bjson\b/.test(response.headers.get('Content-Type') ?? '')) details = await response.json()
  } catch {
    // A proxy's error page, or an answer cut short: the status is all there is.
  }
  return new ApiProblem(response.status, details, retryAfter)
}
