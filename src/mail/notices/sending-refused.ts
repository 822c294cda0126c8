import type { RefusedSending } from '../../accounts/notices.ts'
import type { Language } from '../../store/types/principals.ts'
import type { NoticePart, NoticeTexts } from './text.ts'

export const sendingRefused: NoticeTexts<'sending-refused'> = {
  fr: ({ address, count, refusals }, { time }) => ({
    subject: `Envois refusés pour ${address}`,
    parts: [
      'Bonjour,',
      count === 1
        ? `Un message que ${address} voulait envoyer a été refusé. Le logiciel qui l’envoie a reçu cette réponse, mais ne l’a peut-être montrée à personne.`
        : `${count} envois depuis ${address} ont été refusés. Le logiciel qui les fait a reçu ces réponses, mais ne les a peut-être montrées à personne.`,
      ...refusals.flatMap(refusal => parts(refusal, 'fr', time(refusal.at))),
      ...more(count, refusals, 'fr'),
      'Cette adresse reçoit ces avis, une fois par heure au plus, parce qu’elle est réglée dans les paramètres de la boîte.',
    ],
  }),
  en: ({ address, count, refusals }, { time }) => ({
    subject: `Sending refused for ${address}`,
    parts: [
      'Hello,',
      count === 1
        ? `A message that ${address} wanted to send was refused. The program that sends it was given this answer, but may have shown it to nobody.`
        : `${count} times, sending from ${address} was refused. The program that sends was given these answers, but may have shown them to nobody.`,
      ...refusals.flatMap(refusal => parts(refusal, 'en', time(refusal.at))),
      ...more(count, refusals, 'en'),
      'This address gets these notices, once an hour at most, because it is set in the settings of the mailbox.',
    ],
  }),
}

const names = {
  fr: { at: 'Quand', recipient: 'Destinataire', answer: 'Réponse', count: 'Nombre' },
  en: { at: 'When', recipient: 'Recipient', answer: 'Answer', count: 'Times' },
}

function parts({ recipient, answer, count, texts }: RefusedSending, language: Language, at: string): NoticePart[] {
  const name = names[language]
  const facts: (readonly [string, string])[] = [[name.at, at]]
  if (recipient !== null) facts.push([name.recipient, recipient])
  facts.push([name.answer, answer])
  if (count > 1) facts.push([name.count, String(count)])
  const { what, why, todo } = texts[language]
  return [{ facts }, `${what} ${why} ${todo}`]
}

function more(count: number, refusals: readonly RefusedSending[], language: Language): string[] {
  const others = count - refusals.reduce((sum, refusal) => sum + refusal.count, 0)
  if (others <= 0) return []
  return [
    language === 'fr'
      ? `Et ${others} autre${others > 1 ? 's' : ''}, semblable${others > 1 ? 's' : ''} ou non.`
      : `And ${others} more, alike or not.`,
  ]
}
