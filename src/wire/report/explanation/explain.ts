/** Why a message does not arrive, and what to do, from what a server answered. Pure; the same for bounces, trace and panel. */
import { addressTexts } from './address-texts.ts'
import type {
  ClassTexts,
  ExplanationClass,
  ExplanationFacts,
  ExplanationLanguage,
  ExplanationText,
  WhoActs,
} from './classes.ts'
import { messageTexts } from './message-texts.ts'
import { codes, codesBySubject, FRENCH_CODE, frenchCodes, replyCodes, rules } from './rules.ts'
import { senderTexts } from './sender-texts.ts'
import { serverTexts } from './server-texts.ts'

export interface Failure {
  /** Enhanced status code. */
  status: string
  /** The remote answer, or this server's words; lines apart by "\n". Empty where there are none. */
  text: string
  /** `delayed`: this service goes on trying by itself. */
  action: 'failed' | 'delayed'
  /** The recipient's address. */
  address: string
  /** Whether another server said it: a failure of storing is this server's own trouble, else. */
  isRemote: boolean
}

export interface Explanation {
  class: ExplanationClass
  retryUseful: boolean
  whoActs: WhoActs
  texts: Record<ExplanationLanguage, ExplanationText>
}

export const allTexts: Record<ExplanationClass, ClassTexts> = {
  ...addressTexts,
  ...messageTexts,
  ...senderTexts,
  ...serverTexts,
}

const waiting: Record<ExplanationLanguage, string> = {
  fr: 'Vous n’avez rien à faire : notre serveur réessaie tout seul. Ne renvoyez pas le message, il arriverait deux fois.',
  en: 'There is nothing for you to do: our server goes on trying by itself. Do not send the message again, it would arrive twice.',
}

export function explain(failure: Failure): Explanation {
  const name = classify(failure)
  const texts = allTexts[name]
  const facts = factsOf(failure.address)
  const textIn = (language: ExplanationLanguage): ExplanationText => {
    const text = texts.text[language](facts)
    return failure.action === 'delayed' ? { ...text, todo: texts.waiting?.[language] ?? waiting[language] } : text
  }
  return {
    class: name,
    retryUseful: texts.retryUseful,
    whoActs: failure.action === 'delayed' && texts.whoActs !== 'recipient' ? 'nobody' : texts.whoActs,
    texts: { fr: textIn('fr'), en: textIn('en') },
  }
}

/** What is looked at of an answer: more than any provider writes before it comes to the point. */
const EXAMINED_CHARACTERS = 2_000

export function classify({ status, text, isRemote }: Pick<Failure, 'status' | 'text' | 'isRemote'>): ExplanationClass {
  const [kind = '', subject = '', detail = ''] = status.split('.')
  const code = `${subject}.${detail}`
  const answer = oneLine(text)
  const digits = FRENCH_CODE.exec(answer)?.[1]
  const french = digits === undefined ? undefined : (frenchCodes[digits] ?? frenchCodes[`${digits.slice(0, 2)}x`])
  if (french) return french
  const passing = kind === '4'
  const found = rules.find(
    rule =>
      (rule.passing === undefined || rule.passing === passing) &&
      (rule.status === undefined || rule.status.test(code)) &&
      rule.text.test(answer),
  )
  const name = found?.class ?? byCode(code, subject, answer)
  return !isRemote && (name === 'server-trouble' || name === 'protocol-error') ? 'local-trouble' : name
}

function byCode(code: string, subject: string, answer: string): ExplanationClass {
  const known = codes[code] ?? (code === '0.0' ? undefined : codesBySubject[subject])
  return known ?? replyCodes[/^\d{3}/.exec(answer)?.[0] ?? ''] ?? 'unknown'
}

/**
 * Sentences go on over the lines of a reply, each line with its codes; addresses are taken out, since "spam@" is no
 * reason. What is left is in lower case.
 */
function oneLine(text: string): string {
  return text
    .slice(0, EXAMINED_CHARACTERS)
    .replace(/\n\d{3}[ -](?:[245]\.\d{1,3}\.\d{1,3}(?: |$))?/g, ' ')
    .replace(/[^\s<>()[\]:;,"']{1,64}@[^\s<>()[\]:;,"']{1,255}/g, '@')
    .replace(/\s+/g, ' ')
    .toLowerCase()
}

/** Of an address of any form. Without what could act on a terminal or turn the text around it. */
function factsOf(given: string): ExplanationFacts {
  const address = given.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
  const at = address.lastIndexOf('@')
  return { address, domain: at < 0 ? address : address.slice(at + 1) }
}
