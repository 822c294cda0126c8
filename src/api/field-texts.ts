/** What is wrong with a member of a request, in the reader's language, by the keyword of the schema that it does not meet. */
import type { Language } from '../store/types/principals.ts'

type Text = (limit: number) => string

const characters = { fr: (count: number) => (count > 1 ? 'caractères' : 'caractère'), en: 'characters' }

const texts: Record<string, Record<Language, Text>> = {
  required: { fr: () => 'Ce champ est obligatoire.', en: () => 'This is required.' },
  unknown: { fr: () => 'Ce champ n’est pas attendu ici.', en: () => 'This is not expected here.' },
  type: { fr: () => 'Cette valeur n’est pas du bon type.', en: () => 'This value is not of the right type.' },
  enum: { fr: () => 'Cette valeur ne fait pas partie des choix.', en: () => 'This value is not one of the choices.' },
  pattern: {
    fr: () => 'Cette valeur n’a pas la forme attendue.',
    en: () => 'This value does not have the right form.',
  },
  'too-short': {
    fr: limit => (limit === 1 ? 'Ce champ est obligatoire.' : `Au moins ${limit} ${characters.fr(limit)}.`),
    en: limit => (limit === 1 ? 'This is required.' : `At least ${limit} ${characters.en}.`),
  },
  'too-long': {
    fr: limit => `Au plus ${limit} ${characters.fr(limit)}.`,
    en: limit => `At most ${limit} ${characters.en}.`,
  },
  minimum: { fr: limit => `Au moins ${limit}.`, en: limit => `At least ${limit}.` },
  maximum: { fr: limit => `Au plus ${limit}.`, en: limit => `At most ${limit}.` },
  minItems: {
    fr: limit => `Au moins ${limit} élément${limit > 1 ? 's' : ''}.`,
    en: limit => `At least ${limit} item${limit > 1 ? 's' : ''}.`,
  },
  maxItems: {
    fr: limit => `Au plus ${limit} élément${limit > 1 ? 's' : ''}.`,
    en: limit => `At most ${limit} item${limit > 1 ? 's' : ''}.`,
  },
  minProperties: { fr: () => 'Indiquez au moins un champ.', en: () => 'Give at least one member.' },
}

const other: Record<Language, Text> = {
  fr: () => 'Cette valeur n’est pas acceptée.',
  en: () => 'This value is not accepted.',
}

/** `limit`: what the schema allows, where it is a number. */
export function fieldText(code: string, limit: number, language: Language): string {
  return (texts[code] ?? other)[language](limit)
}
