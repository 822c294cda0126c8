/** The language of whoever wrote a message, by its header: Accept-Language, else Content-Language (RFC 3282). Pure. */
import { fieldText, readHeader } from '../mime/header.ts'
import type { ExplanationLanguage } from './explanation/classes.ts'

/** null where neither field names one that reports are written in. */
export function languageOf(header: Uint8Array): ExplanationLanguage | null {
  const { fields } = readHeader(header)
  for (const name of ['accept-language', 'content-language']) {
    const field = fields.find(each => each.name.toLowerCase() === name)
    const language = field ? preferred(fieldText(header, field)) : null
    if (language !== null) return language
  }
  return null
}

/** Of a list as `fr-FR, en;q=0.5` (RFC 3282 §3). */
function preferred(list: string): ExplanationLanguage | null {
  let best: { language: ExplanationLanguage; weight: number } | null = null
  for (const item of list.toLowerCase().split(',')) {
    const [tag = '', ...parameters] = item.split(';').map(part => part.trim())
    const primary = tag.split('-')[0]
    if (primary !== 'fr' && primary !== 'en') continue
    const given = parameters.find(parameter => parameter.startsWith('q='))
    const weight = given === undefined ? 1 : Number(given.slice(2))
    if (weight > (best?.weight ?? 0)) best = { language: primary, weight }
  }
  return best?.language ?? null
}
