/** Words of filters that stopped at an error. */
import { en, fr } from '../../shared/texts/format.ts'
import { defineTexts } from '../../shared/texts/texts.ts'

const messageFr = (sender: string): string => (sender === '' ? 'un rapport automatique' : `un message de ${sender}`)
const messageEn = (sender: string): string => (sender === '' ? 'an automatic report' : `a message from ${sender}`)

export const failureTexts = defineTexts({
  fr: {
    title: 'Arrêt sur une erreur',
    what: (at: string, sender: string, mailbox: string | null) =>
      `${[`Le ${at}, une erreur a arrêté ces filtres pour`, messageFr(sender), mailbox && `à ${mailbox}`]
        .filter(Boolean)
        .join(' ')}.`,
    kept: 'Il a été gardé dans la boîte de réception.',
    wentOn: 'Il n’a été ni refusé ni supprimé, et a continué son chemin.',
    inScript: (script: string, line: number, column: number) =>
      `${script === '' ? 'L' : `Script ${script}, l`}igne ${line}, colonne ${column} :`,
    inRule: (name: string) => `Règle « ${name} » :`,
    messages: (count: number) =>
      `${fr.plural(count, 'message arrêté', 'messages arrêtés')} depuis la dernière modification.`,
  },
  en: {
    title: 'Stopped by an error',
    what: (at, sender, mailbox) =>
      `${[`On ${at} an error stopped these filters for`, messageEn(sender), mailbox && `to ${mailbox}`]
        .filter(Boolean)
        .join(' ')}.`,
    kept: 'It was kept in the inbox.',
    wentOn: 'It was neither refused nor discarded, and went on.',
    inScript: (script, line, column) => `${script === '' ? 'L' : `Script ${script}, l`}ine ${line}, column ${column}:`,
    inRule: name => `Rule “${name}”:`,
    messages: count => `${en.plural(count, 'message', 'messages')} stopped since the last change.`,
  },
})
