/** What went wrong with a request: the service's problem details, or that it could not be reached. */
import { defineTexts, textsNow } from '../texts/texts.ts'
import type { ProblemDetails } from './contract.ts'

const texts = defineTexts({
  fr: {
    unreachable: 'Le service ne répond pas. Vérifiez votre connexion, puis réessayez.',
    unexpected: 'Une erreur inattendue s’est produite. Réessayez dans un instant.',
    fields: {
      required: 'Ce champ est à remplir.',
      tooShort: 'C’est trop court.',
      tooLong: 'C’est trop long.',
      tooSmall: 'C’est trop petit.',
      tooLarge: 'C’est trop grand.',
      wrong: 'Cette valeur ne convient pas.',
    },
  },
  en: {
    unreachable: 'The service can’t be reached. Check your connection, then try again.',
    unexpected: 'Something unexpected went wrong. Try again in a moment.',
    fields: {
      required: 'This field is needed.',
      tooShort: 'This is too short.',
      tooLong: 'This is too long.',
      tooSmall: 'This is too small.',
      tooLarge: 'This is too large.',
      wrong: 'This value won’t do.',
    },
  },
})

/** What a schema says is for programmers, and English: by its keyword it is said anew. Whatever else is wrong with a field, the service has put in words. */
const bySchema: Readonly<Record<string, keyof (typeof texts)['fr']['fields']>> = {
  required: 'required',
  'too-short': 'tooShort',
  minItems: 'required',
  'too-long': 'tooLong',
  maxItems: 'tooLong',
  minimum: 'tooSmall',
  exclusiveMinimum: 'tooSmall',
  maximum: 'tooLarge',
  exclusiveMaximum: 'tooLarge',
  anyOf: 'wrong',
  const: 'wrong',
  enum: 'wrong',
  format: 'wrong',
  multipleOf: 'wrong',
  pattern: 'wrong',
  type: 'wrong',
  uniqueItems: 'wrong',
  unknown: 'wrong',
}

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

  /** `message` is what to show: what happened, and what to do about it. */
  constructor(status: number, details: ProblemDetails, retryAfter?: number) {
    const t = textsNow(texts)
    super([details.title, details.detail].filter(Boolean).join(' ') || t.unexpected)
    this.name = 'ApiProblem'
    this.status = status
    this.code = details.code ?? 'unexpected'
    this.fields = (details.errors ?? []).map(({ field, code, message }) => {
      const known = bySchema[code]
      return { field, text: known === undefined ? message : t.fields[known] }
    })
    this.retryAfter = retryAfter ?? details.retryAfterSeconds
  }
}

export function unreachable(): ApiProblem {
  return new ApiProblem(0, { code: 'unreachable', title: textsNow(texts).unreachable })
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
