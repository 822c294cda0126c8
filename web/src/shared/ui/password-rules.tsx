/** The service's rules of passwords, each ticked as it is met. The service checks again: it also refuses passwords that everyone guesses. */
import { Check, Circle } from 'lucide-react'
import type { Service } from '../api/contract.ts'
import { en, fr } from '../texts/format.ts'
import { defineTexts, useTexts } from '../texts/texts.ts'
import { Icon } from './icon.tsx'
import './password-field.css'

const texts = defineTexts({
  fr: {
    minimum: (count: number) => `Au moins ${fr.plural(count, 'caractère', 'caractères')}`,
    maximum: 'Pas trop long',
    different: 'Différent de l’adresse',
    met: 'respecté',
    unmet: 'pas encore respecté',
  },
  en: {
    minimum: count => `At least ${en.plural(count, 'character', 'characters')}`,
    maximum: 'Not too long',
    different: 'Not the address',
    met: 'met',
    unmet: 'not met yet',
  },
})

type Rules = Service['passwordRules']

/** Which rules `password` meets. Characters are code points, as the service counts. */
export function checkPassword(password: string, rules: Rules, address?: string) {
  const [folded, user] = [password.toLowerCase(), address?.toLowerCase()]
  return {
    minimum: [...password].length >= rules.minCharacters,
    maximum: new TextEncoder().encode(password).length <= rules.maxBytes,
    different: user === undefined || (folded !== user && folded !== user.slice(0, user.lastIndexOf('@'))),
  }
}

export function PasswordRules({ password, rules, address }: { password: string; rules: Rules; address?: string }) {
  const t = useTexts(texts)
  const met = checkPassword(password, rules, address)
  const lines: [string, boolean][] = [[t.minimum(rules.minCharacters), met.minimum]]
  if (!met.maximum) lines.push([t.maximum, false])
  if (address !== undefined) lines.push([t.different, password !== '' && met.different])
  return (
    <ul className="list password-rules">
      {lines.map(([text, done]) => (
        <li key={text} className={done ? 'met' : undefined}>
          <Icon of={done ? Check : Circle} size={14} />
          <span>{text}</span>
          <span className="visually-hidden">({done ? t.met : t.unmet})</span>
        </li>
      ))}
    </ul>
  )
}
